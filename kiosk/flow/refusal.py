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


def or_refused(work: Callable[[], T]) -> Callable[[], T | Refused]:
    """``work``, with a SignInFault as a result; every other fault goes on being one."""

    def attempt() -> T | Refused:
        try:
            return work()
        except SignInFault as fault:
            return Refused(fault)

    return attempt
