"""The hub at its places. Everything that is not 200 is a signed ``Refusal``."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ValidationError
from pydantic.json_schema import models_json_schema
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect

from sync import wire
from sync.hub.answers import SignedAnswers, refusal_body
from sync.hub.attachments import Attachments
from sync.hub.database import HubDatabase
from sync.hub.exchanging import Exchange
from sync.hub.identity import HubIdentity
from sync.hub.kiosks import Kiosks
from sync.hub.limits import Limits
from sync.hub.metrics import HubMetrics
from sync.hub.opening import Opener
from sync.hub.reading import read_piece, read_request, read_wanted
from sync.hub.refusing import Refused
from sync.hub.releases import Releases
from sync.hub.watching import REFUSED, Watched
from sync.kinds import RefusalCode
from sync.protocol import (
    ATTACHMENTS_PATH,
    ENROL_PATH,
    EXCHANGE_PATH,
    HEALTH_PATH,
    PROTOCOL,
    UPDATES_PATH,
    EnrolAnswer,
    EnrolRequest,
    ExchangeAnswer,
    ExchangeRequest,
    Health,
    Piece,
    PieceAnswer,
    Refusal,
    StatusContent,
    UpdatePiece,
    Wanted,
)
from sync.signatures import RequestMessage, SignatureError, Signed, verify_request

PLACES = (EXCHANGE_PATH, ATTACHMENTS_PATH, UPDATES_PATH, ENROL_PATH, HEALTH_PATH)

M = TypeVar("M", ExchangeRequest, Piece, Wanted)
Rest = TypeVar("Rest")

_TEMPLATE = "#/components/schemas/{model}"


def make_app(
    database: HubDatabase,
    identity: HubIdentity,
    opener: Opener,
    clock: Callable[[], datetime],
    metrics: HubMetrics | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> FastAPI:
    """The hub as an ASGI application. ``clock`` gives aware UTC datetimes."""
    metrics = metrics or HubMetrics()
    kiosks = Kiosks(database, identity, clock, limits)
    releases = Releases(database, identity, clock, limits)
    exchange = Exchange(database, identity, opener, clock, limits, lambda: releases.teach(opener))
    attachments = Attachments(database, identity, clock, limits)
    app = FastAPI(
        title="Opora hub",
        version=str(PROTOCOL),
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(Watched, metrics=metrics, places=PLACES),
            Middleware(SignedAnswers, identity=identity, clock=clock),
        ],
        redirect_slashes=False,
    )

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        request.scope[REFUSED] = str(error.code)
        headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
        return Response(refusal_body(error, clock()), error.status, headers, wire.JSON)

    async def nowhere(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = RefusalCode.NO_SUCH_PLACE if error.status_code in (404, 405) else RefusalCode.FAILED
        return await refused(request, Refused(error.status_code, code, "There is nothing here."))

    async def busy(request: Request, error: Exception) -> Response:
        text = "The hub cannot reach its database at present. What was sent stays at the kiosk."
        return await refused(request, Refused(503, RefusalCode.BUSY, text, retry_after_s=30))

    def admitted(
        request: Request, body: bytes, read: Callable[[bytes], tuple[M, Rest]]
    ) -> tuple[Signed, M, Rest]:
        """What an enrolled kiosk signed just now, and what ``read`` makes of it. Raises :class:`Refused`."""
        signed = _verified(request, body, kiosks.key_of)
        message, rest = read(_unpacked(request, body))
        kiosks.check(message.kiosk, signed)
        _speaks(message.protocol)
        return signed, message, rest

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(OperationalError, busy)
    app.add_exception_handler(HTTPException, nowhere)

    @app.post(
        EXCHANGE_PATH,
        responses=_refusals(400, 401, 403, 413, 415, 422, 429, 503),
        openapi_extra=_body(ExchangeRequest),
    )
    async def exchange_envelopes(request: Request) -> ExchangeAnswer:
        body = await _read(request)
        return await run_in_threadpool(_exchange, request, body)

    def _exchange(request: Request, body: bytes) -> ExchangeAnswer:
        media_type = request.headers.get("content-type", "")
        signed, message, envelopes = admitted(request, body, lambda plain: read_request(plain, media_type))
        answer = exchange.answer(message, envelopes, signed)
        metrics.answered(answer, len(envelopes))
        return answer

    @app.post(
        ATTACHMENTS_PATH,
        responses=_refusals(400, 401, 403, 413, 415, 422, 429, 503),
        openapi_extra=_body(Piece),
    )
    async def take_piece(request: Request) -> PieceAnswer:
        body = await _read(request)
        return await run_in_threadpool(_take, request, body)

    def _take(request: Request, body: bytes) -> PieceAnswer:
        signed, piece, _ = admitted(request, body, lambda plain: (read_piece(plain), ()))
        return attachments.take(piece, signed)

    @app.post(
        UPDATES_PATH,
        responses=_refusals(400, 401, 403, 413, 415, 422, 429, 503),
        openapi_extra=_body(Wanted),
    )
    async def give_piece(request: Request) -> UpdatePiece:
        body = await _read(request)
        return await run_in_threadpool(_give, request, body)

    def _give(request: Request, body: bytes) -> UpdatePiece:
        signed, wanted, _ = admitted(request, body, lambda plain: (read_wanted(plain), ()))
        return releases.give(wanted, signed)

    @app.post(
        ENROL_PATH,
        responses=_refusals(400, 401, 403, 413, 415, 422, 429, 503),
        openapi_extra=_body(EnrolRequest),
    )
    async def enrol_kiosk(request: Request) -> EnrolAnswer:
        body = await _read(request)
        return await run_in_threadpool(_enrol, request, body)

    def _enrol(request: Request, body: bytes) -> EnrolAnswer:
        message = _enrol_request(_unpacked(request, body))
        # Signed by the very key that it brings: whoever enrols a key holds its private half.
        key = Ed25519PublicKey.from_public_bytes(message.device_key)
        _verified(request, body, lambda key_id: key if key_id == str(message.kiosk) else None)
        _speaks(message.protocol)
        return kiosks.enrol(message)

    @app.get(HEALTH_PATH, responses=_refusals(503))
    async def health() -> Health:
        await run_in_threadpool(database.check)
        return Health(protocol=PROTOCOL, hub=identity.hub, at=clock())

    _complete_openapi(app)
    return app


async def _read(request: Request) -> bytes:
    body = bytearray()
    size = 0
    try:
        async for piece in request.stream():
            size += len(piece)
            # Read on a while without keeping it: a client that is still sending would not hear the refusal.
            if size > 4 * wire.MOST_PACKED:
                break
            if size <= wire.MOST_PACKED:
                body.extend(piece)
    except ClientDisconnect as error:
        raise Refused(400, RefusalCode.REQUEST_UNREADABLE, "The line broke.") from error
    if size > wire.MOST_PACKED:
        raise _too_large()
    return bytes(body)


def _unpacked(request: Request, body: bytes) -> bytes:
    try:
        return wire.unpack(body, request.headers.get("content-encoding", ""))
    except wire.WireError as error:
        if error.too_large:
            raise _too_large() from error
        raise Refused(
            415,
            RefusalCode.REQUEST_UNREADABLE,
            "The hub could not unpack the request. It takes zstd, gzip or plain JSON.",
            detail=str(error),
        ) from error


def _verified(request: Request, body: bytes, key_of: Callable[[str], Ed25519PublicKey | None]) -> Signed:
    unknown = False

    def looked_up(key_id: str) -> Ed25519PublicKey | None:
        nonlocal unknown
        key = key_of(key_id)
        unknown = key is None
        return key

    message = RequestMessage(request.method, request.url.path, dict(request.headers))
    try:
        return verify_request(message, body, looked_up)
    except SignatureError as error:
        if unknown:
            raise Refused(
                401,
                RefusalCode.UNKNOWN_KIOSK,
                "This kiosk is not enrolled at this hub. A coordinator can enrol it with a one-time code.",
            ) from error
        raise Refused(
            401, RefusalCode.NOT_SIGNED, "The request does not bear its kiosk's signature.", detail=str(error)
        ) from error


def _enrol_request(body: bytes) -> EnrolRequest:
    try:
        message = EnrolRequest.model_validate_json(body)
        Ed25519PublicKey.from_public_bytes(message.device_key)
        if not message.centre.isprintable():
            raise ValueError("centre")
    except (ValidationError, ValueError) as error:
        raise Refused(
            422, RefusalCode.REQUEST_UNREADABLE, "The hub could not read the request for enrolment."
        ) from error
    return message


def _speaks(protocol: int) -> None:
    if protocol < 1:
        raise Refused(422, RefusalCode.PROTOCOL, "The kiosk speaks no version that this hub knows.")


def _too_large() -> Refused:
    return Refused(413, RefusalCode.TOO_LARGE, "The request is too large. Send fewer envelopes at once.")


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Refusal} for status in (404, 405, 500, *statuses)}


def _body(model: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": _TEMPLATE.format(model=model.__name__)}
    return {"requestBody": {"required": True, "content": {wire.JSON: {"schema": schema}}}}


def _complete_openapi(app: FastAPI) -> None:
    """Adds the messages that are read from raw bytes, so FastAPI cannot see them."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        schema = made()
        _, definitions = models_json_schema(
            [
                (ExchangeRequest, "validation"),
                *((model, "validation") for model in (Piece, Wanted, EnrolRequest, StatusContent)),
            ],
            ref_template=_TEMPLATE,
        )
        known = schema.setdefault("components", {}).setdefault("schemas", {})
        for name, definition in definitions["$defs"].items():
            known.setdefault(name, definition)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]
