"""Why a form is refused, as a fault with a title and what to do."""

from kiosk.errors import FormFault, Message


def refused(reason: Message, detail: str = "") -> FormFault:
    """A FormFault whose title says what is wrong; ``detail`` names the place, for staff and authors."""
    advice = Message("Please ask whoever made this form to check it with “opora forms check”.")
    return FormFault(reason, advice, detail)


def unreadable(detail: str) -> FormFault:
    return refused(Message("This form cannot be read: the file is damaged or incomplete."), detail)


def too_large(megabytes: int) -> FormFault:
    return refused(
        Message("This form is too large: a form may have at most {megabytes} MB.", {"megabytes": megabytes})
    )


def has_entities() -> FormFault:
    return refused(Message("This form is refused: it declares entities, which a form never needs."))


def not_a_form(detail: str) -> FormFault:
    return refused(Message("This file is not a form that this kiosk understands."), detail)


def bad_expression(where: str, detail: str) -> FormFault:
    return refused(Message("A rule in this form cannot be understood, at {where}.", {"where": where}), detail)


def bad_reference(where: str, detail: str) -> FormFault:
    return refused(
        Message("This form speaks of a question that it does not have, at {where}.", {"where": where}), detail
    )


def goes_in_a_circle(names: str) -> FormFault:
    return refused(Message("The rules of this form go round in a circle: {names}.", {"names": names}), names)


def too_tangled() -> FormFault:
    return refused(
        Message("The rules of this form look at one another too often for a kiosk to keep up with them.")
    )


def bad_table(file: str, detail: str) -> FormFault:
    return refused(Message("The table {file} of this form cannot be read.", {"file": file}), detail)
