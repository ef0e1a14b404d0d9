"""Where a long page is cut."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ui.screens.paging import pages
from ui.widgets.piece import Piece


def stack(*heights: int, leads: tuple[int, ...] = (), gap: int = 10) -> list[Piece]:
    found: list[Piece] = []
    top = 0
    for at, height in enumerate(heights):
        found.append(Piece(top, top + height, at in leads))
        top += height + gap
    return found


def test_what_fits_is_one_page() -> None:
    assert pages(stack(100, 100, 100), 320) == [(0, 320)]


def test_nothing_at_all_is_still_a_page() -> None:
    assert pages([], 300) == [(0, 300)]


def test_next_page_begins_at_the_piece_that_did_not_fit() -> None:
    assert pages(stack(100, 100, 100), 220) == [(0, 210), (220, 320)]


def test_cards_side_by_side_stay_together() -> None:
    cards = [Piece(0, 100), Piece(0, 120), Piece(130, 230), Piece(130, 230)]
    assert pages(cards, 200) == [(0, 120), (130, 230)]


def test_piece_that_is_taller_than_the_glass_ends_a_page_at_one_of_its_cuts() -> None:
    tall = Piece(0, 500, cuts=(120, 190, 260, 410))
    assert pages([tall], 200) == [(0, 190), (190, 260), (260, 410), (410, 500)]
    assert pages([tall.moved(30)], 200)[0] == (30, 220)
    assert pages([Piece(0, 500)], 200) == [(0, 200), (200, 400), (400, 500)]


def test_title_goes_on_with_what_follows_it() -> None:
    assert pages(stack(100, 40, 100, leads=(1,)), 160) == [(0, 100), (110, 260)]


def test_title_and_label_go_on_together() -> None:
    assert pages(stack(100, 30, 30, 100, leads=(1, 2)), 190) == [(0, 100), (110, 290)]


def test_title_taller_than_all_room_beside_it_stands_alone() -> None:
    assert pages(stack(100, 150, leads=(0,)), 200) == [(0, 100), (110, 260)]


def test_only_what_is_taller_than_the_glass_is_cut() -> None:
    assert pages(stack(500, 50), 200) == [(0, 200), (200, 400), (400, 560)]


heights = st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=1, max_size=25)


@given(heights, st.integers(50, 600))
def test_every_piece_is_whole_on_some_page_and_no_page_is_too_tall(
    sizes: list[tuple[int, bool]], height: int
) -> None:
    pieces = stack(
        *(size for size, _ in sizes), leads=tuple(at for at, (_, lead) in enumerate(sizes) if lead)
    )
    found = pages(pieces, height)
    assert all(0 < bottom - top <= height for top, bottom in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    for piece in pieces:
        if piece.bottom - piece.top <= height:
            assert any(top <= piece.top and piece.bottom <= bottom for top, bottom in found) or any(
                # A slice of something taller may have taken its place on a page.
                other.bottom - other.top > height
                for other in pieces
            )
        covered = sum(max(0, min(bottom, piece.bottom) - max(top, piece.top)) for top, bottom in found)
        assert covered == piece.bottom - piece.top


@given(heights, st.integers(50, 600))
def test_no_page_but_the_last_ends_with_a_title_that_could_have_gone_on(
    sizes: list[tuple[int, bool]], height: int
) -> None:
    pieces = stack(
        *(size for size, _ in sizes), leads=tuple(at for at, (_, lead) in enumerate(sizes) if lead)
    )
    for top, bottom in pages(pieces, height)[:-1]:
        whole = [piece for piece in pieces if top <= piece.top and piece.bottom <= bottom]
        if whole and whole[-1].bottom == bottom and whole[-1].leads:
            assert all(piece.leads for piece in whole)
