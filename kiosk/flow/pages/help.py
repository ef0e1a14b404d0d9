"""Help: what the page underneath is for, how the screen works, and the ways out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.presenter import Presenter, Stage
from kiosk.flow.table import Outcome, Screen
from kiosk.flow.view import Bullets, Button, Buttons, Event, Notice, Paragraph, Part, Pressed, Tone, View
from kiosk.flow.visit import holds_something_personal, is_unfinished
from kiosk.flow.wording import unbroken
from kiosk.texts import N_

ABOUT: Mapping[Screen, str] = {
    Screen.MOMENT: N_("The kiosk is getting ready. This takes a few seconds."),
    Screen.WELCOME: N_("Press your language. From then on the kiosk writes and speaks in it."),
    Screen.NEED: N_(
        "Say what brings you here: you can ask for help, see what became of an application, "
        "or go on with one that you paused."
    ),
    Screen.WHO: N_(
        "Say whose application this is: your own, or that of somebody you speak for. "
        "A paper that shows it can follow later."
    ),
    Screen.SERVICE: N_("Choose the help that you need. If you are not sure, ask the volunteer beside you."),
    Screen.CONSENT: N_(
        "This page tells you what to have ready and what happens to your answers. "
        "Nothing is sent before you press the last button yourself."
    ),
    Screen.QUESTION: N_(
        "Answer this one question, then go on. Every answer is stored at once, "
        "and you can come back and change it."
    ),
    Screen.MEMBER: N_("Here you name the people of your household, one after another."),
    Screen.CHECK: N_("Read your answers once more. Beside each one you can press “Change”."),
    Screen.SIGN: N_(
        "Write your name in the frame with a finger. "
        "If it does not please you, clear the frame and write again."
    ),
    Screen.STORED: N_(
        "Your application is stored safely on this machine. The paper is your receipt: "
        "please keep it, its code opens the answer of the agency."
    ),
    Screen.LOOKUP: N_("Type the code on your receipt: 20 digits in five groups of four."),
    Screen.FOUND: N_("This is everything that the agency has answered so far."),
    Screen.SIGN_IN: N_(
        "This page is for the volunteers of the centre. If you came here by chance, press “Back”."
    ),
    Screen.APPROVAL: N_(
        "The agency wants a coordinator to look at each application before it is sent. "
        "Compare it with what you know, then let it go."
    ),
    Screen.FORGOTTEN_PIN: N_(
        "Whoever forgot their PIN gets a new one here, with the recovery sheet. "
        "A coordinator who is signed in can do it without."
    ),
    Screen.JOURNAL: N_("Everything that was done at this kiosk, and by whom. Nobody can change it unseen."),
    Screen.LOST_RECEIPT: N_(
        "Whoever lost their receipt gets a new one here, after you have made sure who they are."
    ),
    Screen.MY_PIN: N_("Here you change your own PIN, and what you show beside it when you sign in."),
    Screen.PEOPLE: N_("Here the coordinator says who can sign in at this kiosk."),
    Screen.RULES: N_("Here the coordinator says how this centre works with the kiosk."),
    Screen.GLASS: N_(
        "Here the coordinator makes sure that everything on the screen is as large as it should be, "
        "that it can be seen well, and that it feels every touch."
    ),
    Screen.SET_UP: N_(
        "Here the coordinator does what was left at the first start, or does it again: a new printer, "
        "another screen, another address."
    ),
    Screen.OPENING_CHECK: N_(
        "The kiosk looks at itself before the day begins. Each line says what it found and what to do."
    ),
    Screen.CLOSING_CHECK: N_("The kiosk says what is still open before you go home."),
    Screen.SUPPORT: N_(
        "If somebody helps you from afar, this file tells them about the machine, and nothing about people."
    ),
    Screen.TODAY: N_(
        "Here you see what was taken today and what waits to be sent. Lock the page whenever you step away."
    ),
    Screen.STICK: N_(
        "Where there is no line, a USB stick carries what waits to the agency and brings its answers home. "
        "Nothing on it can be read by anybody else, and a lost stick loses nothing."
    ),
    Screen.UPDATES: N_(
        "New services and mended forms come here signed by your agency. They begin when nobody is at the "
        "screen, and one button leads back to the version before."
    ),
    Screen.SWITCH_OFF: N_(
        "Here the coordinator ends the work. Whoever else is in front of the screen cannot leave the kiosk."
    ),
    Screen.OUT_OF_ORDER: N_("Press “Start again”. Nothing that was stored is lost."),
    Screen.SETTINGS: N_(
        "Press what suits you: larger words, other colours, a slower voice. You see and hear it at once."
    ),
    Screen.HELP: N_("This page tells you about the page underneath."),
    Screen.STILL_THERE: N_("Press anywhere and we go on where you are."),
    Screen.FINISH_LATER: N_(
        "You can stop now and go on another day. With a code you can open your answers yourself."
    ),
    Screen.ENTER_CODE: N_(
        "Type the code that you were given when you stopped: 20 digits in five groups of four."
    ),
    Screen.LEAVE: N_("You can leave without sending anything. Say what shall become of your answers."),
    Screen.CAME_OUT: N_("Look whether the printed receipt lies in the printer, and tell us."),
    Screen.LOCKED: N_("A volunteer stepped away and will be back. The page underneath keeps its place."),
    Screen.MOVING: N_(
        "Here a new machine takes the place of one that broke or was stolen, with its backup on a USB stick."
    ),
    Screen.FIRST_START: N_(
        "The kiosk is being set up for this centre. The one-time code comes from whoever installed it."
    ),
}

STAFF_PAGES = frozenset(
    {
        Screen.APPROVAL,
        Screen.CLOSING_CHECK,
        Screen.FORGOTTEN_PIN,
        Screen.GLASS,
        Screen.JOURNAL,
        Screen.LOST_RECEIPT,
        Screen.MOVING,
        Screen.MY_PIN,
        Screen.OPENING_CHECK,
        Screen.PEOPLE,
        Screen.RULES,
        Screen.SET_UP,
        Screen.STICK,
        Screen.SUPPORT,
        Screen.TODAY,
    }
)

NOTHING_TO_LEAVE = frozenset(
    {
        Screen.MOMENT,
        Screen.WELCOME,
        Screen.FIRST_START,
        Screen.SIGN_IN,
        *STAFF_PAGES,
        Screen.LOCKED,
        Screen.OUT_OF_ORDER,
        Screen.LEAVE,
    }
)
NOT_FOR_VOLUNTEERS = frozenset(
    {Screen.FIRST_START, Screen.SIGN_IN, *STAFF_PAGES, Screen.LOCKED, Screen.MOMENT}
)


@dataclass(frozen=True, kw_only=True)
class HelpView(View):
    screen: ClassVar[str] = Screen.HELP


class HelpPresenter(Presenter):
    """Two steps: about the page underneath with the ways out, and how to use the screen."""

    screen = Screen.HELP

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.about_the_screen = False

    def view(self) -> HelpView:
        return self._using_the_screen() if self.about_the_screen else self._about_the_page()

    def _about_the_page(self) -> HelpView:
        say, centre = self.texts.say, self.desk.centre
        body: list[Part] = [Paragraph(say(ABOUT[self.stage.below])), Buttons(self._ways())]
        if not self._volunteers_may_sign_in():
            body.append(
                Paragraph(
                    say("A volunteer can sign in as soon as you have finished, and can help you at any time.")
                )
            )
        phone = unbroken(centre.phone)
        if phone:
            body.append(
                Notice(
                    say("You are not alone"),
                    say(
                        "Ask the volunteer beside you, or call the centre: {phone}",
                        phone=unbroken(centre.phone),
                    ),
                )
            )
        else:
            body.append(Notice(say("You are not alone"), say("Ask the volunteer beside you.")))
        return self.page(
            HelpView,
            title=say("Help"),
            body=tuple(body),
            back=self.back_button(say("Back to my page")),
        )

    def _ways(self) -> tuple[Button, ...]:
        say = self.texts.say
        ways = [Button("using", say("How to use this screen"))]
        if is_unfinished(self.visit) and not self.desk.practising:
            ways.append(Button("finish_later", say("Stop now and finish later"), icon="clock"))
        if self.stage.below not in NOTHING_TO_LEAVE:
            ways.append(Button("leave", say("Leave without sending"), icon="remove"))
        if self._volunteers_may_sign_in():
            ways.append(Button("staff", say("For volunteers"), icon="key", tone=Tone.QUIET))
        return tuple(ways)

    def _volunteers_may_sign_in(self) -> bool:
        return (
            not (holds_something_personal(self.visit) or self.desk.practising)
            and self.stage.below not in NOT_FOR_VOLUNTEERS
        )

    def _using_the_screen(self) -> HelpView:
        say = self.texts.say
        return self.page(
            HelpView,
            title=say("How to use this screen"),
            body=(
                Bullets(
                    (
                        say(
                            "Touch a button with one finger and lift it. Nothing happens before you lift it."
                        ),
                        say("A wide line and a mark show what you have chosen."),
                        say("If a page goes on below, the filled button says “More”."),
                        say("“Read it to me” reads the whole page. Any touch makes it quiet."),
                        say("Under “Settings” you can make the words larger and the voice slower."),
                        say("Take all the time you need. The kiosk asks before it ends."),
                    )
                ),
            ),
            back=self.back_button(),
            key=f"{self.screen}:using:{self.visit.number}",
        )

    def take(self, event: Event) -> None:
        match event:
            case Pressed(id="using"):
                self.about_the_screen = True
                self.stage.refresh()
            case Pressed(id="finish_later"):
                self._instead(Screen.FINISH_LATER)
            case Pressed(id="leave"):
                self._instead(Screen.LEAVE)
            case Pressed(id="staff") if self._volunteers_may_sign_in():
                self.stage.go(Outcome.STAFF)

    def _instead(self, overlay: Screen) -> None:
        # Closed first, so that coming back from there leads to the page and not to this one.
        self.stage.close()
        self.stage.open(overlay)

    def back(self) -> None:
        if self.about_the_screen:
            self.about_the_screen = False
            self.stage.refresh()
        else:
            self.stage.close()
