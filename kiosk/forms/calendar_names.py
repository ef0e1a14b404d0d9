"""Short names of months and weekdays in a form's language, for ``format-date``."""

from functools import cache

from kiosk.forms.itext import tag_of
from kiosk.forms.xpath.dates import MONTHS, WEEKDAYS


@cache
def names_for(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Months from January, weekdays from Monday; English for a language that is not known.

    ODK XForms specification, "Date and Time Functions": the form's locale decides.
    """
    tag = tag_of(language)
    if not tag or tag.partition("-")[0] == "en":
        return MONTHS, WEEKDAYS
    # Only a form that writes out dates in such a language pays for the import.
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return MONTHS, WEEKDAYS
    months = locale.months["format"]["abbreviated"]
    days = locale.days["format"]["abbreviated"]
    return tuple(months[at] for at in range(1, 13)), tuple(days[at] for at in range(7))
