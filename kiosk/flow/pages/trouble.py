"""A store that cannot be opened: out of order, before there is a desk to work with."""

from kiosk.errors import Fault
from kiosk.flow.pages.out_of_order import OutOfOrderView
from kiosk.flow.view import Bar, Notice, Paragraph, Tone
from kiosk.texts import LANGUAGES, texts_for


def trouble_view(fault: Fault | None) -> OutOfOrderView:
    """In every language, since nobody has chosen one; ``fault`` None for a bug."""
    body: list[Notice | Paragraph] = []
    for language in LANGUAGES:
        texts = texts_for(language)
        title = texts.message(fault.title) if fault else texts.say("This kiosk cannot start just now")
        advice = (
            texts.message(fault.advice)
            if fault
            else texts.say("Nothing is lost. Please restart the kiosk, or call the coordinator.")
        )
        body.append(Notice(title, advice, Tone.WARNING))
    if fault is not None and fault.detail:
        body.append(Paragraph(fault.detail, Tone.QUIET))
    texts = texts_for("en")
    return OutOfOrderView(
        language="en",
        title="Opora",
        bar=Bar(),
        body=tuple(body),
        more_label=texts.say("More"),
        paging=(texts.say("Page up"), texts.say("Page down")),
        key="trouble",
    )
