"""A practice application: the whole way, over a store of its own that is erased at the end."""

from collections.abc import Callable

from kiosk.flow.desk import Desk
from kiosk.flow.setting_up.page import SetUpPage
from kiosk.flow.view import Bullets, Notice, Tone
from kiosk.flow.view import Part as ViewPart
from kiosk.operators import Part


class PracticePage(SetUpPage):
    part = Part.PRACTICE

    def title(self) -> str:
        return self.texts.say("Try it once yourself")

    def hint(self) -> str:
        return self.texts.say("Apply for something, as the people will who come here.")

    def body(self) -> tuple[ViewPart, ...]:
        say = self.texts.say
        if not any(service.form is not None for service in self.desk.pack.services):
            none = say("They come with the first exchange, or on a stick from the agency. Practise then.")
            return (Notice(say("There are no services on this kiosk yet."), none, Tone.WARNING),)
        return (
            Bullets(
                (
                    say("Answer whatever you like: every page says that it is practice."),
                    say("The receipt that is printed says so too."),
                    say("Nothing is sent, and nothing of it is kept."),
                )
            ),
        )

    def forward_label(self) -> str:
        return self.texts.say("Begin to practise")

    def forward_enabled(self) -> bool:
        return any(service.form is not None for service in self.desk.pack.services)

    def forward(self) -> None:
        practice, setting_up, by = self.desk.practice, self.desk.setting_up, self.signed_in

        def work() -> Desk:
            # Done only once an application came to its end; until then it is one of the things left.
            setting_up.postpone(by, Part.PRACTICE)
            return practice.begin()

        def begin(done: Callable[[Desk | Exception], None]) -> None:
            self.desk.background.run(work, done)

        self.stage.wait_for(begin, self.stage.practise)
