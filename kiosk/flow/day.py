"""The day of a centre as the volunteer's page needs it: read in the background, put into words here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from kiosk.applications import AttentionRow, DraftSummary, TodaysCounts, TodaysRow, Urgency, Waiting
from kiosk.flow.attention import attention_words
from kiosk.flow.desk import Desk, Line, LineState
from kiosk.flow.view import Button, Buttons, Notice, Part, Progress, Row, Rows, Tone
from kiosk.flow.wording import REFERENCE_GROUPS, in_groups, shown_moment
from kiosk.ids import EnvelopeId, ServiceId
from kiosk.operators import LastBackup, Permission, SignedIn
from kiosk.operators import Part as SetUpPart
from kiosk.store import ApplicationState, PrintState
from kiosk.texts import Texts

CONTINUE = "continue:"
PRINT = "print:"
COPY = "copy:"
AGAIN = "again:"
APPROVE = "approve:"
"""Before the id of a draft, an application or an envelope: what a row's button does."""
SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Day:
    """What was read at one moment."""

    counts: TodaysCounts
    drafts: tuple[DraftSummary, ...]
    unprinted: tuple[TodaysRow, ...]
    taken: tuple[TodaysRow, ...]
    attention: tuple[AttentionRow, ...]
    waiting: Waiting
    awaiting: tuple[TodaysRow, ...]
    backup: LastBackup | None
    """None for whoever makes none."""
    opening_is_due: bool = False
    """Nobody has done the opening check today."""
    sheet_wanted: bool = False
    """Nobody has said that they have the recovery sheet."""
    left: tuple[SetUpPart, ...] = ()
    """What was left at the set-up; nothing for whoever cannot do it."""


def read_day(desk: Desk, signed_in: SignedIn) -> Day:
    """Opens what the centre may know of each line: some milliseconds a line, so call it in the background."""
    began = day_began(desk)
    desk.likenesses.settle(signed_in)
    set_up = desk.setting_up.progress()
    return Day(
        desk.today.counts(began),
        desk.drafts.list_for(signed_in),
        desk.today.unprinted(signed_in),
        desk.today.applications(signed_in, began),
        desk.today.attention(signed_in),
        desk.backlog.waiting(),
        desk.today.awaiting_approval(signed_in),
        desk.backups.last() if signed_in.may(Permission.BACK_UP) else None,
        opening_is_due=not _was_done(desk.rounds.opened_at(), began),
        sheet_wanted=signed_in.may(Permission.CHANGE_SETTINGS) and set_up.sheet_wanted,
        left=set_up.open if signed_in.may(Permission.CHANGE_SETTINGS) else (),
    )


def _was_done(at: datetime | None, began: datetime) -> bool:
    """A clock that was ahead and has been put right must not silence the check for years."""
    return at is not None and began <= at < began + timedelta(days=1)


def day_began(desk: Desk) -> datetime:
    """Midnight where the centre stands."""
    return desk.clock().astimezone(desk.zone).replace(hour=0, minute=0, second=0, microsecond=0)


