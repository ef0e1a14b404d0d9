"""Regular expressions as forms write them (ECMAScript's and Java's).

RE2 matches them in time that grows with the answer alone: a constraint such as ``(a+)+$`` would otherwise
freeze a kiosk on forty letters. What RE2 does not have (looking ahead and back, back-references) goes to
Python's ``re``.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import re2

from kiosk.forms.xpath.fault import XPathError

_CLASSES = {
    "L": r"a-zA-Zªµºß-öø-ÿÀ-ÖØ-ÞĀ-ʯͰ-Ͽ\u0400-\u052F\u0530-\u058F\u05D0-\u05EA\u0620-\u064A\u0900-\u0DFF"
    r"\u0E00-\u0EFF\u1100-\u11FF\u1E00-\u1FFF\u3040-\u30FF\u3130-\u318F\u4E00-\u9FFF\uAC00-\uD7A3",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Lower": "a-z",
    "Upper": "A-Z",
    "Punct": r"!-/:-@\[-`{-~",
    "Space": r"\s",
    "N": "0-9",
    "Nd": "0-9",
    "Lu": r"A-ZÀ-ÖØ-Þ\u0400-\u042F",
    "Ll": r"a-zß-öø-ÿ\u0430-\u045F",
    "IsCyrillic": r"\u0400-\u052F",
    "InCyrillic": r"\u0400-\u04FF",
    "IsHangul": r"\u1100-\u11FF\u3130-\u318F\uAC00-\uD7A3",
    "IsAlphabetic": "",
}
_CLASSES["IsAlphabetic"] = _CLASSES["L"]
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_RE2_ESCAPES = {"Z": r"\z", "/": "/"}


def matches(text: str, pattern: str) -> bool:
    """Whether ``pattern`` is found anywhere in ``text`` (ODK Web Forms; JavaRosa wants all of it)."""
    return _compiled(pattern)(text) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Callable[[str], object | None]:
    try:
        in_python = re.compile(_in_python(pattern), re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise XPathError(f"regex() cannot read {pattern!r}: {error}") from error
    options = re2.Options()
    options.log_errors = False
    try:
        search: Callable[[str], object | None] = re2.compile(_in_re2(pattern), options).search
    except re2.error:
        return in_python.search
    return search


def _in_re2(pattern: str) -> str:
    """The escapes that RE2 writes otherwise."""

    def written(match: re.Match[str]) -> str:
        return rf"\x{{{match[1]}}}" if match[1] else _RE2_ESCAPES.get(match[2], match[0])

    return _ESCAPE.sub(written, pattern)


def _in_python(pattern: str) -> str:
    pieces: list[str] = []
    in_class = False
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        following = pattern[at + 1] if at + 1 < len(pattern) else ""
        if letter == "\\" and following in "pP":
            named = re.match(r"\{(\w+)\}|(\w)", pattern[at + 2 :])
            inside = _CLASSES.get((named[1] or named[2]) if named else "")
            if named is None or inside is None:
                raise re.error(f"no class {pattern[at:]}")
            pieces.append(inside if in_class else f"[{'^' if following == 'P' else ''}{inside}]")
            at += 2 + named.end()
            continue
        if letter == "\\":
            pieces.append({"Z": r"\Z", "z": r"\Z", "/": "/"}.get(following, letter + following))
            at += 2
            continue
        if letter == "[":
            # A bracket within a class is a letter to ECMAScript, a warning to Python.
            pieces.append(r"\[" if in_class else "[")
            in_class = True
        elif letter == "]":
            pieces.append(letter)
            in_class = False
        elif letter == "$" and not in_class:
            pieces.append(r"\Z")
        elif (
            pattern.startswith("(?<", at) and following == "?" and pattern[at + 3 : at + 4] not in ("=", "!")
        ):
            pieces.append("(?P<")
            at += 3
            continue
        elif in_class and letter in "&|~-" and following == letter:
            pieces.append("\\" + letter)
        else:
            pieces.append(letter)
        at += 1
    return "".join(pieces)
