"""Replays recorded form traces: ``python -m tests.conformance.traces FILE… [--failures]``.

A file holds ``forms``, ``traces`` and ``notes``, which explain the replay. After every step the whole
observable state is compared: relevance, required, read-only, values, labels, hints, choices, violations,
screen order, language, and at the end the submission.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from kiosk.errors import FormFault
from kiosk.forms import (
    AddRepeat,
    Answer,
    ChangeLanguage,
    Form,
    Opening,
    QuestionKind,
    Ref,
    RemoveRepeat,
    Session,
    ViolationKind,
    parse_form,
)
from kiosk.forms.definition import Text
from kiosk.forms.instance import InstanceNode, ref_of
from kiosk.forms.typed import recorded
from kiosk.forms.xpath import XPathError, grammar
from tests.conformance.xpath import Tally

_ELEMENTS = {"select1": "select", "input": "input"}
_VIOLATIONS = {ViolationKind.REQUIRED: "required"}


class Observer:
    """A session as the recorder of the traces saw one: a snapshot of each node."""

    def __init__(self, form: Form, session: Session) -> None:
        self._form = form
        self._session = session

    def nodes(self) -> dict[str, dict[str, Any]]:
        root = self._session.node(f"/{self._form.root.name}")
        return {each["ref"]: each for each in self._below(root)}

    def _below(self, node: InstanceNode) -> Iterator[dict[str, Any]]:
        yield self._snapshot(node)
        definitions = list(node.definition.children.values())
        if not definitions:
            return
        for definition in definitions:
            members = [each for each in node.named(definition.local) if isinstance(each, InstanceNode)]
            for each in members:
                yield from self._below(each)
            if definition.is_repeat:
                yield self._range(node, definition.name, len(members))
        known = {id(each) for definition in definitions for each in node.named(definition.local)}
        for child in node.members:
            if id(child) not in known:
                yield from self._below(child)

    def _range(self, parent: InstanceNode, name: str, count: int) -> dict[str, Any]:
        ref = Ref(f"{ref_of(parent)}/{name}")
        definition = parent.definition.child(name)
        assert definition is not None
        control = definition.control
        open_ = self._session._asking.is_open(parent, definition)
        entry: dict[str, Any] = {
            "ref": ref,
            "type": "repeat-range:"
            + ("controlled" if control is not None and (control.count or control.fixed) else "uncontrolled"),
            "relevant": open_,
            "required": False,
            "readonly": self._session._asking.is_readonly(parent),
            "count": count,
        }
        if control is not None:
            label = self._session.repeat(ref).label
            if label:
                entry["label"] = label
            if control.appearance:
                entry["appearances"] = sorted(control.appearance)
        return entry

    def _snapshot(self, node: InstanceNode) -> dict[str, Any]:
        definition, control = node.definition, node.definition.control
        entry: dict[str, Any] = {
            "ref": ref_of(node),
            "relevant": node.active,
            "required": self._session._asking.is_required(node),
            "readonly": self._session._asking.is_readonly(node),
        }
        if definition.depth == 0:
            entry["type"] = "root"
            return entry
        if definition.is_repeat or definition.children:
            entry["type"] = "repeat-instance" if definition.is_repeat else "group"
            if control is not None:
                if definition.is_repeat:
                    assert node.above is not None
                    repeat = self._session.repeat(Ref(f"{ref_of(node.above)}/{definition.name}"))
                    entry["label"] = repeat.label
                else:
                    entry["label"] = self._session.label_of(entry["ref"])
                if control.appearance:
                    entry["appearances"] = sorted(control.appearance)
            return entry
        entry["value"] = recorded(node.text, definition.bind.type)
        entry["valueType"] = definition.bind.type
        if control is None:
            entry["type"] = "model-value"
            return entry
        question = self._session.question(entry["ref"])
        entry["type"] = _ELEMENTS.get(control.element, control.element)
        readonly = definition.bind.readonly
        always = readonly is not None and readonly.tree == grammar.Call("true", ())
        if question.kind is QuestionKind.NOTE and always and (question.label or question.hint):
            entry["type"] = "note"
        if label := self._run_together(control.label, node):
            entry["label"] = label
        if hint := self._run_together(control.hint, node):
            entry["hint"] = hint
        if question.appearance:
            entry["appearances"] = sorted(question.appearance)
        if control.has_choices:
            entry["choices"] = [[choice.value, choice.label] for choice in question.choices]
            for shown, item in zip(entry["choices"], control.items, strict=False):
                shown[1] = self._run_together(item.label, node) or shown[1]
        violation = self._session.violation(entry["ref"])
        # The recorder's engine drops what is not of the type without a word; ours also says so.
        if violation is not None and violation.kind is not ViolationKind.TYPE:
            entry["violation"] = {
                "condition": _VIOLATIONS.get(violation.kind, "constraint"),
                "message": violation.message,
            }
        return entry

    def _run_together(self, text: Text | None, node: InstanceNode) -> str:
        """The recorder's engine shows a text's forms one after the other; ours keeps them apart."""
        wording = self._session._wording
        shown = [wording.words(text, node) or ""]
        shown += [wording.form_of(text, form, node) or "" for form in ("short", "guidance")]
        return "".join(dict.fromkeys(shown))

    def events(self, nodes: dict[str, dict[str, Any]]) -> list[list[str | None]]:
        """The relevant stops in the order of the nodes."""
        found: list[list[str | None]] = [["BEGINNING_OF_FORM", f"/{self._form.root.name}"]]
        for ref, entry in nodes.items():
            kind = entry["type"]
            if not entry["relevant"] or kind in ("root", "model-value"):
                continue
            if kind == "group":
                definition = self._session.node(ref).definition
                if definition.control is not None:
                    found.append(["GROUP", ref])
            elif kind == "repeat-instance":
                found.append(["REPEAT", ref])
            elif kind.startswith("repeat-range"):
                if kind.endswith(":uncontrolled"):
                    found.append(["PROMPT_NEW_REPEAT", ref])
            else:
                found.append(["QUESTION", ref])
        return [*found, ["END_OF_FORM", None]]


def _volatile(value: object) -> bool:
    # A trigger's value was asked for in a way that the recorder's engine does not answer.
    return isinstance(value, dict) and (value.get("volatile") is True or "error" in value)


def _differences(expected: dict[str, Any], got: dict[str, Any] | None) -> Iterator[str]:
    ref = expected["ref"]
    if got is None:
        yield f"{ref}: is not there"
        return
    for key in sorted(expected.keys() | got.keys()):
        want, have = expected.get(key), got.get(key)
        if _volatile(want):
            continue
        if key == "appearances":
            want = sorted(want or ())
            have = have or []
        if key in ("label", "hint"):
            # Blanks around a text are the XML's, and no screen shows them.
            want, have = (want or "").strip(), (have or "").strip()
        if key == "choices" and want and have:
            want, have = ([[value, label.strip()] for value, label in each] for each in (want, have))
        if key == "violation" and want and have:
            want, have = ({**each, "message": (each["message"] or "").strip()} for each in (want, have))
        if want != have:
            yield f"{ref}: {key} expected {want!r}, got {have!r}"


def _canonical(xml: str) -> bytes:
    return etree.tostring(etree.fromstring(xml.encode()), method="c14n")


class Replay:
    def __init__(self, trace: dict[str, Any], source: str) -> None:
        self._trace = trace
        self._now = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=trace.get("now") or 0)
        zone = ZoneInfo(trace.get("tz") or "UTC")
        resources = trace.get("resources") or {}
        attachments = {
            address: resource["body"].encode()
            for address, resource in resources.items()
            if resource.get("status") == 200 and isinstance(resource.get("body"), str)
        }
        self._form = parse_form(source.encode(), attachments)
        preload = trace.get("preload") or {}
        opening = Opening(
            self._now,
            trace["id"],
            device=str(preload.get("deviceID", preload.get("deviceId", ""))),
            username=str(preload.get("username", "")),
            email=str(preload.get("email", "")),
            phone_number=str(preload.get("phoneNumber", "")),
        )
        fork = trace.get("fork")
        record = trace.get("edit_instance")
        edited = record is not None
        if record is None and fork and fork["kind"] in ("restore", "edit"):
            record, edited = fork["parent_xml"], fork["kind"] == "edit"
        if record is None:
            self._session = Session(self._form, opening, zone)
        else:
            self._session = Session.resume(self._form, opening, record.encode(), zone, edited=edited)
        self._observer = Observer(self._form, self._session)

    def run(self) -> Iterator[str]:
        """Every difference, the step named."""
        nodes = self._observer.nodes()
        initial = self._trace["initial"]
        for entry in initial["nodes"]:
            yield from (f"at the start: {each}" for each in _differences(entry, nodes.get(entry["ref"])))
        yield from self._order([entry["ref"] for entry in initial["nodes"]], nodes, "at the start")
        yield from self._moment(initial, nodes, "at the start")
        for number, step in enumerate(self._trace["steps"], 1):
            when = f"after step {number} ({step['op']} {step['args']})"
            refused = self._take(step)
            if refused is not (step["error"] is not None):
                yield f"{when}: expected {'a refusal' if step['error'] else 'it to be taken'}"
            nodes = self._observer.nodes()
            for entry in step["changed"]:
                yield from (f"{when}: {each}" for each in _differences(entry, nodes.get(entry["ref"])))
            for ref in step["removed"]:
                if ref in nodes:
                    yield f"{when}: {ref} is still there"
            if step.get("order"):
                yield from self._order(step["order"], nodes, when)
            yield from self._moment(step, nodes, when)

    def _order(self, expected: list[str], nodes: dict[str, Any], when: str) -> Iterator[str]:
        if expected != list(nodes):
            yield f"{when}: order expected {expected}, got {list(nodes)}"

    def _moment(self, step: dict[str, Any], nodes: dict[str, Any], when: str) -> Iterator[str]:
        if step.get("events") is not None:
            events = self._observer.events(nodes)
            if events != step["events"]:
                yield f"{when}: events expected {step['events']}, got {events}"
        if isinstance(step.get("language"), str) and step["language"] != self._language():
            yield f"{when}: language expected {step['language']!r}, got {self._language()!r}"
        xml = step.get("xml")
        if isinstance(xml, str):
            got = self._session.submission().decode()
            if _canonical(got) != _canonical(xml):
                yield f"{when}: submission expected {xml}, got {got}"

    def _language(self) -> str:
        return self._session.language

    def _take(self, step: dict[str, Any]) -> bool:
        """Takes a step; whether it was refused."""
        arguments = step["args"]
        try:
            match step["op"]:
                case "answer":
                    ref, values = step["at"], arguments
                    if arguments and isinstance(arguments[0], str) and arguments[0].startswith("/"):
                        ref, values = arguments[0], arguments[1:]
                    before = len(self._session.steps)
                    self._session.apply(Answer(self._now, Ref(ref), self._value(step, ref, values)))
                    return len(self._session.steps) == before
                case "createNewRepeat":
                    ref = arguments[0] if isinstance(arguments[0], str) else step["at"]
                    return not self._session.apply(AddRepeat(self._now, Ref(ref))).accepted
                case "removeRepeat":
                    return not self._session.apply(RemoveRepeat(self._now, Ref(arguments[0]))).accepted
                case "setLanguage":
                    return not self._session.apply(ChangeLanguage(self._now, arguments[0])).accepted
        except KeyError:
            return True
        raise ValueError(f"no step {step['op']!r}")

    def _value(self, step: dict[str, Any], ref: str, values: list[Any]) -> str:
        words: list[str] = []
        for value in values:
            if isinstance(value, dict):
                if "file" in value:
                    words.append(value["file"])
                    continue
                # An object that the recorder could not write down: what the node came to hold.
                for entry in step["changed"]:
                    if entry["ref"] == ref and isinstance(entry.get("value"), str):
                        return str(entry["value"])
                return ""
            if isinstance(value, bool):
                words.append("1" if value else "0")
            elif isinstance(value, float) and self._session.node(ref).definition.bind.type == "int":
                words.append(str(int(value)))
            elif value is not None:
                words.append(str(value))
        return " ".join(words)


def problems(trace: dict[str, Any], source: str) -> list[str]:
    """What differs; empty for a trace that holds."""
    if trace["kind"] != "trace":
        try:
            Replay(trace, source)
        except (FormFault, XPathError):
            return []
        return [f"a form that must be rejected was taken ({trace['error']})"]
    try:
        return list(Replay(trace, source).run())
    except (FormFault, XPathError) as fault:
        return [f"refused: {fault}"]
    except Exception as error:
        return [f"broke: {error!r}"]


def run(paths: list[Path]) -> Tally:
    tally = Tally()
    for path in paths:
        recorded = json.loads(path.read_text())
        for trace in recorded["traces"]:
            if trace.get("reference_fails"):
                tally.skipped += 1
                continue
            found = problems(trace, recorded["forms"][trace["form"]])
            if found:
                tally.failed += 1
                tally.failures.append(
                    f"#{trace['id']} {trace['test']} [{trace['file']}]\n    " + "\n    ".join(found[:4])
                )
            else:
                tally.passed += 1
    return tally


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.traces", description=__doc__)
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
