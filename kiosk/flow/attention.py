"""Why something was set aside, in words for whoever has to see to it: never a code."""

from kiosk.texts import N_, Texts

_WORDS: dict[str, str] = {
    "digest": N_("Needs attention: what arrived is not what was stored here."),
    "damaged": N_("Needs attention: the copy stored here is damaged."),
    "unreadable": N_("Needs attention: the agency's hub could not read it."),
    "too-large": N_("Needs attention: it is too large for the agency's hub."),
    "other-content": N_("Needs attention: the agency has it already, with other content."),
    "sequence-taken": N_(
        "Needs attention: this kiosk seems to have been copied, or restored from a backup. "
        "The agency has the application."
    ),
    "form-unknown": N_("Needs attention: the agency's server does not know this version of the form."),
}
"""By the reason's code (``sync.kinds.ReasonCode``; a test holds the two together)."""


def attention_words(code: str, text: str, texts: Texts) -> str:
    """A reason that is not known here is told in the other end's own words."""
    known = _WORDS.get(code)
    if known is not None:
        return texts.say(known)
    if text:
        return texts.say("Needs attention: {reason}", reason=text)
    return texts.say("Needs attention: the agency's hub did not accept it.")
