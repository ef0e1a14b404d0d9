"""What people read about sending: plain words in their language, never a code."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.flow.attention import attention_words
from kiosk.ids import AgencyId, EnvelopeId, new_id
from kiosk.store.outbox import OutboxEntry, OutboxState
from kiosk.texts import LANGUAGES, sources, texts_for
from sync.carriers import sentences
from sync.courier import CourierState, Phase
from sync.kinds import ReasonCode, RefusalCode
from sync.protocol import Reason, Refusal
from sync.words import courier_words, whereabouts

AT = datetime(2031, 5, 17, 9, 30, tzinfo=UTC)


def dates(moment: datetime) -> str:
    return f"{moment:%d.%m.%Y}"


def entry(state: OutboxState, code: str = "", reason: str = "") -> OutboxEntry:
    return OutboxEntry(
        envelope_id=EnvelopeId(new_id()),
        sequence=1,
        application_id=None,
        kind="application",
        agency=AgencyId("office"),
        header="{}",
        digest="0" * 64,
        size=1,
        made_at=AT,
        state=state,
        attempts=0,
        last_try_at=None,
        next_try_at=None,
        settled_at=AT,
        reason_code=code,
        reason=reason,
        parts=(),
    )


def test_record_is_kept_here_then_on_its_way_then_received() -> None:
    texts = texts_for("en")
    waiting = entry(OutboxState.WAITING)
    assert whereabouts(waiting, on_its_way=False, texts=texts, dates=dates) == "Kept here"
    assert whereabouts(waiting, on_its_way=True, texts=texts, dates=dates) == "On its way"
    received = entry(OutboxState.ACKNOWLEDGED)
    assert (
        whereabouts(received, on_its_way=False, texts=texts, dates=dates)
        == "Received by the agency on 17.05.2031"
    )


def test_reason_that_is_not_known_here_is_told_in_the_hub_s_words() -> None:
    texts = texts_for("en")
    odd = entry(OutboxState.REJECTED, "moon-phase", "The moon is in the wrong phase.")
    words = whereabouts(odd, on_its_way=False, texts=texts, dates=dates)
    assert words == "Needs attention: The moon is in the wrong phase."
    silent = attention_words("moon-phase", "", texts)
    assert silent == "Needs attention: the agency's hub did not accept it."


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_words_of_its_own(code: ReasonCode) -> None:
    assert attention_words(code, "in the hub's words", texts_for("en")) not in (
        "Needs attention: in the hub's words",
        attention_words("moon-phase", "", texts_for("en")),
    )


def test_revoked_kiosk_tells_the_hub_s_reason_to_whoever_reads_the_page() -> None:
    fault = sentences.refused(
        403, Refusal(reason=Reason(code=RefusalCode.REVOKED, text="Reported stolen. Call 555 0101."))
    )
    (line,) = courier_words(CourierState(phase=Phase.FAILED, fault=fault), texts_for("en"), dates)
    assert line.startswith("The hub no longer accepts this kiosk.")
    assert "Reported stolen. Call 555 0101." in line
    assert "Everything is kept here." in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_words_in_every_language(language: str) -> None:
    texts = texts_for(language)
    faults = [
        sentences.no_line("x"),
        sentences.timed_out("x"),
        sentences.not_secure("x"),
        sentences.nonsense("x"),
        sentences.address_without_tls("x"),
        *(sentences.not_the_hub(status, {}, "x") for status in (200, 413, 503)),
        *(
            sentences.refused(400, Refusal(reason=Reason(code=code, text="")))
            for code in (*RefusalCode, "of-the-future")
        ),
    ]
    states = [
        CourierState(),
        CourierState(last_success_at=AT),
        CourierState(phase=Phase.TRYING, total=7, done=3, bytes_up=5000, waiting=4),
        CourierState(phase=Phase.TRYING),
        CourierState(attention=2, waiting=1, clock_error=timedelta(days=9)),
        *(CourierState(phase=Phase.FAILED, fault=fault) for fault in faults),
    ]
    lines = [line for state in states for line in courier_words(state, texts, dates)]
    lines += [attention_words(code, "", texts) for code in ReasonCode]
    for state in OutboxState:
        line = whereabouts(entry(state, "digest"), on_its_way=True, texts=texts, dates=dates)
        lines.append(line)
    assert all(line.strip() and "{" not in line for line in lines)
    if language == "ru":
        assert all(re.search("[а-я]", line) for line in lines)
        assert not [line for line in lines if re.search("[a-z]{4}", line.replace("https", ""))]
    if language == "ko":
        assert all(re.search("[가-힣]", line) for line in lines)
        assert not [line for line in lines if re.search("[a-z]{4}", line.replace("https", ""))]


@pytest.mark.parametrize("language", ["ru", "ko"])
def test_sentences_of_this_room_have_no_second_source(language: str) -> None:
    assert "sync.po" in [source.name for source in sources(language)]
