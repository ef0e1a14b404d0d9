"""The demonstration's forms: each runs elsewhere too, and asks as one would ask one's grandmother."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree
from stdnum.kr import rrn
from stdnum.ru import inn
from stdnum.us import ssn

from kiosk.catalogue import Pack
from kiosk.ids import FormId

FORMS = ("heating-allowance", "home-help", "pension-supplement")
XF = "{http://www.w3.org/2002/xforms}"
JR = "{http://openrosa.org/javarosa}"
OPORA = "{https://opora.invalid/ns}"
CONTROLS = {"input", "select1", "select", "trigger", "upload"}
LANGUAGES = ("English (en)", "Русский (ru)", "한국어 (ko)")
SAMPLES = {"kr.rrn": "9710139019902", "ru.inn": "123456789047", "us.ssn": "536-90-4399"}


@dataclass(frozen=True)
class Sheet:
    """One converted form, as its XML says it."""

    root: etree._Element

    def texts(self, language: str) -> dict[str, str]:
        found = {}
        for text in self.root.iterfind(f".//{XF}translation[@lang='{language}']/{XF}text"):
            (value,) = [each for each in text.iterfind(f"{XF}value") if "form" not in each.attrib]
            found[text.get("id", "")] = "".join(value.itertext()).strip() or "".join(
                each.get("value", "") for each in value
            )
        return found

    def questions(self) -> Iterator[etree._Element]:
        """Controls in form order; the choices' own labels are not among them."""
        for element in self.root.iter():
            if isinstance(element.tag, str) and element.tag.removeprefix(XF) in CONTROLS:
                yield element

    def bind(self, ref: str) -> etree._Element:
        (bind,) = self.root.iterfind(f".//{XF}bind[@nodeset='{ref}']")
        return bind

    def binds(self) -> Iterator[etree._Element]:
        yield from self.root.iterfind(f".//{XF}bind")


@cache
def _sheet(source: bytes) -> Sheet:
    return Sheet(etree.fromstring(source))


@pytest.fixture(params=FORMS)
def sheet(request: pytest.FixtureRequest, pack: Pack) -> Sheet:
    return _sheet(pack.forms[FormId(request.param)].source)


