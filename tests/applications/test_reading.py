"""What the paper opens is read as it was stored, from an older or a newer agency as well."""

from datetime import UTC, datetime

from kiosk.applications import AgencyAnswer, HolderView
from kiosk.ids import Reference, ServiceId
from sync.protocol import StatusContent

AT = datetime(2031, 5, 2, 8, 0, tzinfo=UTC)


def test_the_holders_view_comes_back_as_it_was_written() -> None:
    view = HolderView(
        Reference("123456789012345"), ServiceId("heating"), "난방비 지원", "ko", "성남 센터", AT
    )
    assert HolderView.from_json(view.to_json()) == view


def test_an_agencys_answer_is_the_protocols_status_content() -> None:
    content = StatusContent(
        kind="granted", at=AT, by="Housing", reason="…", until=AT, amount="450", text="да"
    )
    answer = AgencyAnswer.from_json(content.model_dump_json())
    assert answer == AgencyAnswer("granted", AT, "Housing", "…", AT, "450", "да", "")


def test_a_kind_and_fields_of_a_newer_agency_are_read() -> None:
    answer = AgencyAnswer.from_json('{"kind": "by-dove", "at": "2031-05-02T08:00:00Z", "colour": "white"}')
    assert (answer.kind, answer.at) == ("by-dove", AT)
