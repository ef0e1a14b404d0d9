"""Forms: an ODK XForm, and one person's answers to it.

``parse_form`` reads a form once; a ``Session`` fills it in. The same opening and steps give the same
session again, so a draft is its steps.
"""

from kiosk.forms.filling import fill_randomly
from kiosk.forms.form import Form
from kiosk.forms.instance import Ref
from kiosk.forms.questions import (
    Choice,
    Outcome,
    Question,
    QuestionKind,
    Range,
    Repeat,
    Violation,
    ViolationKind,
)
from kiosk.forms.session import Session
from kiosk.forms.steps import (
    AddRepeat,
    Answer,
    ChangeLanguage,
    Finish,
    Opening,
    RemoveRepeat,
    Step,
    opening_from_json,
    step_from_json,
)
from kiosk.forms.xform_parser import parse_form

__all__ = [
    "AddRepeat",
    "Answer",
    "ChangeLanguage",
    "Choice",
    "Finish",
    "Form",
    "Opening",
    "Outcome",
    "Question",
    "QuestionKind",
    "Range",
    "Ref",
    "RemoveRepeat",
    "Repeat",
    "Session",
    "Step",
    "Violation",
    "ViolationKind",
    "fill_randomly",
    "opening_from_json",
    "parse_form",
    "step_from_json",
]
