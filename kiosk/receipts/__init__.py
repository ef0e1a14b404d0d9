"""What the applicant takes home: the code, the paper, the printer.

``code`` makes the numbers and the keys, ``content`` holds the facts, ``wording`` makes the sentences,
``paper`` prints them, ``printing`` speaks to the printer. reportlab waits until a receipt is made.
"""

from kiosk.ids import ReceiptCode, Reference
from kiosk.receipts.code import (
    CODE_GROUPS,
    ReceiptKeys,
    ResumeCode,
    groups,
    new_receipt_code,
    new_reference,
    new_resume_code,
    open_sealed,
    parse_code,
    parse_qr,
    parse_reference,
    qr_content,
    reference_groups,
    seal_to,
)
from kiosk.receipts.code_sheet import CodeSheet, code_sheet_pdf
from kiosk.receipts.content import AnswerLine, ReceiptContent, ReceiptHelper, ReceiptState, SecondLanguage
from kiosk.receipts.paper import receipt_pdf
from kiosk.receipts.plain_sheet import Mark, PlainSheet, SheetRow, plain_sheet_pdf
from kiosk.receipts.printing import (
    CupsPrinter,
    FolderPrinter,
    JobState,
    NoPrinter,
    Printer,
    PrinterStatus,
    PrintJob,
    system_printer,
)
from kiosk.receipts.wording import PRACTICE_MARK, receipt_lines

__all__ = [
    "CODE_GROUPS",
    "PRACTICE_MARK",
    "AnswerLine",
    "CodeSheet",
    "CupsPrinter",
    "FolderPrinter",
    "JobState",
    "Mark",
    "NoPrinter",
    "PlainSheet",
    "PrintJob",
    "Printer",
    "PrinterStatus",
    "ReceiptCode",
    "ReceiptContent",
    "ReceiptHelper",
    "ReceiptKeys",
    "ReceiptState",
    "Reference",
    "ResumeCode",
    "SecondLanguage",
    "SheetRow",
    "code_sheet_pdf",
    "groups",
    "new_receipt_code",
    "new_reference",
    "new_resume_code",
    "open_sealed",
    "parse_code",
    "parse_qr",
    "parse_reference",
    "plain_sheet_pdf",
    "qr_content",
    "receipt_lines",
    "receipt_pdf",
    "reference_groups",
    "seal_to",
    "system_printer",
]
