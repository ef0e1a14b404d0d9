"""What every page of the set-up has: words, parts, one way on, and where its result goes."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, Protocol

from kiosk.errors import Fault
from kiosk.flow.desk import Desk
from kiosk.flow.presenter import Stage
from kiosk.flow.view import Event, FieldError
from kiosk.flow.view import Part as ViewPart
from kiosk.flow.visit import Visit
from kiosk.operators import Part, SetUp, SignedIn
from kiosk.store import Setting
from kiosk.texts import Texts, texts_for


class Host(Protocol):
    """The presenter that shows the page."""

    stage: Stage
    errors: tuple[FieldError, ...]
    fault: Fault | None

    def settled(self, set_up: SetUp) -> None:
        """The page is done; this is how far the set-up has come."""
        ...


class SetUpPage(ABC):
    """One page, which may have steps; ``step`` names the one that is shown, in the view's key."""

    part: ClassVar[Part]
    can_wait: ClassVar[bool] = True
    """Whether it can be left for later."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.step = ""

    @property
    def stage(self) -> Stage:
        return self.host.stage

    @property
    def desk(self) -> Desk:
        return self.host.stage.desk

    @property
    def visit(self) -> Visit:
        return self.host.stage.visit

    @property
    def texts(self) -> Texts:
        return texts_for(self.visit.language)

    @property
    def signed_in(self) -> SignedIn | None:
        return self.visit.signed_in

    # -- what is shown

    @abstractmethod
    def title(self) -> str: ...

    def hint(self) -> str:
        return ""

    @abstractmethod
    def body(self) -> tuple[ViewPart, ...]: ...

    @abstractmethod
    def forward_label(self) -> str: ...

    def forward_enabled(self) -> bool:
        return True

    def later_label(self) -> str:
        return self.texts.say("Later")

    @property
    def private(self) -> bool:
        return False

    @property
    def bare(self) -> bool:
        """What is shown only once: no other page may lie over it, and nothing leads back."""
        return False

    # -- what is done

    def entered(self) -> None:  # noqa: B027
        """Called once, when the page has become the one that is shown."""

    def tick(self) -> None:  # noqa: B027
        """Called about once a second."""

    def take(self, event: Event) -> bool:
        """Whether the event was for this page."""
        return False

    def back(self) -> bool:
        """Back within the page; False from its first step."""
        return False

    @abstractmethod
    def forward(self) -> None: ...

    # -- for the pages themselves

    def error_at(self, field: str) -> str:
        return next((each.text for each in self.host.errors if each.field == field), "")

    def refuse(self, *errors: FieldError) -> None:
        self.host.errors = errors
        self.stage.refresh()

    def settle(
        self, settings: dict[Setting, str] | None = None, after: Callable[[], None] | None = None
    ) -> None:
        """Keeps what was set up and leaves the page; ``after`` takes hold of it first."""
        setting_up, by, part = self.desk.setting_up, self.signed_in, self.part

        def begin(done: Callable[[SetUp | Exception], None]) -> None:
            self.desk.background.run(lambda: setting_up.settle(by, part, settings), done)

        def settled(set_up: SetUp) -> None:
            if after is not None:
                after()
            self.host.settled(set_up)

        self.stage.wait_for(begin, settled)
