"""From checked answers to "stored": the receipt's secrets, the sealed envelope, one transaction."""

from collections.abc import Callable

from kiosk.applications import Stored
from kiosk.flow.presenter import Stage
from kiosk.flow.saving import draft_of
from kiosk.flow.submission_request import submission_request
from kiosk.flow.table import Outcome
from kiosk.flow.visit import Slip, Visit
from kiosk.flow.walk import session_of
from kiosk.receipts import ReceiptKeys, new_receipt_code, new_reference


def prepare_slip(stage: Stage) -> None:
    """Begins to make reference, code and keys while the person still reads; harmless when done already."""
    visit = stage.visit
    if visit.slip is None:
        _make_slip(stage, visit, lambda _: None)


def hand_in(stage: Stage) -> None:
    """Seals and stores the application; the stored page follows only after the store said so."""
    visit = stage.visit

    def start(done: Callable[[Stored | Exception], None]) -> None:
        def with_slip(slip: Slip | Exception) -> None:
            if isinstance(slip, Exception):
                done(slip)
                return
            stage.desk.submissions.submit(
                draft_of(visit.errand), submission_request(stage.desk, visit, slip), done
            )

        if visit.slip is not None:
            with_slip(visit.slip)
        else:
            _make_slip(stage, visit, with_slip)

    def stored(result: Stored) -> None:
        assert visit.slip is not None
        visit.slip.stored = result
        stage.desk.courier.nudge()
        stage.go(Outcome.STORED)

    session_of(visit.errand)
    stage.wait_for(start, stored)


def _make_slip(stage: Stage, visit: Visit, done: Callable[[Slip | Exception], None]) -> None:
    salt = stage.desk.salt

    def make() -> Slip:
        code = new_receipt_code()
        return Slip(new_reference(), code, ReceiptKeys.derive(code, salt))

    def made(slip: Slip | Exception) -> None:
        if isinstance(slip, Slip):
            if visit.slip is None:
                visit.slip = slip
            slip = visit.slip
        done(slip)

    stage.desk.background.run(make, made)
