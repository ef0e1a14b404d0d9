"""Runs recorded XPath cases: ``python -m tests.conformance.xpath FILE… [--failures]``.

A file holds ``docs`` (XML by key) and ``cases``; its ``meta`` explains the fields.
"""

import argparse
import json
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.forms.xpath import Node, Scope, XPathError, compile_expression
from kiosk.forms.xpath.dates import moment_of
from kiosk.forms.xpath.nodes import Type
from kiosk.forms.xpath.values import to_boolean, to_number, to_string
from tests.conformance.dom import document

_ANSWERED_BY_XPATH_1 = re.compile(r"string-length\(\)|number\(\)|/union \||true\(5\)")
JR = "http://openrosa.org/javarosa"


@dataclass(slots=True)
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list[str] = field(default_factory=list)

    def line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def locate(document: Node, locator: str) -> Node:
    """The node of a locator such as ``/*[1]/*[2]/@*[name()='id']`` or ``/``."""
    node = document
    for step in re.findall(r"/((?:[^/\[]|\[[^\]]*\])+)", locator):
        if match := re.fullmatch(r"@\*\[name\(\)='(.*)'\]", step):
            node = next(each for each in node.attributes if each.name == match[1])
            continue
        match = re.fullmatch(r"(\*|text\(\)|comment\(\)|processing-instruction\(\))\[(\d+)\]", step)
        assert match, locator
        type_ = {
            "*": Type.ELEMENT,
            "text()": Type.TEXT,
            "comment()": Type.COMMENT,
            "processing-instruction()": Type.INSTRUCTION,
        }[match[1]]
        node = [each for each in node.children if each.type is type_][int(match[2]) - 1]
    return node


def locator_of(node: Node) -> str:
    names = {
        Type.ELEMENT: "*",
        Type.TEXT: "text()",
        Type.COMMENT: "comment()",
        Type.INSTRUCTION: "processing-instruction()",
        Type.DOCTYPE: "node-type-10",
    }
    steps: list[str] = []
    while node.parent is not None:
        if node.type is Type.ATTRIBUTE:
            steps.append(f"@*[name()='{node.name}']")
        else:
            alike = [each for each in node.parent.children if each.type is node.type]
            steps.append(f"{names[node.type]}[{next(i for i, n in enumerate(alike, 1) if n is node)}]")
        node = node.parent
    return "/" + "/".join(reversed(steps))


def _elements(node: Node) -> Iterator[Node]:
    yield from (each for each in node.descendants() if each.type is Type.ELEMENT)


def scope_for(case: dict[str, Any], whole: Node) -> Scope:
    instances = {
        attribute.text: each
        for each in _elements(whole)
        if each.local == "instance"
        for attribute in each.attributes
        if attribute.local == "id"
    }

    def itext(key: str) -> list[Node]:
        translations = [each for each in _elements(whole) if each.local == "translation"]
        chosen = next(
            (
                t
                for t in translations
                if any(a.local == "lang" and a.text == case.get("language") for a in t.attributes)
            ),
            None,
        ) or next(
            (t for t in translations if any(a.local == "default" for a in t.attributes)),
            translations[0] if translations else None,
        )
        if chosen is None:
            return []
        return [
            value
            for text in chosen.named("text")
            if any(a.local == "id" and a.text == key for a in text.attributes)
            for value in text.named("value")
        ]

    now = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=case.get("now_ms") or 1_795_297_863_000)
    root = locate(whole, case.get("root") or "/") if case.get("xforms") else whole
    return Scope(
        root=root,
        now=now,
        zone=ZoneInfo(case.get("tz") or "UTC"),
        instances=instances,
        itext=itext,
        namespaces=case.get("namespaces") or {},
    )


def skipped(case: dict[str, Any]) -> bool:
    if case.get("reference_fails") or case.get("volatile") or case.get("engines_agree") is False:
        return True
    return bool(
        case["type"] == "throws"
        and case.get("suite", "").startswith("javarosa")
        and _ANSWERED_BY_XPATH_1.search(case["expression"])
    )


def outcome(case: dict[str, Any], whole: Node) -> tuple[bool, str]:
    """Whether the case holds, and what was got."""
    scope = scope_for(case, whole)
    node = locate(whole, case.get("context") or "/")
    kind = case["type"]
    try:
        compiled = compile_expression(case["expression"])
        value = compiled.value(node, scope)
        text = compiled.string(node, scope) if kind.startswith("string") else ""
    except XPathError as error:
        return kind in ("throws", "error"), f"refused: {error}"
    expected: Any = case.get("expected")
    match kind:
        case "throws" | "error":
            return False, repr(value)
        case "boolean":
            return to_boolean(value) is expected, repr(to_boolean(value))
        case "number":
            number = to_number(value, scope)
            return _same_number(number, expected, case.get("abs_tol")), repr(number)
        case "number-rounded":
            number = to_number(value, scope)
            factor = case["factor"]
            return math.floor(number * factor + 0.5) / factor == expected, repr(number)
        case "string":
            return text == expected, repr(text)
        case "string-length":
            return len(text) == expected, repr(text)
        case "string-matches":
            return re.search(expected, text) is not None, repr(text)
        case "date":
            return to_string(value)[:10] == expected[:10], repr(to_string(value))
        case "datetime":
            moments = [moment_of(each, scope.zone) for each in (to_string(value), str(expected))]
            return moments[0] is not None and moments[0] == moments[1], repr(to_string(value))
        case "nodeset" | "nodeset-unordered" | "first-node":
            if not isinstance(value, list):
                return False, repr(value)
            if case.get("nodeset_as") == "string-values":
                return [n.value() for n in value] == expected, repr([n.value() for n in value])
            got = [locator_of(each) for each in value]
            if kind == "first-node":
                return got[:1] == [expected] or got[:1] == expected, repr(got[:1])
            if kind == "nodeset-unordered":
                return sorted(got) == sorted(expected), repr(got)
            return got == expected, repr(got)
    return False, f"no type {kind!r}"


def _same_number(got: float, expected: float | str, tolerance: float | None) -> bool:
    wanted = float(expected)
    if math.isnan(wanted):
        return math.isnan(got)
    if tolerance is not None and math.isfinite(wanted):
        return abs(got - wanted) <= tolerance
    return got == wanted


def run(paths: list[Path]) -> Tally:
    tally = Tally()
    for path in paths:
        recorded = json.loads(path.read_text())
        docs: dict[str, Node] = {}
        for case in recorded["cases"]:
            if skipped(case):
                tally.skipped += 1
                continue
            key = case["doc"]
            try:
                if key not in docs:
                    docs[key] = document(recorded["docs"][key])
                good, got = outcome(case, docs[key])
            except Exception as error:
                good, got = False, f"broke: {error!r}"
            if good:
                tally.passed += 1
            else:
                tally.failed += 1
                tally.failures.append(
                    f"#{case.get('id')} {case['expression']!r} as {case['type']}: "
                    f"expected {case.get('expected')!r}, got {got}  [{case.get('file')}]"
                )
    return tally


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.xpath", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--failures", action="store_true", help="list each with expected and got")
    options = parser.parse_args(arguments)
    tally = run(options.files)
    if options.failures:
        print("\n".join(tally.failures))
    print(tally.line())
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
