"""What is looked at when a centre opens or closes, in the order in which it matters; a sentence each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.applications import Urgency
from kiosk.checks import Check, check_printer
from kiosk.flow.day import day_began, line_in_words
from kiosk.flow.desk import Centre, Desk, LineState
from kiosk.flow.view import Notice, Row, Tone
from kiosk.flow.wording import shown_moment
from kiosk.operators import Permission, SignedIn
from kiosk.receipts import Mark, PlainSheet, SheetRow
from kiosk.texts import Texts

Look = Callable[[], Check]
"""May take seconds: it is called in the background."""

VERDICTS: Final[Mapping[bool | None, str]] = {True: "fine", None: "look", False: "broken"}
_MARKS: Final[Mapping[bool | None, Mark]] = {True: Mark.FINE, None: Mark.LOOK, False: Mark.BROKEN}


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was looked at; ``id`` is the same in every language."""

    id: str
    check: Check


def opening_looks(desk: Desk, signed_in: SignedIn, texts: Texts) -> tuple[tuple[str, Look], ...]:
    """Quick ones first: a page shows each as it comes."""
    machine = desk.machine
    looks: tuple[tuple[str, Look], ...] = (
        ("disk", lambda: machine.disk(texts)),
        ("clock", lambda: clock_check(desk, texts)),
        ("line", lambda: line_check(desk, texts)),
        ("waiting", lambda: waiting_check(desk, texts)),
        ("backup", lambda: backup_check(desk, texts)),
        ("screen", lambda: machine.glass(texts)),
        ("printer", lambda: printer_check(desk, texts)),
        ("voice", lambda: voice_check(desk, texts)),
    )
    if signed_in.may(Permission.CHANGE_SETTINGS):
        looks = (*looks, ("set-up", lambda: set_up_check(desk, texts)))
    return looks


def closing_looks(desk: Desk, texts: Texts) -> tuple[tuple[str, Look], ...]:
    return (
        ("unprinted", lambda: unprinted_check(desk, texts)),
        ("drafts", lambda: drafts_check(desk, texts)),
        ("waiting", lambda: waiting_check(desk, texts)),
        ("backup", lambda: backup_check(desk, texts)),
        ("stick", lambda: stick_check(desk, texts)),
    )


def clock_check(desk: Desk, texts: Texts) -> Check:
    """By the machine alone, and by what the other end of the line said of it."""
    check, error = desk.machine.clock(texts), desk.courier.line.clock_error
    if check.ok is not True or error is None:
        return check
    minutes = round(abs(error).total_seconds() / 60)
    sentence = texts.many(
        "The clock is {count} minute wrong, says the agency's hub.",
        "The clock is {count} minutes wrong, says the agency's hub.",
        minutes,
    )
    return Check(check.name, None, sentence, texts.say("Please have the date and the time set."))


def voice_check(desk: Desk, texts: Texts) -> Check:
    """Whether there are words and a loudspeaker, and what came of the last try: a system may go on naming a
    loudspeaker that is no longer there."""
    check, reason = desk.machine.voice(texts), desk.voice.off_reason
    if check.ok is not True or reason is None:
        return check
    advice = texts.say("Please look whether it is plugged in and switched on.")
    return Check(check.name, None, texts.say("No sound comes out of the loudspeaker."), advice)


def line_check(desk: Desk, texts: Texts) -> Check:
    """No line breaks nothing: a kiosk is made for that."""
    line = desk.courier.line
    told = line_in_words(line, desk, texts)
    name = texts.say("Line")
    if not isinstance(told, Notice):
        return Check(name, True, texts.say("Sending is under way."))
    ok = True if line.state is LineState.IDLE else None
    return Check(name, ok, f"{told.title}.", told.text)


def waiting_check(desk: Desk, texts: Texts) -> Check:
    name, waiting = texts.say("Waiting to be sent"), desk.backlog.waiting()
    if waiting.oldest_at is None:
        return Check(name, True, texts.say("Nothing waits."))
    sentence = texts.many(
        "{count} application waits, the oldest since {moment}.",
        "{count} applications wait, the oldest since {moment}.",
        waiting.count,
        moment=shown_moment(waiting.oldest_at, desk.zone, texts.language),
    )
    if waiting.urgency is Urgency.FINE:
        return Check(name, True, sentence, texts.say("It is kept safely and goes out by itself."))
    advice = texts.say("Please see to the connection, or let a USB stick carry it to the agency.")
    return Check(name, None, sentence, advice)


