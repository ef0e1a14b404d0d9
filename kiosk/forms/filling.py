"""Filling a form in to the end with random valid answers, without a screen: for authors and tests."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from random import Random

from kiosk.errors import Message
from kiosk.forms.definition import Definition
from kiosk.forms.form import Form
from kiosk.forms.instance import Ref, nearest, ref_of
from kiosk.forms.numbers_drawn import national_number
from kiosk.forms.patterns import matching
from kiosk.forms.questions import Question, QuestionKind
from kiosk.forms.references import references
from kiosk.forms.refusal import refused
from kiosk.forms.session import Session
from kiosk.forms.steps import AddRepeat, Answer, Finish, Opening
from kiosk.forms.xpath import grammar

MOST_ROUNDS = 40
MOST_TRIES = 40
BLANK_CHANCE = 0.15
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_WORDS = ("river", "table", "winter", "garden", "letter", "window", "bread", "morning", "lamp", "road")
_UNASKED = frozenset(
    {
        QuestionKind.GEOPOINT,
        QuestionKind.GEOTRACE,
        QuestionKind.GEOSHAPE,
        QuestionKind.AUDIO,
        QuestionKind.VIDEO,
        QuestionKind.NOTE,
        QuestionKind.OTHER,
    }
)
"""What a kiosk does not ask: left blank where that is allowed."""


def fill_randomly(
    form: Form,
    seed: int,
    *,
    at: datetime = START,
    zone: tzinfo = UTC,
    most_members: int = 3,
    progress: Callable[[int, int], None] | None = None,
) -> Session:
    """A session with every relevant question passed and nothing invalid.

    ``progress`` hears how many stops of how many were passed. Raises FormFault for a form whose rules no
    tried answer met.
    """
    session = Session(form, Opening(at, seed, device="kiosk", username="volunteer"), zone)
    filler = _Filler(session, Random(seed), at, most_members, progress)  # noqa: S311 - made-up answers
    filler.run()
    return session


class _Filler:
    def __init__(
        self,
        session: Session,
        random: Random,
        at: datetime,
        most_members: int,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._session = session
        self._random = random
        self._at = at
        self._most_members = most_members
        self._progress = progress
        self._seen: set[Ref] = set()
        self._grown: set[Ref] = set()
        self._constants = _Constants(session.form)
        self._counting = _feeding_counts(session.form)

    def run(self) -> None:
        for _ in range(MOST_ROUNDS):
            before = len(self._seen)
            self._pass(lambda: self._session.screens())
            for violation in self._session.violations():
                self._answer(violation.ref)
            for violation in self._session.violations():
                self._rethink(violation.ref)
            if not self._session.violations() and len(self._seen) == before:
                break
        wrong = self._session.violations()
        if wrong:
            raise refused(
                Message("No answer was found that this form accepts, at {where}.", {"where": wrong[0].ref}),
                ", ".join(f"{each.ref} ({each.kind})" for each in wrong[:5]),
            )
        self._session.apply(Finish(self._tick()))

    def _pass(self, stops: Callable[[], tuple[Ref, ...]]) -> None:
        """Answers what is asked until nothing new is: an answer may bring questions before it, too."""
        while True:
            open_ = stops()
            ref = next((each for each in open_ if each not in self._seen), None)
            if ref is None:
                return
            self._seen.add(ref)
            if self._progress is not None:
                self._progress(len(self._seen), max(len(open_), len(self._seen)))
            question = self._session.question(ref)
            if question.kind is QuestionKind.REPEAT:
                self._members(ref)
            else:
                self._answer(ref)

    def _members(self, ref: Ref) -> None:
        if ref not in self._grown:
            self._grown.add(ref)
            for _ in range(self._random.randint(0, self._most_members)):
                if self._session.repeat(ref).can_add:
                    self._session.apply(AddRepeat(self._tick(), ref))
        at = 0
        while at < len(instances := self._session.repeat(ref).instances):
            self._pass(partial(self._session.children, instances[at]))
            at += 1

    def _rethink(self, ref: Ref) -> None:
        """No answer fits what was said before: says something else there."""
        if not self._session.is_relevant(ref):
            return
        node = self._session.node(ref)
        before = sorted(_behind(self._session.form, node.definition), key=lambda each: each.index)
        for definition in self._random.sample(before, min(3, len(before))):
            asked = nearest(definition, node)
            if asked is not None and asked.active:
                self._answer(ref_of(asked))

    def _tick(self) -> datetime:
        self._at += timedelta(seconds=7)
        return self._at

    def _answer(self, ref: Ref) -> None:
        if not self._session.is_relevant(ref):
            return
        question = self._session.question(ref)
        if question.readonly or question.kind in (QuestionKind.NOTE, QuestionKind.REPEAT, QuestionKind.OTHER):
            return
        if not question.required:
            leave = question.kind in _UNASKED or self._random.random() < BLANK_CHANCE
            if leave and self._accepted(ref, ""):
                return
        for value in self._candidates(question):
            if self._accepted(ref, value):
                return
        if not question.required:
            self._accepted(ref, "")

    def _accepted(self, ref: Ref, value: str) -> bool:
        return self._session.apply(Answer(self._tick(), ref, value)).accepted

    def _candidates(self, question: Question) -> Iterator[str]:
        """Answers to try, likely ones first."""
        random = self._random
        values = [choice.value for choice in question.choices if choice.value]
        for number in range(MOST_TRIES):
            match question.kind:
                case QuestionKind.SELECT_ONE:
                    if values:
                        yield random.choice(values)
                    elif number == 0:
                        yield "other"
                case QuestionKind.SELECT_MULTIPLE:
                    if values:
                        most = min(len(values), 1 + number % 4)
                        yield " ".join(random.sample(values, random.randint(1, most)))
                    elif number == 0:
                        yield "other"
                case QuestionKind.RANK:
                    yield " ".join(random.sample(values, len(values)))
                case _:
                    yield from self._written(question, number)

    def _written(self, question: Question, number: int) -> Iterator[str]:
        random = self._random
        low, high = self._constants.bounds(self._session, question.ref)
        if number < MOST_TRIES // 2 and self._session.node(question.ref).definition.index in self._counting:
            # It says how many members a repeat gets: a household, not a village.
            yield str(random.randint(0, self._most_members))
        match question.kind:
            case QuestionKind.INTEGER:
                yield str(int(_near(random, low, high, number)))
            case QuestionKind.DECIMAL:
                yield f"{_near(random, low, high, number):.2f}"
            case QuestionKind.RANGE:
                bounds = question.range
                assert bounds is not None
                steps = int(abs(bounds.end - bounds.start) / bounds.step)
                value = min(bounds.start, bounds.end) + random.randint(0, steps) * bounds.step
                yield f"{value:g}"
            case QuestionKind.DATE:
                yield (self._at + timedelta(days=_days(random, number))).date().isoformat()
            case QuestionKind.TIME:
                yield f"{random.randint(0, 23):02d}:{random.randint(0, 59):02d}:00.000+00:00"
            case QuestionKind.DATETIME:
                moment = self._at + timedelta(days=_days(random, number))
                yield moment.isoformat(timespec="milliseconds")
            case QuestionKind.ACKNOWLEDGE:
                yield "OK"
            case QuestionKind.GEOPOINT:
                yield _point(random)
            case QuestionKind.GEOTRACE:
                yield ";".join(_point(random) for _ in range(3))
            case QuestionKind.GEOSHAPE:
                corners = [_point(random) for _ in range(3)]
                yield ";".join([*corners, corners[0]])
            case QuestionKind.SIGNATURE | QuestionKind.DRAWING | QuestionKind.IMAGE:
                yield f"{question.name}-{random.randint(1000, 9999)}.png"
            case QuestionKind.AUDIO:
                yield f"{question.name}.m4a"
            case QuestionKind.VIDEO:
                yield f"{question.name}.mp4"
            case QuestionKind.FILE:
                yield f"{question.name}.pdf"
            case _:
                yield from self._words(question, number)

    def _words(self, question: Question, number: int) -> Iterator[str]:
        random = self._random
        if question.number_kind is not None:
            yield national_number(question.number_kind, random)
            return
        patterns = self._constants.patterns(self._session, question.ref)
        if patterns and number % 4 != 3:
            yield matching(patterns[number % len(patterns)], random)
        lengths = self._constants.lengths(self._session, question.ref)
        if lengths and number % 2:
            yield "".join(random.choice("0123456789") for _ in range(lengths[number // 2 % len(lengths)]))
        if number % 3 == 2 or "numbers" in question.appearance:
            yield "".join(random.choice("0123456789") for _ in range(1 + number % 15))
        literals = self._constants.literals(self._session, question.ref)
        if literals and number % 5 == 4:
            yield random.choice(literals)
        yield " ".join(random.choice(_WORDS) for _ in range(1 + number % 3)).capitalize()


def _near(random: Random, low: float, high: float, number: int) -> float:
    """A number between the bounds that a constraint names, or just around them."""
    match number % 4:
        case 0:
            return random.uniform(low, high)
        case 1:
            return random.choice((low, high)) + random.choice((-1, 0, 1))
        case 2:
            return float(random.randint(0, 10))
    return random.uniform(0, 10 ** random.randint(1, 9))


def _days(random: Random, number: int) -> int:
    return (
        random.randint(-30, 0),
        random.randint(-36_500, 0),
        0,
        random.randint(1, 60),
        random.randint(-3_000, -30),
        random.randint(-10, 10),
    )[number % 6]


def _point(random: Random) -> str:
    return f"{random.uniform(-60, 60):.5f} {random.uniform(-170, 170):.5f} 0 5"


def _behind(form: Form, definition: Definition) -> set[Definition]:
    """The questions whose answers decide what a question takes, and whether it is asked."""
    bind = definition.bind
    waiting = [(definition, rule) for rule in (bind.constraint, bind.relevant) if rule is not None]
    questions: set[Definition] = set()
    seen: set[Definition] = {definition}
    while waiting:
        own, rule = waiting.pop()
        for reference in references(rule.tree, own, form.root, form.primary)[0]:
            found = reference.definition
            if found in seen:
                continue
            seen.add(found)
            if found.control is not None and not found.children:
                questions.add(found)
            waiting += [
                (found, more) for more in (found.bind.calculate, found.bind.relevant) if more is not None
            ]
    return questions


def _feeding_counts(form: Form) -> frozenset[int]:
    """The definitions that a repeat's number of members is worked out from."""
    feeding: set[int] = set()
    graph = form.graph
    while True:
        more = {
            index
            for index, readers in enumerate(graph.readers)
            if index not in feeding
            and any(
                reader.computation.kind == "count"
                or (reader.computation.kind == "calculate" and reader.computation.definition.index in feeding)
                for reader in readers
            )
        }
        if not more:
            return frozenset(feeding)
        feeding |= more