class DayInWords:
    """The same for the page of one operator, in one language."""

    def __init__(self, day: Day, desk: Desk, signed_in: SignedIn, texts: Texts) -> None:
        self._day = day
        self._desk = desk
        self._signed_in = signed_in
        self._texts = texts

    def parts(self) -> tuple[Part, ...]:
        """In the order of what needs somebody: what is set aside first, what is done last."""
        lists = (
            self._attention(),
            self._awaiting(),
            self._counts(),
            self._unprinted(),
            self._drafts(),
            self._taken(),
        )
        return (*self._backlog(), *(rows for rows in lists if rows.rows))

    def _backlog(self) -> tuple[Part, ...]:
        """Told the louder the longer it lasts; only a coordinator can say that they have seen it."""
        say, waiting = self._texts.say, self._day.waiting
        if waiting.urgency is Urgency.FINE or waiting.oldest_at is None:
            return ()
        title = self._texts.many(
            "{count} application waits to be sent, the oldest since {moment}",
            "{count} applications wait to be sent, the oldest since {moment}",
            waiting.count,
            moment=self._moment(waiting.oldest_at),
        )
        kept = say("All of it is kept safely here. Go on taking applications.")
        if waiting.urgency is Urgency.WARNING or waiting.seen:
            advice = say("Please see to the connection, or let a USB stick carry it to the agency.")
            return (Notice(title, f"{advice} {kept}", Tone.WARNING),)
        if not self._signed_in.may(Permission.RESEND):
            return (Notice(title, f"{say('Please tell the coordinator today.')} {kept}", Tone.WARNING),)
        advice = say("Please arrange today for a line, or for a USB stick to be taken to the agency.")
        seen = Button(SEEN, say("I have seen this"), icon="check")
        return (Notice(title, f"{advice} {kept}", Tone.WARNING), Buttons((seen,)))

    def _counts(self) -> Rows:
        say, counts = self._texts.say, self._day.counts
        rows = [
            Row("stored", say("Stored today"), str(counts.stored)),
            Row("printed", say("Receipts printed today"), str(counts.printed)),
            Row("received", say("Stored today and already received by the agency"), str(counts.received)),
            Row("waiting", say("Waiting to be sent"), str(counts.waiting)),
        ]
        if counts.oldest_waiting_at is not None:
            rows.append(Row("oldest", say("Waiting longest, since"), self._moment(counts.oldest_waiting_at)))
        return Rows(tuple(rows), say("In figures"))

    def _attention(self) -> Rows:
        say = self._texts.say
        again = say("Try again")
        may = self._signed_in.may(Permission.RESEND)
        rows = tuple(
            Row(
                f"attention:{each.envelope_id}",
                say("Reference {reference}", reference=_reference(each.reference))
                if each.reference
                else say("An application whose reference cannot be read"),
                attention_words(each.reason_code, each.reason, self._texts),
                (Button(f"{AGAIN}{each.envelope_id}", again, icon="repeat"),) if may else (),
                tone=Tone.WARNING,
            )
            for each in self._day.attention
        )
        return Rows(rows, say("Needs attention"))

    def _awaiting(self) -> Rows:
        say = self._texts.say
        may = self._signed_in.may(Permission.APPROVE)
        rows = tuple(
            Row(
                f"awaiting:{each.id}",
                self._service(each.service),
                say("Reference {reference}: waits for the coordinator", reference=_reference(each.reference)),
                (Button(f"{APPROVE}{each.id}", say("Look and approve"), icon="check"),) if may else (),
                tone=Tone.WARNING,
            )
            for each in self._day.awaiting
        )
        return Rows(rows, say("Waiting for the coordinator"))

    def _unprinted(self) -> Rows:
        say = self._texts.say
        button = say("Print the receipt")
        may = self._signed_in.may(Permission.PRINT_AGAIN)
        rows = tuple(
            Row(
                f"unprinted:{each.id}",
                self._service(each.service),
                say(
                    "Reference {reference}, stored {moment}",
                    reference=_reference(each.reference),
                    moment=self._moment(each.stored_at),
                ),
                (Button(f"{PRINT}{each.id}", button, icon="print"),) if may else (),
            )
            for each in self._day.unprinted
        )
        return Rows(rows, say("Receipts that nobody has yet"))

    def _drafts(self) -> Rows:
        say = self._texts.say
        may = self._signed_in.may(Permission.CONTINUE_DRAFT)
        rows = []
        for each in self._day.drafts:
            last = say("Last answer {moment}", moment=self._moment(each.changed_at))
            if each.opening is None:
                rows.append(Row(f"draft:{each.id}", say("Opens with the person's own code alone"), last))
                continue
            actions = (Button(f"{CONTINUE}{each.id}", say("Continue"), icon="forward"),) if may else ()
            rows.append(Row(f"draft:{each.id}", self._service(each.opening.service), last, actions))
        return Rows(tuple(rows), say("Not finished yet"))

    def _taken(self) -> Rows:
        say = self._texts.say
        may = self._signed_in.may(Permission.PRINT_AGAIN)
        rows = tuple(
            Row(
                f"taken:{each.id}",
                self._service(each.service),
                self._more(each),
                (Button(f"{COPY}{each.id}", say("Print a copy"), icon="print"),)
                if may and each.print_state is PrintState.PRINTED
                else (),
                tone=Tone.GOOD
                if each.state in (ApplicationState.RECEIVED, ApplicationState.DECIDED)
                else Tone.PLAIN,
            )
            for each in self._day.taken
        )
        return Rows(rows, say("Taken today"))

    def _more(self, row: TodaysRow) -> str:
        """How far it is, whose it is where the centre wants that, and whether they were here before."""
        say, words = self._texts.say, [self._state(row)]
        if row.initials:
            words.insert(0, row.initials)
        if row.applied_before:
            moment = self._moment(row.applied_before[0])
            words.append(say("The same person seems to have applied here before: {moment}.", moment=moment))
        return " ".join(words)

    def _state(self, row: TodaysRow) -> str:
        say, reference = self._texts.say, _reference(row.reference)
        if any(each.application_id == row.id for each in self._day.attention):
            return say("Reference {reference}: needs attention", reference=reference)
        # An application's first envelope has the application's own id.
        if EnvelopeId(row.id) in self._desk.courier.line.on_its_way:
            return say("Reference {reference}: on its way", reference=reference)
        match row.state:
            case ApplicationState.AWAITING_APPROVAL:
                return say("Reference {reference}: waits for the coordinator", reference=reference)
            case ApplicationState.KEPT:
                return say(
                    "Reference {reference}: kept here since {moment}",
                    reference=reference,
                    moment=self._moment(row.stored_at),
                )
            case ApplicationState.SENT:
                return say(
                    "Reference {reference}: on a USB stick, not confirmed yet; kept here too",
                    reference=reference,
                )
            case ApplicationState.RECEIVED if self._has_own_server(row):
                return say(
                    "Reference {reference}: received by the agency's own server {moment}; "
                    "the kiosk hears no more",
                    reference=reference,
                    moment=self._moment(row.received_at or row.stored_at),
                )
            case ApplicationState.RECEIVED:
                return say(
                    "Reference {reference}: received by the agency {moment}",
                    reference=reference,
                    moment=self._moment(row.received_at or row.stored_at),
                )
            case ApplicationState.DECIDED:
                return say("Reference {reference}: the agency has decided", reference=reference)
            case _ as never:
                assert_never(never)

    def _has_own_server(self, row: TodaysRow) -> bool:
        agency = self._desk.pack.agencies.get(row.agency)
        return agency is not None and bool(agency.openrosa)

    def _service(self, id: str) -> str:
        service = self._desk.pack.service(ServiceId(id))
        if service is None:
            return self._texts.say("A service that is no longer offered")
        return service.plain_name.text(self._texts.language)

    def _moment(self, moment: datetime) -> str:
        return shown_moment(moment, self._desk.zone, self._texts.language)


