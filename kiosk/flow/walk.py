"""How a person walks through a form: one question a page, a household as a page of its own.

The walk knows pages, the form session knows answers. A place is a reference of the session; while a
member's questions are asked, ``errand.members`` holds the repeat instances that the walk is inside of,
outermost first.
"""

import json
from collections.abc import Sequence
from typing import Any

from kiosk.flow.table import Outcome
from kiosk.flow.visit import Errand
from kiosk.forms import Question, QuestionKind, Ref, Session


def stops(errand: Errand) -> tuple[Ref, ...]:
    """The questions and households at this level of the walk; the signature comes after the check page."""
    session = session_of(errand)
    level = session.children(errand.members[-1]) if errand.members else session.screens()
    signature = signature_of(session)
    closing = None if signature is None else signature.ref
    return tuple(ref for ref in level if ref != closing and not is_a_heading(session, ref))


def is_a_heading(session: Session, ref: Ref) -> bool:
    """The top row of a table of choices (XLSForm's ``label`` and ``table-list``): it repeats the words of
    the questions below it and takes no answer, and here each of those has a page of its own.

    Asked of every stop of a form, so without the question's words and choices.
    """
    try:
        control = session.node(ref).definition.control
    except KeyError:
        return False  # a repeat without members
    return control is not None and control.has_choices and "label" in control.appearance


def session_of(errand: Errand) -> Session:
    assert errand.session is not None, "a form is open wherever the walk goes"
    return errand.session


def signature_of(session: Session) -> Question | None:
    """The question that the sign page asks: a signature that closes the form."""
    every = session.screens()
    if not every:
        return None
    last = session.question(every[-1])
    return last if last.kind is QuestionKind.SIGNATURE else None


def start(errand: Errand) -> Outcome:
    """To the first page of the form."""
    errand.members = ()
    level = stops(errand)
    return _stand_on(errand, level[0]) if level else Outcome.TO_CHECK


def forward(errand: Errand) -> Outcome:
    """From the present place to the next; past a member's last question back to the household."""
    if errand.from_check and not errand.members:
        return _back_to_check(errand)
    following = _after(stops(errand), errand.place)
    if following is not None:
        return _stand_on(errand, following)
    if errand.members:
        return _next_blank_member(errand) or leave_member(errand)
    errand.place = ""
    return Outcome.TO_CHECK


def _next_blank_member(errand: Errand) -> Outcome | None:
    """To the member behind this one, where the form made it and nobody has said anything about it yet."""
    session, present = session_of(errand), errand.members[-1]
    every = session.repeat(repeat_of(present)).instances
    following = every[every.index(present) + 1 :][:1] if present in every else ()
    if not following or not _blank(session, following[0]):
        return None
    errand.members = errand.members[:-1]
    return enter_member(errand, following[0])


def backward(errand: Errand) -> Outcome | None:
    """To the page before; None from the very first."""
    if errand.from_check and not errand.members:
        return _back_to_check(errand)
    level = stops(errand)
    before = _after(tuple(reversed(level)), errand.place) if errand.place else (level[-1] if level else None)
    if before is not None:
        return _stand_on(errand, before, entering=False)
    if errand.members:
        return leave_member(errand)
    return None


def change(errand: Errand, ref: Ref) -> Outcome:
    """From the check page to one question, or to the household that it belongs to, and back again."""
    errand.from_check = True
    session = session_of(errand)
    for stop in session.screens():
        if session.question(stop).kind is QuestionKind.REPEAT and ref.startswith(f"{stop}["):
            errand.members, errand.place = (), stop
            return Outcome.TO_MEMBERS
    errand.members = ()
    return _stand_on(errand, ref, entering=False)


def enter_member(errand: Errand, instance: Ref) -> Outcome:
    """To the first question of a household member."""
    errand.members = (*errand.members, instance)
    level = stops(errand)
    return _stand_on(errand, level[0]) if level else leave_member(errand)


def leave_member(errand: Errand) -> Outcome:
    """From a member's questions back to the household that the member belongs to."""
    errand.place = repeat_of(errand.members[-1])
    errand.members = errand.members[:-1]
    return Outcome.TO_MEMBERS


def repeat_of(instance: Ref) -> Ref:
    """``/data/member[2]`` belongs to ``/data/member``."""
    return Ref(instance[: instance.rindex("[")])


def saved_place(errand: Errand) -> str:
    """Where the screen stands, as it is stored with each answer."""
    return json.dumps({"at": errand.place, "in": errand.members, "change": errand.from_check})


def return_to(errand: Errand, place: str) -> Outcome:
    """To where a stored draft stood; to the nearest page that still exists."""
    if not place:
        # Nothing was answered yet.
        return start(errand)
    stored: dict[str, Any] = json.loads(place)
    errand.members = tuple(map(Ref, stored["in"]))
    errand.from_check = bool(stored["change"])
    if not stored["at"]:
        errand.place = ""
        return Outcome.TO_CHECK
    if stored["at"] in stops(errand):
        return _stand_on(errand, Ref(stored["at"]), entering=False)
    errand.from_check = False
    return start(errand)


def position(errand: Errand) -> tuple[int, int]:
    """(number of this page, about how many there are), counted on the present level."""
    level = stops(errand)
    return (level.index(Ref(errand.place)) + 1 if errand.place in level else 1, len(level))


def _back_to_check(errand: Errand) -> Outcome:
    errand.from_check = False
    errand.place = ""
    return Outcome.TO_CHECK


def _after(level: Sequence[Ref], place: str) -> Ref | None:
    if place not in level:
        return level[0] if level else None
    index = level.index(Ref(place))
    return level[index + 1] if index + 1 < len(level) else None


def _stand_on(errand: Errand, ref: Ref, *, entering: bool = True) -> Outcome:
    session = session_of(errand)
    errand.place = ref
    if session.question(ref).kind is not QuestionKind.REPEAT:
        return Outcome.TO_QUESTION
    repeat = session.repeat(ref)
    if entering and repeat.count and _blank(session, repeat.instances[0]):
        # A form opens with empty members: asking about them at once is clearer than a list of nobody.
        return enter_member(errand, repeat.instances[0])
    return Outcome.TO_MEMBERS


def _blank(session: Session, instance: Ref) -> bool:
    questions = [session.question(child) for child in session.children(instance)]
    return all(not q.value for q in questions if not q.readonly and q.kind is not QuestionKind.REPEAT)
