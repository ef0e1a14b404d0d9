"""The robot on forms that nobody thought of: every type, in any order, asked or left blank."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.texts import LANGUAGES
from tests.conformance.blind.__main__ import walk
from tests.forms.writing import xml

pytestmark = [pytest.mark.proof, pytest.mark.timeout(1500)]

ITEMS = "".join(
    f"<item><label>Item {name}</label><value>{name}</value></item>" for name in ("one", "two", "three")
)
CONTROLS = {
    "text": ("string", '<input ref="{ref}"><label>{label}</label></input>'),
    "long text": ("string", '<input ref="{ref}" appearance="multiline"><label>{label}</label></input>'),
    "numbers": ("string", '<input ref="{ref}" appearance="numbers"><label>{label}</label></input>'),
    "integer": ("int", '<input ref="{ref}"><label>{label}</label></input>'),
    "decimal": ("decimal", '<input ref="{ref}"><label>{label}</label></input>'),
    "date": ("date", '<input ref="{ref}"><label>{label}</label></input>'),
    "month": ("date", '<input ref="{ref}" appearance="month-year"><label>{label}</label></input>'),
    "year": ("date", '<input ref="{ref}" appearance="year"><label>{label}</label></input>'),
    "time": ("time", '<input ref="{ref}"><label>{label}</label></input>'),
    "moment": ("dateTime", '<input ref="{ref}"><label>{label}</label></input>'),
    "one": ("string", '<select1 ref="{ref}"><label>{label}</label>' + ITEMS + "</select1>"),
    "quick": (
        "string",
        '<select1 ref="{ref}" appearance="quick"><label>{label}</label>' + ITEMS + "</select1>",
    ),
    "search": (
        "string",
        '<select1 ref="{ref}" appearance="search"><label>{label}</label>' + ITEMS + "</select1>",
    ),
    "many": ("string", '<select ref="{ref}"><label>{label}</label>' + ITEMS + "</select>"),
    "rank": ("odk:rank", '<odk:rank ref="{ref}"><label>{label}</label>' + ITEMS + "</odk:rank>"),
    "range": ("int", '<range ref="{ref}" start="1" end="5" step="1"><label>{label}</label></range>'),
    "yes": ("string", '<trigger ref="{ref}"><label>{label}</label></trigger>'),
    "drawing": (
        "binary",
        '<upload ref="{ref}" mediatype="image/*" appearance="draw"><label>{label}</label></upload>',
    ),
    "signature": (
        "binary",
        '<upload ref="{ref}" mediatype="image/*" appearance="signature"><label>{label}</label></upload>',
    ),
}
BLANK = {
    "place": ("geopoint", '<input ref="{ref}"><label>{label}</label></input>'),
    "path": ("geotrace", '<input ref="{ref}"><label>{label}</label></input>'),
    "photo": ("binary", '<upload ref="{ref}" mediatype="image/*"><label>{label}</label></upload>'),
}
"""What a kiosk does not ask: never required here."""

kinds = st.one_of(
    st.tuples(st.sampled_from(sorted(CONTROLS)), st.booleans()),
    st.tuples(st.sampled_from(sorted(BLANK)), st.just(False)),
)


def form_of(questions: list[tuple[str, bool]]) -> bytes:
    instance, binds, body = "", "", ""
    for number, (kind, required) in enumerate(questions):
        type_, control = {**CONTROLS, **BLANK}[kind]
        name, ref = f"q{number}", f"/data/q{number}"
        instance += f"<{name}/>"
        must = 'required="true()"' if required else ""
        binds += f'<bind nodeset="{ref}" type="{type_}" {must}/>'
        body += control.format(ref=ref, label=f"Question {name} of {kind}")
    return xml(instance, binds, body)


def check(questions: list[tuple[str, bool]], language: str, keys: int) -> None:
    with TemporaryDirectory(prefix="opora-form-") as folder:
        path = Path(folder) / "form.xml"
        path.write_bytes(form_of(questions))
        diary, _ = walk(path, language, keys)
    assert diary.completed
    required = [kind for kind, is_required in questions if is_required]
    assert len(diary.questions) >= len(required)
    assert all("of drawing" in question for question in diary.left_blank)


def test_form_with_every_type_is_completed_by_ear() -> None:
    check([(kind, True) for kind in CONTROLS if kind != "signature"] + [("place", False)], "en", 3)


@given(st.lists(kinds, min_size=1, max_size=4), st.sampled_from(LANGUAGES), st.sampled_from([2, 3]))
@settings(
    max_examples=16,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
def test_any_form_is_completed_by_ear(questions: list[tuple[str, bool]], language: str, keys: int) -> None:
    check(questions, language, keys)
