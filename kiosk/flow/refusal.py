"""A refusal that belongs at a field (a wrong PIN, a wrong code) rather than over the whole page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from kiosk.errors import SignInFault
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


def answering(done: Callable[[T | Refused | Exception], None]) -> Callable[[T | Exception], None]:
    """A callback that hands on a SignInFault as an answer; every other fault goes on being one."""

    def arrived(outcome: T | Exception) -> None:
        done(Refused(outcome) if isinstance(outcome, SignInFault) else outcome)

    return arrived


def refusal_of(check: Callable[[], object]) -> Refused | None:
    """What ``check`` refuses with, or None; for checks that take no time."""
    try:
        check()
    except SignInFault as fault:
        return Refused(fault)
    return None
