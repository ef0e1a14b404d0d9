"""The receipt's PDF: median over the three languages."""

import time

from rich.console import Console

from kiosk.receipts import receipt_pdf
from tests.bench.figures import median, show
from tests.receipts.samples import first_receipt

RUNS = 15


def run(console: Console) -> None:
    rows = []
    for language in ("en", "ru", "ko"):
        times = []
        for _ in range(RUNS + 1):
            began = time.perf_counter()
            receipt_pdf(first_receipt(language))
            times.append((time.perf_counter() - began) * 1000)
        rows.append((language, f"{median(times[1:]):.0f} ms", f"{times[0]:.0f} ms"))
    show(console, f"Receipt PDF, median of {RUNS}", ("language", "median", "first of the process"), rows)
