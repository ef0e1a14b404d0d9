"""National identification numbers, checked with python-stdnum."""

import re
from functools import cache
from importlib import import_module
from types import ModuleType

_KIND = re.compile(r"[a-z]{2,8}(?:\.[a-z][a-z0-9_]{0,30}){1,2}\Z")


@cache
def _module(kind: str) -> ModuleType | None:
    if not _KIND.match(kind):
        return None
    try:
        module = import_module(f"stdnum.{kind}")
    except ImportError:
        return None
    return module if hasattr(module, "validate") else None


def is_known(kind: str) -> bool:
    """Whether there is a check for a kind such as ``kr.rrn`` or ``us.ssn``."""
    return _module(kind) is not None


def is_valid(kind: str, number: str) -> bool:
    """Whether ``number`` can be one of its kind: length, digits, check digit. An unknown kind passes."""
    from stdnum.exceptions import ValidationError

    module = _module(kind)
    if module is None:
        return True
    try:
        module.validate(number)
    except ValidationError:
        return False
    return True