def backup_check(desk: Desk, texts: Texts) -> Check:
    name, last = texts.say("Backup"), desk.backups.last()
    advice = texts.say("The coordinator makes one with a USB stick, on the page of the day.")
    if last.at is None:
        return Check(name, None, f"{texts.say('There is no backup of this kiosk yet')}.", advice)
    moment = shown_moment(last.at, desk.zone, texts.language)
    sentence = f"{texts.say('The last backup was made {moment}', moment=moment)}."
    return Check(name, None, sentence, advice) if last.due else Check(name, True, sentence)


def printer_check(desk: Desk, texts: Texts) -> Check:
    check = check_printer(desk.printer, texts)
    if check.ok:
        return Check(check.name, True, check.sentence, texts.say("Is there enough paper in it for the day?"))
    return check


def set_up_check(desk: Desk, texts: Texts) -> Check:
    name, left = texts.say("Set-up"), desk.setting_up.progress().open
    if not left:
        return Check(name, True, texts.say("Everything is set up."))
    sentence = texts.many(
        "{count} thing of the set-up was left for later.",
        "{count} things of the set-up were left for later.",
        len(left),
    )
    return Check(name, None, sentence, texts.say("You find them under “The centre”, “Set up this kiosk”."))


def unprinted_check(desk: Desk, texts: Texts) -> Check:
    name, count = texts.say("Receipts"), desk.today.counts(day_began(desk)).unprinted
    if not count:
        return Check(name, True, texts.say("Every receipt was printed."))
    sentence = texts.many(
        "{count} receipt was not printed yet.", "{count} receipts were not printed yet.", count
    )
    return Check(name, None, sentence, texts.say("Print them on the page of the day, or call the people."))


def drafts_check(desk: Desk, texts: Texts) -> Check:
    name, count = texts.say("Not finished"), desk.today.counts(day_began(desk)).drafts
    if not count:
        return Check(name, True, texts.say("Nobody left an application unfinished."))
    sentence = texts.many(
        "{count} application is not finished.", "{count} applications are not finished.", count
    )
    return Check(
        name, True, sentence, texts.say("What was answered is kept safely until the people come back.")
    )


def stick_check(desk: Desk, texts: Texts) -> Check:
    name, found = texts.say("USB stick"), desk.sticks.find()
    if not found:
        return Check(name, True, texts.say("There is no stick in the kiosk."))
    return Check(
        name,
        None,
        texts.say("A stick is still in the kiosk: {name}.", name=found[0].name),
        texts.say("Please take it out and lock it away."),
    )


def row_of(seen: Seen) -> Row:
    """For what is fine."""
    check = seen.check
    return Row(seen.id, check.name, f"{check.sentence} {check.advice}".strip())


def notice_of(seen: Seen) -> Notice:
    """For what is not: what was found, and what to do."""
    check = seen.check
    return Notice(check.sentence, check.advice, Tone.WARNING if check.ok is None else Tone.ERROR)


def verdicts_of(seen: tuple[Seen, ...]) -> Mapping[str, str]:
    return {each.id: VERDICTS[each.check.ok] for each in seen}


def sheet_of(
    seen: tuple[Seen, ...], title: str, moment: str, to_do: tuple[str, ...], centre: Centre, texts: Texts
) -> PlainSheet:
    """One page, to hang beside the kiosk; ``to_do`` is ticked by hand."""
    rows = tuple(
        SheetRow(
            _MARKS[each.check.ok],
            each.check.name,
            tuple(line for line in (each.check.sentence, each.check.advice) if line),
        )
        for each in seen
    )
    return PlainSheet(
        language=texts.language,
        title=title,
        where=centre.name,
        lines=(moment,),
        rows=(*rows, *(SheetRow(Mark.TO_DO, each) for each in to_do)),
    )
