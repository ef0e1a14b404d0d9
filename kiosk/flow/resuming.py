"""From a stored draft back to the very question where its person stopped, with every answer."""

import json
from collections.abc import Callable
from typing import Any

from kiosk.applications import DraftOpening, HolderView, ReceiptSecret, RestoredDraft
from kiosk.errors import FormFault, Message
from kiosk.flow import walk
from kiosk.flow.desk import Desk
from kiosk.flow.enclosing import ENCLOSED, enclosures_in
from kiosk.flow.looking_up import keys_of
from kiosk.flow.presenter import Stage
from kiosk.flow.table import Outcome
from kiosk.flow.visit import Entitlement, Errand, Kept, Slip, Speaker
from kiosk.forms import Session, Step, opening_from_json, parse_form, step_from_json
from kiosk.receipts import ReceiptKeys
from kiosk.texts import LANGUAGES, N_


def resume(stage: Stage, restored: RestoredDraft, *, by_code: bool = False) -> None:
    """Takes the draft into the present visit and goes to where it stood.

    Reading the form and replaying the steps happen off the page's thread. A form that the pack no longer
    holds is a FormFault: the draft stays as it is. A draft that was handed in before the kiosk stopped has
    no answers any more; its receipt is shown again until somebody has it in hand.
    """
    desk, opening, language = stage.desk, restored.opening, restored.draft.language
    if opening is None:
        _back_to_receipt(stage, restored.receipt)
        return

    def start(done: Callable[[Errand | Exception], None]) -> None:
        desk.background.run(lambda: errand_of(desk, opening, restored), done)

    def ready(errand: Errand) -> None:
        visit = stage.visit
        errand.resume_code_given = by_code
        visit.errand = errand
        if language in LANGUAGES:
            visit.language = language
        outcome = walk.return_to(errand, restored.place or "")
        stage.go(Outcome.CONTINUE_DRAFT if outcome is Outcome.TO_QUESTION else outcome)

    stage.wait_for(start, ready)


def _back_to_receipt(stage: Stage, secret: ReceiptSecret | None) -> None:
    """To the stored page, as it was before the kiosk stopped."""
    if secret is None:
        stage.go(Outcome.FINISHED)
        return
    view = HolderView.from_json(secret.holder_view)
    desk = stage.desk

    def start(done: Callable[[ReceiptKeys | Exception], None]) -> None:
        desk.background.run(lambda: keys_of(desk, secret.code), done)

    def ready(keys: ReceiptKeys) -> None:
        visit = stage.visit
        visit.errand.service = desk.pack.service(view.service)
        visit.language = view.language
        kept = Kept(secret.application_id, view.stored_at)
        visit.slip = Slip(secret.reference, secret.code, keys, kept, copy_until=view.copy_until)
        stage.go(Outcome.FINISHED if visit.errand.service is None else Outcome.STORED)

    stage.wait_for(start, ready)


def errand_of(desk: Desk, opening: DraftOpening, restored: RestoredDraft) -> Errand:
    """What the person came for, as it was when the last step was stored.

    :raises FormFault: the pack holds this form no longer, or holds other questions under its name.
    """
    key = restored.draft.form
    # As it was agreed to: where the service went to another agency since, this application did not.
    service = desk.pack.service(opening.service, opening.agency)
    file = desk.pack.form(key.id, key.digest)
    if service is None or file is None:
        raise FormFault(
            Message(N_("The questions of this application have changed since")),
            Message(N_("Its answers are still here, locked away. Please tell the coordinator.")),
            detail=f"{key.id} {key.version}",
        )
    form = parse_form(file.source, file.attachments)
    lines = [json.loads(line) for line in restored.steps]
    steps = tuple(_steps(lines))
    session = Session.replay(form, opening_from_json(json.loads(opening.session)), steps, desk.zone)
    language = form.language_for(restored.draft.language)
    if language is not None:
        session.language = language
    return Errand(
        speaker=Speaker(opening.who),
        entitlement=Entitlement(opening.entitlement) if opening.entitlement else None,
        service=service,
        volunteer_may_continue=opening.volunteer_may_continue,
        keep_copy=opening.keep_copy,
        form=form,
        session=session,
        draft=restored.draft,
        stored_steps=len(steps),
        enclosures=enclosures_in(lines),
    )


def _steps(lines: list[dict[str, Any]]) -> list[Step]:
    return [step_from_json(line) for line in lines if ENCLOSED not in line]
