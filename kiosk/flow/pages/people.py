"""The coordinator's list of people: who can sign in, somebody new, a forgotten PIN, somebody who left."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar, assert_never

from kiosk.flow.new_pin import NewPin
from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import (
    Button,
    Buttons,
    Choice,
    Choices,
    Chosen,
    Event,
    FieldError,
    FieldKind,
    Notice,
    Part,
    Pressed,
    Row,
    Rows,
    TextField,
    Tone,
    Typed,
    View,
)
from kiosk.operators import Factor, Operator, Role, SignedIn
from kiosk.texts import LANGUAGES, OWN_NAMES

RESET = "reset:"
LEFT = "left:"
"""Before the id of an operator: what a row's button does."""


class At(Enum):
    LIST = auto()
    NAME = auto()
    ROLE = auto()
    LANGUAGE = auto()
    PIN = auto()
    """Of somebody new, or of somebody who forgot theirs."""
    LEAVING = auto()


@dataclass(frozen=True, kw_only=True)
class PeopleView(View):
    screen: ClassVar[str] = Screen.PEOPLE


class PeoplePresenter(Presenter):
    screen = Screen.PEOPLE

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.at = At.LIST
        self.told: Notice | None = None
        self._start_over()

    def _start_over(self) -> None:
        self.people = self.desk.operators.names()
        self.name, self.role, self.language = "", Role.VOLUNTEER, self.visit.language
        self.who: Operator | None = None
        self.new_pin = NewPin()

    # -- what is shown

    def view(self) -> PeopleView:
        say = self.texts.say
        match self.at:
            case At.LIST:
                return self._list()
            case At.NAME:
                error = next((each.text for each in self.errors if each.field == "name"), "")
                field = TextField("name", say("Name"), self.name, FieldKind.TEXT, error=error)
                hint = say("As the others know them. It is shown when they sign in.")
                return self._page(say("What is their name?"), field, hint=hint)
            case At.ROLE:
                cards = (
                    Choice(
                        Role.VOLUNTEER,
                        say("Volunteer"),
                        say("Helps people apply and goes on with what they began."),
                        chosen=self.role is Role.VOLUNTEER,
                    ),
                    Choice(
                        Role.COORDINATOR,
                        say("Coordinator"),
                        say("Also approves, sets up people, and reads the journal."),
                        chosen=self.role is Role.COORDINATOR,
                    ),
                )
                return self._page(say("What do they do here?"), Choices("role", cards))
            case At.LANGUAGE:
                languages = tuple(
                    Choice(tag, OWN_NAMES[tag], chosen=tag == self.language) for tag in LANGUAGES
                )
                return self._page(say("Which language do they read?"), Choices("language", languages))
            case At.PIN:
                return self._pin()
            case At.LEAVING:
                return self._leaving()
            case _ as never:
                assert_never(never)

    def _list(self) -> PeopleView:
        say = self.texts.say
        roles = {Role.VOLUNTEER: say("Volunteer"), Role.COORDINATOR: say("Coordinator")}
        rows = []
        for each in self.people:
            second = "" if each.second_factor == Factor.NONE else say("with a second proof")
            actions = [Button(f"{RESET}{each.id}", say("New PIN"), icon="key")]
            if each.id != self.signed_in.id:
                actions.append(Button(f"{LEFT}{each.id}", say("Has left"), icon="remove"))
            value = roles[each.role] if not second else f"{roles[each.role]}, {second}"
            rows.append(Row(f"operator:{each.id}", each.name, value, tuple(actions)))
        body: list[Part] = [] if self.told is None else [self.told]
        body += [Rows(tuple(rows)), Buttons((Button("add", say("Add somebody"), icon="person"),))]
        return self._page(say("People of this centre"), *body, forward=None)

    def _pin(self) -> PeopleView:
        self.errors = self.new_pin.errors
        field, hint = self.new_pin.field(self.texts), self.new_pin.hint(self.texts)
        return self._page(self.new_pin.title(self.texts), field, hint=hint, where=self._whose())

    def _whose(self) -> str:
        name = self.name if self.who is None else self.who.name
        return self.texts.say("{name} types this PIN", name=name)

    def _leaving(self) -> PeopleView:
        say = self.texts.say
        assert self.who is not None, "the list says who"
        body = Notice(
            say("Their PIN opens nothing any more"),
            say(
                "The centre's key is changed too, so that nothing opens with what they may have kept. "
                "It takes a moment. A new recovery sheet is due afterwards."
            ),
            Tone.WARNING,
        )
        title = say("Has {name} left the centre?", name=self.who.name)
        return self._page(title, body, forward=say("Yes, they have left"))

    def _page(
        self, title: str, *body: Part, hint: str = "", where: str = "", forward: str | None = ""
    ) -> PeopleView:
        return self.page(
            PeopleView,
            title=title,
            where=where,
            hint=hint,
            body=body,
            back=self.back_button(),
            forward=None if forward is None else self.forward_button(forward),
            staff=True,
            private=self.at is At.PIN,
            key=f"{self.screen}:{self.at.name}:{self.new_pin.again}:{self.visit.number}",
        )

    # -- what the coordinator does

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="add"):
                self._start_over()
                self._to(At.NAME)
                return
            case Pressed(id=id) if id.startswith(RESET):
                self._about(id.removeprefix(RESET), At.PIN)
                return
            case Pressed(id=id) if id.startswith(LEFT):
                self._about(id.removeprefix(LEFT), At.LEAVING)
                return
            case Typed(field="name", text=text):
                self.name = text
            case Chosen(field="role", value=value):
                self.role = Role(value)
            case Chosen(field="language", value=value) if value in LANGUAGES:
                self.language = value
            case _ if self.at is At.PIN and self.new_pin.take(event):
                pass
            case _:
                return
        self.errors = ()
        self.stage.refresh()

    def back(self) -> None:
        match self.at:
            case At.LIST:
                self.stage.go(Outcome.BACK)
            case At.ROLE:
                self._to(At.NAME)
            case At.LANGUAGE:
                self._to(At.ROLE)
            case At.PIN if self.new_pin.back():
                self.stage.refresh()
            case At.PIN if self.who is None:
                self._to(At.LANGUAGE)
            case _:
                self._to(At.LIST)

    def forward(self) -> None:
        match self.at:
            case At.LIST:
                pass
            case At.NAME if not self.name.strip():
                self.errors = (FieldError("name", self.texts.say("Please type a name.")),)
                self.stage.refresh()
            case At.NAME:
                self._to(At.ROLE)
            case At.ROLE:
                self._to(At.LANGUAGE)
            case At.LANGUAGE:
                self._to(At.PIN)
            case At.PIN:
                if self.new_pin.forward(self.texts):
                    self._give_pin(self.new_pin.pin)
                else:
                    self.stage.refresh()
            case At.LEAVING:
                self._leave()
            case _ as never:
                assert_never(never)

    def _about(self, id: str, at: At) -> None:
        self._start_over()
        self.who = next((each for each in self.people if str(each.id) == id), None)
        self._to(at if self.who is not None else At.LIST)

    def _give_pin(self, pin: str) -> None:
        operators, signed_in, who = self.desk.operators, self.signed_in, self.who
        name, role, language = self.name, self.role, self.language

        def give() -> SignedIn:
            if who is None:
                operators.add(signed_in, name, role, pin, language)
            else:
                operators.reset_pin(signed_in, who.id, pin)
            return signed_in

        say = self.texts.say
        done = (
            say("{name} can sign in now", name=name.strip())
            if who is None
            else say("{name} has a new PIN", name=who.name)
        )
        self._do(give, Notice(done, tone=Tone.GOOD))

    def _leave(self) -> None:
        vault, signed_in, who = self.desk.vault, self.signed_in, self.who
        assert who is not None, "the list says who"
        say = self.texts.say
        done = Notice(
            say("{name} opens nothing any more", name=who.name),
            say("Please print a new recovery sheet under “The centre” and destroy the old one."),
            Tone.WARNING,
        )

        self._do(lambda: vault.rekey(signed_in, who.id).signed_in, done)

    def _do(self, work: Callable[[], SignedIn], told: Notice) -> None:
        """``work`` gives the coordinator with the keys of afterwards."""

        def begin(done: Callable[[SignedIn | Exception], None]) -> None:
            self.desk.background.run(work, done)

        def after(signed_in: SignedIn) -> None:
            self.visit.signed_in, self.told = signed_in, told
            self._start_over()
            self._to(At.LIST, keep=True)

        self.stage.wait_for(begin, after)

    def _to(self, at: At, *, keep: bool = False) -> None:
        if at is At.LIST and not keep:
            self._start_over()
        if not keep:
            self.told = None
        self.at, self.errors, self.fault = at, (), None
        self.stage.refresh()
