"""How far a kiosk has been set up: what is done, what was left for later, and who may do it.

Until there is a coordinator nobody can sign in, and whoever stands before a blank kiosk sets it up; from
then on every setting asks for the permission.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from kiosk.errors import Message, SignInFault
from kiosk.journal import KIOSK, Action, operator_actor
from kiosk.operators.centre import SignedIn
from kiosk.operators.permissions import Permission
from kiosk.store import Clock, Repositories, Setting, WriterLane
from kiosk.texts import N_


class Part(StrEnum):
    """What is set up, in this order, a page each."""

    LANGUAGE = "language"
    SIZE = "size"
    SOUND = "sound"
    PRINTER = "printer"
    CENTRE = "centre"
    COORDINATOR = "coordinator"
    HUB = "hub"
    PRACTICE = "practice"


PARTS: Final = tuple(Part)

SETTINGS: Final = (
    Setting.GLASS,
    Setting.SOUND,
    Setting.PRINTER,
    Setting.CENTRE_NAME,
    Setting.CENTRE_ADDRESS,
    Setting.CENTRE_PHONE,
)
"""What its pages write, each with an entry in the journal."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """``at`` is the page that a first start stands on; None once it is over. ``left`` is to be done later.

    ``sheet_wanted``: nobody has said yet that they have the recovery sheet.
    """

    at: Part | None
    left: tuple[Part, ...] = ()
    language: str = ""
    sheet_wanted: bool = False

    @property
    def open(self) -> tuple[Part, ...]:
        """What was left for later, and what a first start that was broken off has not come to."""
        due = () if self.at is None else PARTS[PARTS.index(self.at) :]
        return tuple(part for part in PARTS if part in self.left or part in due)

    def settled(self, part: Part) -> "SetUp":
        """``part`` is done, and the next one is due."""
        return replace(self, at=_after(self.at, part), left=tuple(each for each in self.left if each != part))

    def postponed(self, part: Part) -> "SetUp":
        left = (*(each for each in self.left if each != part), part)
        return replace(self, at=_after(self.at, part), left=tuple(sorted(left, key=PARTS.index)))


def _after(at: Part | None, part: Part) -> Part | None:
    if at is not part:
        return at
    place = PARTS.index(part) + 1
    return PARTS[place] if place < len(PARTS) else None


class SettingUp:
    """Each call waits for the lane: call it in the background. ``changed``: settings were."""

    def __init__(self, lane: WriterLane, clock: Clock, changed: Callable[[], None] = lambda: None) -> None:
        self._lane = lane
        self._clock = clock
        self._changed = changed

    def progress(self) -> SetUp:
        """A kiosk with a coordinator and no note is one that was set up before there were notes."""
        with self._lane.database.reader() as repositories:
            return _read(repositories)

    def settle(self, by: SignedIn | None, part: Part, settings: dict[Setting, str] | None = None) -> SetUp:
        """``part`` is done: writes its settings, with an entry in the journal for each that changed.

        Raises :class:`~kiosk.errors.SignInFault` where ``by`` may not.
        """
        return self._change(by, lambda set_up: set_up.settled(part), settings or {})

    def postpone(self, by: SignedIn | None, part: Part) -> SetUp:
        return self._change(by, lambda set_up: set_up.postponed(part), {})

    def choose_language(self, language: str) -> SetUp:
        return self._change(
            None, lambda set_up: replace(set_up, language=language).settled(Part.LANGUAGE), {}
        )

    def go_back_to(self, by: SignedIn | None, part: Part) -> SetUp:
        return self._change(by, lambda set_up: replace(set_up, at=part), {})

    def sheet_is_kept(self, by: SignedIn) -> SetUp:
        """Somebody has the recovery sheet; with it the coordinator's page is done."""
        return self._change(
            by, lambda set_up: replace(set_up, sheet_wanted=False).settled(Part.COORDINATOR), {}
        )

    def put_off(self) -> SetUp:
        """Whoever stands there cannot go on: what is open is left, so that the kiosk can be used."""

        def work(repositories: Repositories) -> SetUp:
            set_up = _read(repositories)
            return _write(repositories, replace(set_up, at=None, left=set_up.open))

        return self._lane.submit(work).result()

    def practised(self) -> SetUp:
        """A practice application came to its end; whoever did it is not signed in."""

        def work(repositories: Repositories) -> SetUp:
            return _write(repositories, _read(repositories).settled(Part.PRACTICE))

        return self._lane.submit(work).result()

    def _change(
        self, by: SignedIn | None, change: Callable[[SetUp], SetUp], settings: dict[Setting, str]
    ) -> SetUp:
        if by is not None:
            by.require(Permission.CHANGE_SETTINGS)
        now = self._clock()

        def work(repositories: Repositories) -> SetUp:
            if by is None and repositories.operators.coordinators():
                raise SignInFault(
                    Message(N_("Only the coordinator can do this.")),
                    Message(N_("Please ask the coordinator to sign in.")),
                )
            actor = KIOSK if by is None else operator_actor(by.id)
            for setting, value in settings.items():
                assert setting in SETTINGS, setting
                if (repositories.settings.get(setting) or "") != value:
                    repositories.settings.put(setting, value)
                    repositories.journal.append(now, actor, Action.SETTING_CHANGED, setting)
            return _write(repositories, change(_read(repositories)))

        set_up = self._lane.submit(work).result()
        if settings:
            self._changed()
        return set_up


def note_coordinator(repositories: Repositories) -> None:
    """Lane work of the first coordinator's making: in a first start the sheet has to be seen to next."""
    if repositories.settings.get(Setting.SET_UP) is not None:
        _write(repositories, replace(_read(repositories), at=Part.COORDINATOR, sheet_wanted=True))


def _read(repositories: Repositories) -> SetUp:
    note = repositories.settings.get(Setting.SET_UP)
    if note is None:
        return SetUp(None if repositories.operators.coordinators() else Part.LANGUAGE)
    found = json.loads(note)
    at = found.get("at")
    return SetUp(
        at=Part(at) if at in set(Part) else None,
        left=tuple(part for part in PARTS if part in found.get("left", ())),
        language=str(found.get("language", "")),
        sheet_wanted=bool(found.get("sheet", False)),
    )


def _write(repositories: Repositories, set_up: SetUp) -> SetUp:
    note = {
        "at": set_up.at,
        "left": list(set_up.left),
        "language": set_up.language,
        "sheet": set_up.sheet_wanted,
    }
    repositories.settings.put(Setting.SET_UP, json.dumps(note))
    return set_up
