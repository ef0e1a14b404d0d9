"""What can go wrong, drawn once.

::

    Exception
    ├── Fault                    the world's doing: a person gets a title and what to do next
    │   ├── StoreFault           disk full, damaged or newer database, locked data folder
    │   ├── FormFault            a form that cannot run
    │   ├── PackFault            a pack that cannot be installed
    │   ├── SealFault            a sealed value that does not open: wrong key, or tampered
    │   ├── SignInFault          wrong PIN, too many tries
    │   ├── PrintFault           no printer, printer refuses
    │   ├── VoiceFault           no voice, no sound device
    │   ├── ComputerFault        the computer does not switch off
    │   ├── LineFault            no network, captive portal, hub unreachable
    │   └── HubFault             the hub answered, and the answer cannot be used
    └── (anything else)          a bug: journalled, the screen falls back to a safe page

A fault's words are message ids of ``assets/texts``; ``kiosk.texts`` puts them into a person's language.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be translated later: the English message id and what fills its ``{gaps}``."""

    msgid: str
    gaps: dict[str, str | int] = field(default_factory=dict)


class Fault(Exception):
    """What happened (``title``) and what to do (``advice``), in words for a person.

    ``detail`` is for staff and the log; it never holds anything that an applicant said.
    """

    def __init__(self, title: Message, advice: Message, detail: str = "") -> None:
        super().__init__(title.msgid.format(**title.gaps) + (f" ({detail})" if detail else ""))
        self.title = title
        self.advice = advice
        self.detail = detail


class StoreFault(Fault):
    """The data folder cannot be used as it is."""


class FormFault(Fault):
    """A form that cannot run."""


class PackFault(Fault):
    """A pack that cannot be installed."""


class SealFault(Fault):
    """A sealed value that does not open."""


class SignInFault(Fault):
    """Somebody could not be signed in, or a code did not open anything."""


class PrintFault(Fault):
    """Nothing came out of a printer."""


class VoiceFault(Fault):
    """The voice is off."""


class ComputerFault(Fault):
    """The computer does not do what it was asked."""


class LineFault(Fault):
    """There is no way to the hub at present."""


class HubFault(Fault):
    """The hub answered, but not with something that can be used."""
