"""Applications as a Russian village would hand them in: the demonstration's forms, invented people.

The same seed gives the same applications, byte for byte. Nobody of these exists: names, streets, sums and
telephone numbers are drawn from lists.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from kiosk.catalogue.demo import ensure_demo_pack
from kiosk.catalogue.pack import load_pack
from kiosk.forms import Answer, Form, Question, QuestionKind, Ref, Session, fill_randomly, parse_form
from kiosk.ids import FormId
from kiosk.store.drafts import FormKey

_FIRST = {
    "f": "Анна Мария Нина Зинаида Галина Тамара Людмила Валентина Раиса Клавдия Антонина Лидия Вера Фаина",
    "m": "Иван Николай Василий Пётр Александр Виктор Анатолий Геннадий Юрий Борис Фёдор Михаил Степан Егор",
}
_FATHER = {
    "f": "Ивановна Петровна Николаевна Степановна Фёдоровна Егоровна Григорьевна Тимофеевна Ильинична",
    "m": "Иванович Петрович Николаевич Степанович Фёдорович Егорович Григорьевич Тимофеевич Ильич",
}
_FAMILY = (
    "Смирнов Кузнецов Попов Соколов Лебедев Козлов Новиков Морозов Волков Зайцев Голубев Виноградов Белов"
)
_PLACES = "с. Покровское;дер. Малые Вязёмы;пос. Лесной;с. Берёзовка;г. Тотьма;дер. Нижняя Слобода;с. Ключи"
_STREETS = "Садовая Центральная Молодёжная Набережная Школьная Лесная Полевая Заречная Советская Мира Новая"
_WORDS = (
    "Сын приезжает по выходным;Пенсия приходит на карту;Дров хватило до марта;Живу одна с прошлой осени;"
    "Печь дымит, нужен мастер;До магазина три километра;Соседка помогает с водой;Болят колени, хожу с палкой"
)
_BEGAN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FilledIn:
    """``xml`` is the submission; ``answers`` the same as a flat mapping, for peers that keep JSON."""

    form: FormKey
    form_xml: bytes
    xml: bytes
    reference: str
    at: datetime
    answers: dict[str, str]


def applications(count: int, folder: Path, seed: int = 2026) -> Iterator[FilledIn]:
    """``count`` applications, one form after the other; ``folder`` takes the demonstration's pack."""
    pack = load_pack(ensure_demo_pack(folder / "demo.opora-pack"))
    files = list(pack.forms.values())
    forms = [parse_form(file.source, file.attachments) for file in files]
    for number in range(count):
        file, form = files[number % len(files)], forms[number % len(files)]
        random = Random(f"{seed} {number}")
        at = _BEGAN + timedelta(minutes=17 * number, seconds=random.randrange(900))
        session = _answered(form, random, at)
        reference = f"{random.randrange(10**14, 10**15)}"
        yield FilledIn(
            FormKey(FormId(file.id), file.version, file.sha256),
            file.source,
            session.submission({"reference": reference}),
            reference,
            at,
            {ref: value for ref in _questions(session, session.screens()) if (value := session.value(ref))},
        )


def _answered(form: Form, random: Random, at: datetime) -> Session:
    """Valid answers everywhere, then a person's own words wherever the form lets people write."""
    session = fill_randomly(form, random.getrandbits(31), at=at, most_members=2)
    woman = random.random() < 0.7
    name = _name(random, "f" if woman else "m")
    for ref in _questions(session, session.screens()):
        question = session.question(ref)
        value = _words(question, session.value(ref), name, random)
        if value is None or value == session.value(ref):
            continue
        before = session.value(ref)
        if not session.apply(Answer(at, ref, value)).accepted or session.violations():
            session.apply(Answer(at, ref, before))
    return session


def _questions(session: Session, refs: Iterable[Ref]) -> Iterator[Ref]:
    """Every question that is asked, those about each member of a household too."""
    for ref in refs:
        if session.question(ref).kind is QuestionKind.REPEAT:
            for member in session.repeat(ref).instances:
                yield from _questions(session, session.children(member))
        else:
            yield ref


def _words(question: Question, before: str, name: str, random: Random) -> str | None:
    """What a person would write here; None where the answer that stands is as good as any."""
    if question.number_kind is not None:
        return None
    match question.kind:
        case QuestionKind.DATE if "birth" in question.name:
            return (date(1936, 1, 1) + timedelta(days=random.randrange(9000))).isoformat()
        case QuestionKind.INTEGER | QuestionKind.DECIMAL:
            if question.name == "pension_since":
                return str(random.randrange(1994, 2012))
            if "year" in question.name and len(before) == 4:
                return str(random.randrange(1930, 2020))
            return str(random.randrange(18, 420) * 50 if len(before) > 3 or not before else before[:1])
        case QuestionKind.TEXT if question.name == "applicant_name":
            return name
        case QuestionKind.TEXT if "name" in question.name:
            return _name(random, random.choice("fm"))
        case QuestionKind.TEXT if question.name == "address":
            return (
                f"{random.choice(_PLACES.split(';'))}, ул. {random.choice(_STREETS.split())}, "
                f"д. {random.randrange(1, 120)}"
                + (f", кв. {random.randrange(1, 90)}" if random.random() < 0.4 else "")
            )
        case QuestionKind.TEXT if "phone" in question.name:
            return (
                f"+7 9{random.randrange(10, 99)} {random.randrange(100, 999)}-{random.randrange(1000, 9999)}"
            )
        case QuestionKind.TEXT if "numbers" in question.appearance or "account" in question.name:
            return str(random.randrange(10**9, 10**10))
        case QuestionKind.TEXT:
            return random.choice(_WORDS.split(";")) if question.required or random.random() < 0.5 else ""
    return None


def _name(random: Random, sex: str) -> str:
    family = random.choice(_FAMILY.split()) + ("а" if sex == "f" else "")
    return f"{family} {random.choice(_FIRST[sex].split())} {random.choice(_FATHER[sex].split())}"
