"""Messages: nothing that either side says is lost in reading and writing, known or not."""

import hashlib
import json
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kiosk.applications.envelope import EnvelopeHeader, EnvelopePart, envelope_digest
from kiosk.ids import AgencyId, ApplicationId, EnvelopeId, FormId, new_id
from kiosk.store.drafts import FormKey
from sync.protocol import (
    Acknowledgement,
    Counts,
    Envelope,
    ExchangeAnswer,
    ExchangeRequest,
    Notice,
    PackVersion,
    Part,
    Question,
    Reason,
    Status,
    StatusContent,
)

moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
kinds = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30)
bodies = st.binary(max_size=200)
reasons = st.builds(Reason, code=words, text=words)
# What a later version may add.
extras = st.dictionaries(st.just("of-the-future"), st.one_of(words, st.integers(), st.none()), max_size=1)


@st.composite
def envelopes(draw: st.DrawFn) -> Envelope:
    found = draw(st.lists(bodies, max_size=3))
    parts = tuple(
        Part(
            name=draw(words),
            kind=draw(kinds),
            media_type=draw(words),
            size=len(body),
            digest=hashlib.sha256(body).hexdigest(),
            body=body,
        )
        for body in found
    )
    return Envelope(
        id=draw(st.uuids()),
        kind=draw(kinds),
        agency=draw(words),
        application=draw(st.none() | st.uuids()),
        sequence=draw(st.integers(1, 2**53)),
        created_at=draw(moments),
        parts=parts,
        digest=draw(st.from_regex(r"[0-9a-f]{64}", fullmatch=True)),
        **draw(extras),
    )


requests = st.builds(
    ExchangeRequest,
    kiosk=st.uuids(),
    at=moments,
    counts=st.builds(
        Counts, waiting=st.integers(0, 10**6), disk_free_bytes=st.integers(0, 2**60), app_version=words
    ),
    cursor=words,
    envelopes=st.lists(envelopes(), max_size=3).map(tuple),
    questions=st.lists(st.builds(Question, tag=words), max_size=2).map(tuple),
)
answers = st.builds(
    ExchangeAnswer,
    protocol=st.integers(1, 99),
    hub=st.uuids(),
    at=moments,
    acknowledgements=st.lists(
        st.builds(Acknowledgement, envelope=st.uuids(), outcome=kinds, at=moments, reason=reasons), max_size=3
    ).map(tuple),
    statuses=st.lists(
        st.builds(
            Status,
            id=st.uuids(),
            application=st.uuids(),
            kind=kinds,
            order=st.integers(0, 100),
            at=moments,
            sealed=bodies,
        ),
        max_size=3,
    ).map(tuple),
    notices=st.lists(
        st.builds(
            Notice, id=st.uuids(), kind=kinds, at=moments, text=st.dictionaries(words, words, max_size=2)
        ),
        max_size=2,
    ).map(tuple),
    packs=st.lists(
        st.builds(
            PackVersion,
            id=words,
            version=words,
            digest=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
            size=st.integers(0, 100),
            path=words,
        ),
        max_size=2,
    ).map(tuple),
    cursor=words,
    high_water=st.integers(0, 2**53),
)


@given(requests)
def test_request_survives_writing_and_reading(request: ExchangeRequest) -> None:
    assert ExchangeRequest.model_validate_json(request.model_dump_json()) == request


@given(answers)
def test_answer_survives_writing_and_reading(answer: ExchangeAnswer) -> None:
    assert ExchangeAnswer.model_validate_json(answer.model_dump_json()) == answer


@given(st.builds(StatusContent, kind=kinds, at=moments, reason=words, amount=words, text=words))
def test_what_the_paper_opens_survives_writing_and_reading(content: StatusContent) -> None:
    assert StatusContent.model_validate_json(content.model_dump_json(exclude_defaults=True)) == content


@given(envelopes())
def test_field_of_a_later_version_is_kept(envelope: Envelope) -> None:
    later = envelope.model_copy(update={"tomorrow": {"deep": [1, 2]}})
    read = Envelope.model_validate_json(later.model_dump_json())
    assert json.loads(read.model_dump_json())["tomorrow"] == {"deep": [1, 2]}


@given(moments, kinds, st.none() | st.binary(min_size=16, max_size=16), words)
def test_header_of_the_store_is_an_envelope_with_a_true_digest(
    at: datetime, kind: str, tag: bytes | None, agency: str
) -> None:
    header = EnvelopeHeader(
        id=EnvelopeId(new_id()),
        kind=kind,
        agency=AgencyId(agency),
        application=ApplicationId(UUID(int=7)),
        order=0,
        sequence=3,
        created_at=at,
        form=FormKey(FormId("heating"), "1", "a" * 64),
        consent_version="1",
        consent_language="ko",
        helpers=("volunteer",),
        receipt="age1example",
        tag=tag,
        parts=(EnvelopePart("answers", "answers", "application/x-age", 12, "b" * 64),),
    )
    text = header.to_header_json()
    envelope = Envelope.model_validate_json(text)
    assert envelope_digest(json.loads(text)) == envelope.digest == header.digest()
    assert (envelope.created_at, envelope.kind, envelope.agency) == (at, kind, agency)
    assert envelope.tag == (None if tag is None else tag.hex())
    assert envelope.parts[0].digest == "b" * 64
