"""Made-up national numbers that pass their own checks."""

from random import Random

from kiosk.forms.number import is_valid

MOST_TRIES = 20_000
_RRN_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def national_number(kind: str, random: Random) -> str:
    """A number that ``is_valid`` for its kind; random digits where none was found."""
    if kind == "kr.rrn":
        year, month, day = random.randint(30, 60), random.randint(1, 12), random.randint(1, 28)
        first = f"{year:02d}{month:02d}{day:02d}{random.randint(1, 2)}{random.randint(0, 95):02d}"
        first += f"{random.randint(0, 999):03d}"
        check = sum(int(digit) * weight for digit, weight in zip(first, _RRN_WEIGHTS, strict=True))
        return f"{first}{(11 - check % 11) % 10}"
    number = ""
    for _ in range(MOST_TRIES):
        number = "".join(random.choice("0123456789") for _ in range(random.choice((9, 10, 11, 12))))
        if is_valid(kind, number):
            return number
    return number
