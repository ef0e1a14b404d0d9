"""The page that shows whether a printer prints: the letters of a receipt, in all three scripts."""

from kiosk.flow.desk import Centre
from kiosk.receipts import PlainSheet
from kiosk.texts import Texts


def trial_print(texts: Texts, centre: Centre) -> PlainSheet:
    say = texts.say
    return PlainSheet(
        language=texts.language,
        title=say("Test page"),
        where=centre.name,
        lines=(
            say("If you can read this easily, the printer is ready for receipts."),
            say("Nothing about anybody stands on this page. You can throw it away."),
        ),
        large="1234 5678 90 · Абвгд · 가나다라",
    )