def line_in_words(line: Line, desk: Desk, texts: Texts) -> Part:
    """How the conversation with the hub stands, in words that are true."""
    say = texts.say
    match line.state:
        case LineState.NO_HUB:
            return Notice(
                say("This kiosk works alone"),
                say(
                    "It has no address to send to yet. Everything stays here, locked away, "
                    "until the coordinator sets one."
                ),
            )
        case LineState.TRYING:
            if not line.bytes_up:
                return Progress(say("Sending what waits"), line.done, line.total)
            size = (line.bytes_up + 1023) // 1024
            return Progress(say("Sending what waits: {size} KB so far", size=size), line.done, line.total)
        case LineState.FAILED if line.fault is not None:
            return Notice(texts.message(line.fault.title), texts.message(line.fault.advice), Tone.WARNING)
        case LineState.FAILED:
            return Notice(
                say("There is no line just now"),
                say("What waits is kept here and goes out by itself later."),
                Tone.WARNING,
            )
        case LineState.IDLE if line.heard_at is not None:
            moment = shown_moment(line.heard_at, desk.zone, texts.language)
            return Notice(say("The line works"), say("Last answer {moment}", moment=moment), Tone.GOOD)
        case LineState.IDLE:
            return Notice(
                say("Nothing has been sent from here yet"),
                say("What waits goes out by itself as soon as there is a line."),
            )
        case _ as never:
            assert_never(never)


def _reference(digits: str) -> str:
    return " ".join(in_groups(digits, REFERENCE_GROUPS))
