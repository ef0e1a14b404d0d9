"""Sheets with one code on them, on their way to the printer: made in memory, in the reader's language."""

from collections.abc import Callable

from kiosk.flow.presenter import Stage
from kiosk.flow.printing import JOB_TITLE
from kiosk.receipts import PRACTICE_MARK, CodeSheet, PrintJob, ResumeCode, code_sheet_pdf, groups, qr_content
from kiosk.texts import texts_for


def print_code(stage: Stage, sheet: CodeSheet, done: Callable[[PrintJob], None]) -> None:
    """``done`` once the queue has it; a PrintFault shows on the page."""
    printer, background = stage.desk.printer, stage.desk.background

    def start(arrived: Callable[[PrintJob | Exception], None]) -> None:
        background.run(lambda: printer.print_pdf(code_sheet_pdf(sheet), JOB_TITLE), arrived)

    stage.wait_for(start, done)


def recovery_sheet(stage: Stage, code: str) -> CodeSheet:
    """``code`` in groups of four."""
    say, language = texts_for(stage.visit.language).say, stage.visit.language
    return CodeSheet(
        language=language,
        title=say("Recovery sheet"),
        where=stage.desk.centre.name,
        label=say("Code of the recovery sheet"),
        groups=tuple(code.split()),
        lines=(
            say("It opens what this centre keeps, if this machine breaks or every PIN is lost."),
            say("Write it down on paper and lock the paper away. Do not keep it beside this kiosk."),
            say("Whoever finds it can read what lies here unfinished: then make a new sheet at once."),
        ),
    )


def badge_sheet(stage: Stage, name: str, digits: str) -> CodeSheet:
    say, language = texts_for(stage.visit.language).say, stage.visit.language
    return CodeSheet(
        language=language,
        title=name,
        where=stage.desk.centre.name,
        label=say("Your badge"),
        groups=tuple(digits[at : at + 4] for at in range(0, len(digits), 4)),
        lines=(say("Whoever has it and your PIN is you."),),
        qr=digits,
    )


def resume_slip(stage: Stage, code: ResumeCode) -> CodeSheet:
    say, language = texts_for(stage.visit.language).say, stage.visit.language
    return CodeSheet(
        language=language,
        title=say("Your code to go on"),
        where=stage.desk.centre.name,
        label=say("Code for your answers"),
        groups=groups(code),
        lines=(
            say("On another day choose “Go on where I stopped” and type this code."),
            say("Whoever has this code can read your answers."),
        ),
        qr=qr_content(code),
        copy_mark=PRACTICE_MARK if stage.desk.practising else "",
    )
