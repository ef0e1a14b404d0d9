"""The first paint: the product's name and "one moment", while the store is opened and checked.

What follows is decided in :mod:`kiosk.flow.pages.start`.
"""

from dataclasses import dataclass
from typing import ClassVar

from kiosk.flow.view import Bar, Paragraph, Picture, View
from kiosk.texts import texts_for


@dataclass(frozen=True, kw_only=True)
class MomentView(View):
    screen: ClassVar[str] = "moment"


def moment_view(language: str = "en") -> MomentView:
    """Made without a desk, since nothing is open yet."""
    texts = texts_for(language)
    return MomentView(
        language=language,
        title="Opora",
        bar=Bar(),
        body=(Picture("people", ""), Paragraph(texts.say("One moment"))),
        key="moment",
    )
