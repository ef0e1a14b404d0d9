"""Where a page that is longer than the glass is cut. No Qt here."""

from collections.abc import Sequence

from ui.widgets.piece import Piece

Span = tuple[int, int]


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces from top to bottom; those that overlap (cards side by side) become one."""
    found: list[Piece] = []
    for piece in sorted(piece for piece in pieces if piece.bottom > piece.top):
        if found and piece.top < found[-1].bottom:
            last = found[-1]
            found[-1] = Piece(last.top, max(last.bottom, piece.bottom), last.leads and piece.leads)
        else:
            found.append(piece)
    return found


def pages(pieces: Sequence[Piece], height: int) -> list[Span]:
    """Top and bottom of each page of at most ``height`` pixels, so that no piece is cut.

    What leads is never the last of a page, unless it fills the page alone. Only a piece that is taller than
    the glass is shown in parts: up to the last of its cuts that fits, or in slices. There is always one page.
    """
    waiting = merged(pieces)
    height = max(1, height)
    found: list[Span] = []
    while waiting:
        # What stood above the first piece was only margin, which is the first to go.
        top = waiting[0].top if found or waiting[0].bottom > height else 0
        if waiting[0].bottom - top > height:
            fits = [cut for cut in waiting[0].cuts if top < cut <= top + height]
            bottom = max(fits, default=top + height)
            found.append((top, bottom))
            waiting[0] = waiting[0]._replace(top=bottom)
            continue
        fitting = 0
        while fitting < len(waiting) and waiting[fitting].bottom - top <= height:
            fitting += 1
        if fitting < len(waiting):
            fitting = _without_leads(waiting, fitting)
        found.append((top, waiting[fitting - 1].bottom))
        del waiting[:fitting]
    return found or [(0, height)]


def _without_leads(waiting: Sequence[Piece], fitting: int) -> int:
    """How many of the ``fitting`` pieces stay, when those at the end that lead go on to the next page."""
    fewer = fitting
    while fewer and waiting[fewer - 1].leads:
        fewer -= 1
    return fewer or fitting