@pytest.mark.parametrize("form", FORMS)
def test_odk_s_own_validator_accepts_the_form(form: str, pack: Pack, tmp_path: Path) -> None:
    spec = find_spec("pyxform")
    jar = Path(spec.origin or "").parent / "validators/odk_validate/bin/ODK_Validate.jar" if spec else None
    java = shutil.which("java")
    if java is None or jar is None or not jar.exists():
        pytest.skip("ODK Validate needs Java and pyxform's wheel")
    path = tmp_path / f"{form}.xml"
    path.write_bytes(pack.forms[FormId(form)].source)
    done = subprocess.run(
        [java, "-Djava.awt.headless=true", "-jar", str(jar), str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Xform is valid" in done.stdout + done.stderr, done.stderr
    assert done.returncode == 0


def test_a_form_asks_twenty_to_forty_questions(sheet: Sheet) -> None:
    assert 20 <= len(list(sheet.questions())) <= 40


def test_every_text_is_in_every_language(sheet: Sheet) -> None:
    ids = [sheet.texts(language).keys() for language in LANGUAGES]
    assert ids[0] == ids[1] == ids[2]
    for language in LANGUAGES:
        for id, text in sheet.texts(language).items():
            # pyxform fills what an author left out with a dash.
            assert text not in ("", "-"), (language, id)


def test_texts_are_in_their_own_script(sheet: Sheet) -> None:
    for id, text in sheet.texts("Русский (ru)").items():
        assert re.search("[а-яё]", text.lower()), (id, text)
    for id, text in sheet.texts("한국어 (ko)").items():
        assert re.search("[가-힣]", text), (id, text)


def test_questions_are_short_and_their_headings_are_unique(sheet: Sheet) -> None:
    for language in LANGUAGES:
        texts = sheet.texts(language)
        labels = [texts[f"{question.get('ref')}:label"] for question in sheet.questions()]
        assert max(map(len, labels)) <= 120
        assert len(set(labels)) == len(labels)


def test_a_hint_is_one_sentence(sheet: Sheet) -> None:
    for language in LANGUAGES:
        hints = [text for id, text in sheet.texts(language).items() if id.endswith(":hint")]
        assert len(hints) >= 10
        for hint in hints:
            assert len(hint) <= 120
            assert len(re.findall(r"[.!?](?:\s|$)", hint)) == 1, hint


def test_what_is_asked_for_or_refused_is_always_explained(sheet: Sheet) -> None:
    texts = sheet.texts(LANGUAGES[0])
    for bind in sheet.binds():
        ref = bind.get("nodeset", "")
        if bind.get("required") is not None:
            assert f"{ref}:jr:requiredMsg" in texts, ref
        if bind.get("constraint") is not None:
            assert f"{ref}:jr:constraintMsg" in texts, ref


def test_national_numbers_are_optional_private_and_may_be_left_at_home(sheet: Sheet) -> None:
    numbers = [bind for bind in sheet.binds() if bind.get(f"{OPORA}number")]
    assert {bind.get(f"{OPORA}number") for bind in numbers} == set(SAMPLES)
    for bind in numbers:
        assert bind.get("required") is None
        assert bind.get(f"{OPORA}private") == "true()"
    assert "/data/about/id_kind" in {question.get("ref") for question in sheet.questions()}
    assert "I don't have it with me" in sheet.texts(LANGUAGES[0]).values()


def test_numbers_that_are_right_pass_the_form_and_a_slip_is_caught(sheet: Sheet) -> None:
    checks = {"kr.rrn": rrn.is_valid, "ru.inn": inn.is_valid, "us.ssn": ssn.is_valid}
    for bind in sheet.binds():
        kind = bind.get(f"{OPORA}number")
        if kind is None:
            continue
        (pattern,) = re.findall(r"regex\(\., '(\^.*\$)'\)", bind.get("constraint", ""))
        assert re.match(pattern, SAMPLES[kind])
        assert checks[kind](SAMPLES[kind])
        assert not re.match(pattern, SAMPLES[kind][:-1])
    assert not rrn.is_valid("9710139019903")
    assert not inn.is_valid("123456789046")
    assert not ssn.is_valid("000-90-4399")


def test_money_health_and_accounts_are_private(sheet: Sheet) -> None:
    sensitive = re.compile(
        "_amount$|_cost$|_income$|income_|account|savings|disability|falls|hard_for_you|hospital|moving"
        "|bills_|pension_number|needs_warmth|washing$|food$"
    )
    for question in sheet.questions():
        ref = question.get("ref", "")
        if sensitive.search(ref.rpartition("/")[2]):
            assert sheet.bind(ref).get(f"{OPORA}private") == "true()", ref


def test_the_last_question_is_the_signature_and_a_witness_may_stand_in(sheet: Sheet) -> None:
    last = list(sheet.questions())[-1]
    assert last.tag == f"{XF}upload"
    assert last.get("appearance") == "signature"
    ref = last.get("ref", "")
    group = ref.rpartition("/")[0]
    assert f"{group}/sign_way" in (sheet.bind(ref).get("relevant") or "")
    witness = sheet.bind(f"{group}/witness_name")
    assert "'mark'" in (witness.get("relevant") or "")
    assert witness.get("required") == "true()"


def test_household_members_are_a_repeat(sheet: Sheet) -> None:
    (repeat,) = sheet.root.iterfind(f".//{XF}repeat")
    ref = repeat.get("nodeset", "")
    assert len([each for each in sheet.questions() if each.get("ref", "").startswith(f"{ref}/")]) >= 4


def test_when_where_and_on_what_it_was_answered_is_kept(sheet: Sheet) -> None:
    preloads = {bind.get(f"{JR}preloadParams") for bind in sheet.binds()}
    assert {"start", "end", "today", "deviceid"} <= preloads
    assert sheet.root.find(f".//{XF}bind[@nodeset='/data/meta/instanceName']") is not None


def test_the_form_never_asks_who_it_is_for(sheet: Sheet) -> None:
    """The kiosk has asked that before the form begins."""
    for text in sheet.texts(LANGUAGES[0]).values():
        assert "for yourself" not in text
        assert "on behalf" not in text
