"""Times our form engine: ``python -m tests.bench.own_form`` with ``{form, steps}`` on stdin.

Gives ``{open, session, answers, adds, values}``: milliseconds, and what every leaf holds in the end.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from time import perf_counter

from kiosk.forms import AddRepeat, Answer, Opening, Ref, Session, parse_form
from kiosk.forms.instance import InstanceNode, ref_of


def _leaves(node: InstanceNode) -> Iterator[InstanceNode]:
    if not node.definition.children:
        yield node
    for child in node.members:
        yield from _leaves(child)


def main() -> None:
    given = json.load(sys.stdin)
    source = given["form"].encode()
    now = datetime.now(UTC)
    started = perf_counter()
    form = parse_form(source)
    session = Session(form, Opening(now, 1))
    opened = perf_counter() - started
    started = perf_counter()
    session = Session(form, Opening(now, 1))
    again = perf_counter() - started
    answers: list[float] = []
    adds: list[float] = []
    for step in given["steps"]:
        ref, value = Ref(step["ref"]), step["value"]
        before = perf_counter()
        if value is None:
            session.apply(AddRepeat(now, ref))
            adds.append(perf_counter() - before)
        else:
            session.apply(Answer(now, ref, value))
            answers.append(perf_counter() - before)
    root = session.node(f"/{form.root.name}")
    figures = {
        "open": opened * 1000,
        "session": again * 1000,
        "answers": [each * 1000 for each in answers],
        "adds": [each * 1000 for each in adds],
        "values": {ref_of(leaf): leaf.text for leaf in _leaves(root)},
    }
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main()
