"""Paths in a form's ``ref`` and ``nodeset`` attributes, found among its definitions."""

import re

from kiosk.forms.definition import Definition
from kiosk.forms.xpath import XPathError, grammar

_PLAIN = re.compile(r"(?:/[^\W\d][\w.:-]*)+\Z")


def find(path: str, root: Definition, context: Definition) -> Definition | None:
    """The definition of an absolute path, or of one relative to ``context``; None where there is none."""
    path = path.strip()
    if _PLAIN.match(path):
        at: Definition | None = root
        first, *others = path[1:].split("/")
        if first.rpartition(":")[2] != root.local:
            return None
        for name in others:
            assert at is not None
            at = at.children.get(name) or at.child(name)
            if at is None:
                return None
        return at
    return _found(path, root, context)


def _found(path: str, root: Definition, context: Definition) -> Definition | None:
    try:
        tree = grammar.parse(path)
    except XPathError:
        return None
    if not isinstance(tree, grammar.Path) or tree.start is not None:
        return None
    at: Definition | None = None if tree.absolute else context
    for number, step in enumerate(tree.steps):
        if step.axis == "self":
            continue
        if step.axis == "parent":
            at = None if at is None else at.parent
        elif step.axis == "child" and tree.absolute and number == 0:
            at = root if step.test.rpartition(":")[2] in (root.local, "*") else None
        elif step.axis == "child" and at is not None:
            at = at.child(step.test)
        else:
            return None
        if at is None:
            return None
    return at
