"""What operators know: PINs and printed codes, and how slow it is to guess one."""

import json
import re
import secrets
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from stdnum import damm

from kiosk.errors import Message, SignInFault
from kiosk.store.sealing import KEY_BYTES, Sealer
from kiosk.texts import N_

PIN_DIGITS = 6
SALT_BYTES = 16
FIRST_START_DIGITS = 16
RECOVERY_DIGITS = 28


@dataclass(frozen=True, slots=True)
class Argon2Parameters:
    """Argon2id (RFC 9106): passes, KiB of memory, lanes. The defaults take about 0.4 s on two cores."""

    passes: int = 4
    memory_kib: int = 96 * 1024
    lanes: int = 1

    def to_json(self) -> str:
        return json.dumps({"passes": self.passes, "memory_kib": self.memory_kib, "lanes": self.lanes})

    @staticmethod
    def from_json(text: str) -> "Argon2Parameters":
        found = json.loads(text)
        return Argon2Parameters(int(found["passes"]), int(found["memory_kib"]), int(found["lanes"]))


def stretched(secret: bytes, salt: bytes, parameters: Argon2Parameters) -> Sealer:
    """A sealer under Argon2id of ``secret``: slow on purpose."""
    # Half of a cold start would be spent on loading what only a sign-in needs.
    from argon2.low_level import Type, hash_secret_raw

    return Sealer(
        hash_secret_raw(
            secret,
            salt,
            time_cost=parameters.passes,
            memory_cost=parameters.memory_kib,
            parallelism=parameters.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    )


def new_first_start_code() -> str:
    return _new_code(FIRST_START_DIGITS)


def new_recovery_code() -> str:
    """93 bits: opens the centre's key on any machine, without a device secret."""
    return _new_code(RECOVERY_DIGITS)


def in_groups(code: str) -> str:
    """As it is read and typed: four digits at a time."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def typed_code(typed: str, digits: int) -> str:
    """Blanks and dashes are forgiven, other scripts' digits are understood.

    Raises :class:`SignInFault` for a wrong length or check digit, before any slow work is done.
    """
    code = "".join(
        str(unicodedata.digit(sign)) if unicodedata.digit(sign, None) is not None else sign
        for sign in re.sub(r"[\s\-–—]+", "", typed)
    )
    if len(code) != digits or not code.isascii() or not damm.is_valid(code):
        raise SignInFault(
            Message(N_("This code is not complete, or a digit is wrong.")),
            Message(N_("Please compare it with the paper, four digits at a time, and type it again.")),
        )
    return code


def _new_code(digits: int) -> str:
    number = "".join(secrets.choice("0123456789") for _ in range(digits - 1))
    return number + damm.calc_check_digit(number)


def check_pin(pin: str) -> None:
    """Raises :class:`SignInFault` for a PIN that is too short or among the first that anybody tries."""
    if len(pin) < PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        raise SignInFault(
            Message(N_("A PIN needs at least {digits} digits."), {"digits": PIN_DIGITS}),
            Message(N_("Please choose a longer one.")),
        )
    if _silly(pin):
        raise SignInFault(
            Message(N_("This PIN is too easy to guess.")),
            Message(N_("Please choose one that is not a row, a repetition or a date.")),
        )


_FAMILIAR = frozenset(
    {"112358", "123321", "123654", "135790", "147258", "147852", "159357", "159753", "246810", "258456"}
    | {"314159", "321654", "456789", "741852", "789456", "963852", "147258369", "987654321"}
)


def _silly(pin: str) -> bool:
    if pin in _FAMILIAR:
        return True
    if any(pin == pin[:width] * (len(pin) // width) for width in (1, 2, 3) if len(pin) % width == 0):
        return True
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 or pin == pin[::-1]:
        return True
    pairs = [pin[at : at + 2] for at in range(0, len(pin), 2)]
    if all(pair[0] == pair[-1] for pair in pairs):
        return True
    return _looks_like_a_date(pin)


def _looks_like_a_date(pin: str) -> bool:
    if len(pin) == PIN_DIGITS:
        orders = ((pin[:2], pin[2:4]), (pin[2:4], pin[:2]), (pin[4:], pin[2:4]))
    elif len(pin) == 8 and (pin[:2] in ("19", "20") or pin[4:6] in ("19", "20")):
        body = pin[4:] if pin[:2] in ("19", "20") else pin[:4]
        orders = ((body[:2], body[2:]), (body[2:], body[:2]), (body[:2], body[2:]))
    else:
        return False
    return any(1 <= int(day) <= 31 and 1 <= int(month) <= 12 for day, month in orders)
