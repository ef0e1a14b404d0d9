"""Where a page that is longer than the glass is cut. No Qt here."""

from collections.abc import Sequence

Span = tuple[int, int]


def merged(spans: Sequence[Span]) -> list[Span]:
    """Spans from top to bottom; those that overlap (cards side by side) become one."""
    found: list[Span] = []
    for top, bottom in sorted(span for span in spans if span[1] > span[0]):
        if found and top < found[-1][1]:
            found[-1] = (found[-1][0], max(bottom, found[-1][1]))
        else:
            found.append((top, bottom))
    return found


def pages(spans: Sequence[Span], height: int) -> list[Span]:
    """Top and bottom of each page of at most ``height`` pixels, so that no span is cut.

    Only a span that is taller than the glass is shown in slices. There is always one page.
    """
    waiting = merged(spans)
    height = max(1, height)
    found: list[Span] = []
    while waiting:
        top = waiting[0][0] if found else 0
        if waiting[0][1] - top > height:
            # What stood above it on the first page was only margin.
            top = waiting[0][0]
            if waiting[0][1] - top > height:
                found.append((top, top + height))
                waiting[0] = (top + height, waiting[0][1])
                continue
        fitting = 0
        while fitting < len(waiting) and waiting[fitting][1] - top <= height:
            fitting += 1
        found.append((top, waiting[fitting - 1][1]))
        del waiting[:fitting]
    return found or [(0, height)]