class _Constants:
    """What a question's constraint names: numbers, lengths, patterns, words. A help for guessing."""

    def __init__(self, form: Form) -> None:
        self._known: dict[str, tuple[list[float], list[str], list[str]]] = {}

    def _of(self, session: Session, ref: Ref) -> tuple[list[float], list[str], list[str]]:
        constraint = session.node(ref).definition.bind.constraint
        if constraint is None:
            return [], [], []
        found = self._known.get(constraint.source)
        if found is None:
            numbers: list[float] = []
            patterns: list[str] = []
            literals: list[str] = []
            _gather(constraint.tree, numbers, patterns, literals)
            found = self._known[constraint.source] = (numbers, patterns, literals)
        return found

    def bounds(self, session: Session, ref: Ref) -> tuple[float, float]:
        numbers = self._of(session, ref)[0]
        if not numbers:
            return 0.0, 100.0
        low, high = min(numbers), max(numbers)
        return (low, high) if low < high else (min(0.0, low), max(low, 1.0))

    def lengths(self, session: Session, ref: Ref) -> list[int]:
        return [int(number) for number in self._of(session, ref)[0] if 0 < number < 200]

    def patterns(self, session: Session, ref: Ref) -> list[str]:
        return self._of(session, ref)[1]

    def literals(self, session: Session, ref: Ref) -> list[str]:
        return self._of(session, ref)[2]


def _gather(tree: grammar.Expression, numbers: list[float], patterns: list[str], literals: list[str]) -> None:
    match tree:
        case grammar.Number(value):
            numbers.append(value)
        case grammar.Literal(value):
            literals.append(value)
        case grammar.Negation(operand):
            inner: list[float] = []
            _gather(operand, inner, patterns, literals)
            numbers += [-value for value in inner]
        case grammar.Chain(first, rest):
            _gather(first, numbers, patterns, literals)
            for _, operand in rest:
                _gather(operand, numbers, patterns, literals)
        case grammar.Call("regex", (_, grammar.Literal(pattern))):
            patterns.append(pattern)
        case grammar.Call(_, arguments):
            for argument in arguments:
                _gather(argument, numbers, patterns, literals)
        case _:
            pass
