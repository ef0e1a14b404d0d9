"""A refusal that belongs at a field (a wrong PIN, a wrong code) rather than over the whole page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from kiosk.errors import SignInFault
from kiosk.flow.presenter import Stage
from kiosk.flow.view import FieldError
from kiosk.texts import Texts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refused:
    fault: SignInFault

    def errors(self, field: str, texts: Texts) -> tuple[FieldError, ...]:
        """What happened, at the field and above the question in the same words; then what to do."""
        return (
            FieldError(field, texts.message(self.fault.title)),
            FieldError("", texts.message(self.fault.advice)),
        )


def wait_or_refuse(
    stage: Stage,
    start: Callable[[Callable[[T | Exception], None]], None],
    accepted: Callable[[T], None],
    refused: Callable[[Refused], None],
) -> None:
    """As ``stage.wait_for``, but a SignInFault goes to ``refused``; every other fault shows as a fault."""

    def begin(done: Callable[[Callable[[], None] | Exception], None]) -> None:
        def arrived(outcome: T | Exception) -> None:
            if isinstance(outcome, SignInFault):
                refusal = Refused(outcome)
                done(lambda: refused(refusal))
            elif isinstance(outcome, Exception):
                done(outcome)
            else:
                done(lambda: accepted(outcome))

        start(arrived)

    stage.wait_for(begin, lambda then: then())


def refusal_of(check: Callable[[], object]) -> Refused | None:
    """What ``check`` refuses with, or None; for checks that take no time."""
    try:
        check()
    except SignInFault as fault:
        return Refused(fault)
    return None
