"""A store that cannot be opened: out of order, before there is a desk to work with."""

from typing import Final

from kiosk.errors import Fault
from kiosk.flow.pages.out_of_order import OutOfOrderView
from kiosk.flow.view import Bar, Button, Notice, Tone
from kiosk.texts import LANGUAGES, texts_for

AGAIN: Final = "again"


def trouble_view(fault: Fault | None, *, again: bool = False) -> OutOfOrderView:
    """In every language, since nobody has chosen one; ``fault`` None for a bug. With ``again`` the filled
    button, whose id is :data:`AGAIN`, offers to open the store anew."""
    body: list[Notice] = []
    for language in LANGUAGES:
        texts = texts_for(language)
        title = texts.message(fault.title) if fault else texts.say("This kiosk cannot start just now")
        advice = (
            texts.message(fault.advice)
            if fault
            else texts.say("Nothing is lost. Please restart the kiosk, or call the coordinator.")
        )
        body.append(Notice(title, advice, Tone.WARNING))
    texts = texts_for("en")
    label = " · ".join(dict.fromkeys(texts_for(language).say("Try again") for language in LANGUAGES))
    return OutOfOrderView(
        language="en",
        # The detail is for whoever is called: it stands where it takes no line of its own.
        title=f"Opora: {fault.detail}" if fault is not None and fault.detail else "Opora",
        bar=Bar(),
        body=tuple(body),
        forward=Button(AGAIN, label, icon="repeat", tone=Tone.STRONG) if again else None,
        more_label=texts.say("More"),
        paging=(texts.say("Page up"), texts.say("Page down")),
        key="trouble",
    )
