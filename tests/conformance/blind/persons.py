"""Who fills in the demonstration's forms: what they would answer, in three languages, and where they slip.

A question is written as it is heard. What a form asks and what its choices are called stands in its own table
(``assets/demo/forms``), one column a language, so a person is written once, by the names of that table, and
told in the language that is spoken.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.catalogue import LIFE_STAGE_NAMES, Pack
from kiosk.texts import texts_for
from tests.conformance.blind.robot import Answer, Facts

FORMS = Path(__file__).parents[3] / "assets" / "demo" / "forms"
COLUMNS = {"en": "label::English (en)", "ru": "label::Русский (ru)", "ko": "label::한국어 (ko)"}
NAMES = {
    "en": ("Mary Brown", "John Brown"),
    "ru": ("Анна Петрова", "Иван Петров"),
    "ko": ("김영희", "이철수"),
}
STREETS = {"en": "Garden Street 12", "ru": "Садовая 12", "ko": "꽃길 12"}
WITNESSES = {"en": "Vera", "ru": "Вера", "ko": "박순자"}


@dataclass(frozen=True, slots=True)
class Person:
    """Answers by the names of the form's table; "NAME", "OTHER", "STREET", "WITNESS" are words of the
    language. ``slips`` are what is given first; ``corrections`` what is changed on the check page."""

    answers: Mapping[str, str | tuple[str, ...]]
    member: Mapping[str, str] = field(default_factory=dict)
    slips: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    corrections: Mapping[str, str] = field(default_factory=dict)


_ABOUT = {
    "applicant_name": "NAME",
    "birth_date": "1948-11-03",
    "id_kind": "ru_inn",
    "id_inn": "500100732259",
    "address": "STREET",
    "contact_way": "phone",
    "phone": "5550142",
    "answers_true": "OK",
    "may_come_in": "OK",
    "sign_way": "spoken",
    "witness_name": "WITNESS",
}
_MEMBER = {"member_name": "OTHER", "member_relation": "partner", "member_birth_year": "1950"}
_SLIPS = {"applicant_name": "", "birth_date": "2090-01-01", "id_inn": "500100732250"}

PERSONS: Mapping[str, Person] = {
    "heating-allowance": Person(
        {
            **_ABOUT,
            "lives_with": "yes",
            "home_kind": "flat",
            "tenure": "own",
            "rooms_heated": "3",
            "heating_kind": "wood",
            "fuel_weeks": "4",
            "winter_cost": "900",
            "bills_behind": "no",
            "heating_cut": "no",
            "needs_warmth": ("no",),
            "had_before": "no",
            "income_sources": ("pension",),
            "pension_amount": "820",
            "pay_to": "account",
            "account_number": "40817810",
        },
        {**_MEMBER, "member_income": "450"},
        {**_SLIPS, "rooms_heated": "99"},
        {"rooms_heated": "2"},
    ),
    "home-help": Person(
        {
            **_ABOUT,
            "lives_with": "yes",
            "tasks": ("shopping", "washing"),
            "days_a_week": "3",
            "daypart": "morning",
            "helped_now": "no",
            "moving": "stick",
            "washing": "slowly",
            "falls": "1",
            "hard_for_you": ("none",),
            "hospital": "yes",
            "hospital_left": "2026-03-05",
            "food": "",
            "floor": "2",
            "lift": "yes",
            "animals": "no",
            "tongue": "ru",
            "helper": "any",
            "trusted_name": "OTHER",
            "trusted_phone": "5550143",
            "income_month": "700",
            "fee": "yes",
        },
        {**_MEMBER, "member_helps": "no"},
        {**_SLIPS, "days_a_week": "9"},
        {"days_a_week": "2"},
    ),
    "pension-supplement": Person(
        {
            **_ABOUT,
            "pension_kind": "old_age",
            "pension_since": "2008",
            "pension_number": "77",
            "pension_amount": "640",
            "years_worked": "41",
            "worked_abroad": "no",
            "children_raised": "2",
            "cared_for": "yes",
            "care_years": "3",
            "family_state": "married",
            "lives_with": "yes",
            "income_sources": ("none",),
            "home_cost": "210",
            "medicine_cost": "35",
            "savings": "small",
            "disability": "no",
            "pay_to": "pension",
        },
        {**_MEMBER, "member_income": "450"},
        {**_SLIPS, "years_worked": "140"},
        {"phone": "5550199"},
    ),
}


class Table:
    """A form's own table: its questions and choices by name, in one language."""

    def __init__(self, form: str, language: str) -> None:
        self.questions: dict[str, str] = {}
        self.lists: dict[str, str] = {}
        self.choices: dict[tuple[str, str], str] = {}
        self.members: set[str] = set()
        sheet, header, inside = "", list[str](), False
        for row in _rows(FORMS / f"{form}.md"):
            if isinstance(row, str):
                sheet, header = row, []
            elif not header:
                header = row
            elif sheet == "survey":
                cells = dict(zip(header, row, strict=False))
                inside = cells["type"] == "begin_repeat" or (inside and cells["type"] != "end_repeat")
                self.questions[cells["name"]] = cells[COLUMNS[language]]
                if cells["type"].startswith("select"):
                    self.lists[cells["name"]] = cells["type"].split()[1]
                if inside:
                    self.members.add(cells["name"])
            elif sheet == "choices":
                cells = dict(zip(header, row, strict=False))
                self.choices[cells["list_name"], cells["name"]] = cells[COLUMNS[language]]


def _rows(path: Path) -> Iterator[str | list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| |"):
            yield cells[1:]
        elif line.startswith("|"):
            yield cells[0]


def way_to(pack: Pack, form: str, language: str) -> tuple[str, ...]:
    """The cards that lead from the welcome page to the form."""
    say = texts_for(language).say
    service = next(each for each in pack.services if each.form == form)
    return (
        say("Apply for help"),
        say("For myself"),
        service.plain_name.text(language),
        say(LIFE_STAGE_NAMES[service.life_stage]),
    )


def facts_of(pack: Pack, form: str, language: str) -> Facts:
    """The person of a demonstration form, as they speak ``language``."""
    person, table = PERSONS[form], Table(form, language)
    words = {
        "NAME": NAMES[language][0],
        "OTHER": NAMES[language][1],
        "STREET": STREETS[language],
        "WITNESS": WITNESSES[language],
        "OK": texts_for(language).say("Yes, I have read this and understood it"),
    }

    def heard(name: str) -> str:
        known = {**person.answers, **person.member}

        def filled(gap: re.Match[str]) -> str:
            value = known[gap[1]]
            assert isinstance(value, str)
            return words.get(value, value)

        return re.sub(r"\$\{(\w+)\}", filled, table.questions[name])

    def told(name: str, value: str | tuple[str, ...]) -> Answer:
        if isinstance(value, tuple):
            return [table.choices[table.lists[name], each] for each in value]
        if name in table.lists:
            return table.choices[table.lists[name], value]
        return words.get(value, value)

    def all_of(answers: Mapping[str, str | tuple[str, ...]]) -> dict[str, Answer]:
        return {heard(name): told(name, value) for name, value in answers.items() if name in table.questions}

    return Facts(
        way_to(pack, form, language),
        all_of(person.answers),
        (all_of(person.member),) if person.member else (),
        all_of(person.slips),
        all_of(person.corrections),
    )
