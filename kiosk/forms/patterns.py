"""Made-up texts that match a form's own patterns."""

import re
from random import Random

_ATOM = re.compile(
    r"(?P<cls>\[(?:\\.|[^\]])+\])|(?P<esc>\\.)|(?P<grp>\((?:\?:)?(?P<in>[^()]*)\))|(?P<any>\.)|(?P<one>[^\\\[\](){}*+?|^$])"
)
_TIMES = re.compile(r"\{(\d+)(?:,(\d*))?\}|[*+?]")


def matching(pattern: str, random: Random) -> str:
    """A text that a simple pattern matches: classes, escapes, groups, alternatives, repetition."""
    body = pattern.strip().removeprefix("^").removesuffix("$")
    parts = _alternatives(body)
    body = random.choice(parts)
    text: list[str] = []
    at = 0
    while at < len(body):
        match = _ATOM.match(body, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        least, most = 1, 1
        if times := _TIMES.match(body, at):
            at = times.end()
            least, most = _range(times)
        text += [_atom(match, random) for _ in range(random.randint(least, most))]
    return "".join(text)


def _alternatives(body: str) -> list[str]:
    depth, parts = 0, [""]
    for letter in body:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _range(times: re.Match[str]) -> tuple[int, int]:
    match times[0]:
        case "*":
            return 0, 3
        case "+":
            return 1, 4
        case "?":
            return 0, 1
    least = int(times[1])
    if times[2] is None:
        return least, least
    return least, int(times[2]) if times[2] else least + 2


def _atom(match: re.Match[str], random: Random) -> str:
    if match["cls"]:
        return _from_class(match["cls"][1:-1], random)
    if match["esc"]:
        return {"d": str(random.randint(0, 9)), "w": random.choice("abcxyz019"), "s": " "}.get(
            match["esc"][1], match["esc"][1]
        )
    if match["grp"]:
        return matching(match["in"], random)
    return random.choice("abc123") if match["any"] else match["one"]


def _from_class(inside: str, random: Random) -> str:
    if inside.startswith("^"):
        allowed = [letter for letter in "abcXYZ059 -" if not re.match(f"[{inside[1:]}]", letter)]
        return random.choice(allowed or ["a"])
    letters: list[str] = []
    for match in re.finditer(r"\\(.)|(.)-([^\]])|(.)", inside):
        if match[1]:
            letters += {"d": list("0123456789"), "w": list("abcxyz"), "s": [" "]}.get(match[1], [match[1]])
        elif match[2]:
            letters += [
                chr(code) for code in range(ord(match[2]), min(ord(match[3]), ord(match[2]) + 60) + 1)
            ]
        else:
            letters.append(match[4])
    return random.choice(letters or ["a"])
