"""Where a kiosk begins once its store is open: first start, a question broken off, or welcome."""

from collections.abc import Callable

from kiosk.applications import RestoredDraft
from kiosk.flow.pages.moment import MomentView, moment_view
from kiosk.flow.presenter import Presenter
from kiosk.flow.table import Outcome, Screen
from kiosk.operators import SetUp


class StartPresenter(Presenter):
    """Shows the first paint's page a moment longer, and leads on by itself."""

    screen = Screen.MOMENT

    def view(self) -> MomentView:
        return moment_view(self.visit.language)

    def entered(self) -> None:
        setting_up = self.desk.setting_up

        def begin(done: Callable[[SetUp | Exception], None]) -> None:
            self.desk.background.run(setting_up.progress, done)

        self.stage.wait_for(begin, self._know)

    def _know(self, set_up: SetUp) -> None:
        if set_up.at is not None:
            self.stage.go(Outcome.NOT_SET_UP)
            return

        def start(done: Callable[[RestoredDraft | Exception | None], None]) -> None:
            self.desk.drafts.open_after_crash(done)

        self.stage.wait_for(start, self._found)

    def _found(self, restored: RestoredDraft | None) -> None:
        if restored is None:
            self.stage.go(Outcome.OPENED)
        else:
            # The forms' engine comes with it: only after a crash has a start to wait for that.
            from kiosk.flow.resuming import resume

            resume(self.stage, restored)
