"""To an ODK Central, Kobo or other OpenRosa server: one submission a request, and no way back.

Follows the OpenRosa 1.0 form submission and form list protocols (docs.getodk.org/openrosa). "Received" is
that server's 201 (or 202); nothing else is, a 200 least of all. An identical submission that comes again
gets 201 as well, so asking again is safe; the same instance with other content is a 409. Decisions do not
come back this way.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from lxml import etree

from kiosk.applications.odk_encryption import MANIFEST
from kiosk.errors import Fault, HubFault, Message
from kiosk.texts import N_
from sync.carriers import sentences
from sync.carriers.https import CLOCK_MATTERS, CONNECT_S, READ_S, require_tls
from sync.carriers.port import Meter, Parcel, PieceCarrier
from sync.kinds import Outcome, ReasonCode
from sync.protocol import PROTOCOL, Acknowledgement, ExchangeAnswer, Reason

if TYPE_CHECKING:
    import requests

VERSION = "X-OpenRosa-Version"
MOST_ANSWER = 4 * 1024 * 1024
_HEADERS = {VERSION: "1.0", "User-Agent": "opora"}


@dataclass(frozen=True, slots=True)
class ServerForm:
    """A form that the server takes submissions of."""

    id: str
    version: str


class OpenRosaCarrier:
    """A :class:`sync.carriers.port.Carrier`. ``server`` is the address below which ``/submission`` and
    ``/formList`` lie, for ODK Central that of an app user; a name and a password may stand in it.

    Raises :class:`kiosk.errors.HubFault` at once for an address without TLS that is not this machine.
    """

    name = "openrosa"

    def __init__(
        self,
        server: str,
        clock: Callable[[], datetime],
        *,
        session: "requests.Session | None" = None,
        read_s: float = READ_S,
    ) -> None:
        require_tls(server)
        parts = urlsplit(server.rstrip("/"))
        self._login = (parts.username, parts.password or "") if parts.username else None
        host = parts.netloc.rpartition("@")[2]
        self._server = urlunsplit((parts.scheme, host, parts.path, "", ""))
        self._clock = clock
        self._session = session
        self._read_s = read_s
        self.meter = Meter()
        self.clock_error: timedelta | None = None

    apart: PieceCarrier | None = None
    """One submission is one request there."""

    @property
    def hub(self) -> str:
        return self._server

    def forms(self) -> tuple[ServerForm, ...]:
        """The server's form list; raises as :meth:`exchange` does."""
        answer = self._ask("GET", "/formList")
        if answer.status_code != 200:
            raise self._refused(answer)
        try:
            root = etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError as error:
            raise sentences.not_the_hub(200, _lower(answer), "no form list") from error
        return tuple(
            ServerForm(form.findtext("{*}formID") or "", form.findtext("{*}version") or "")
            for form in root.iter("{*}xform")
        )

    def exchange(self, parcel: Parcel) -> ExchangeAnswer:
        """Each envelope by itself. What fails on the way leaves the rest waiting; the first one's failure is
        raised, a later one's only ends the round."""
        if not parcel.envelopes:
            # There are no news to fetch; that the server is there is what a try without envelopes tells.
            self._most_bytes()
            return self._answer(())
        most = self._most_bytes()
        done: list[Acknowledgement] = []
        for text in parcel.envelopes:
            try:
                done.append(self._submit(json.loads(text), most))
            except Fault:
                if not done:
                    raise
                break
        return self._answer(tuple(done))

    def close(self) -> None:
        if self._session is not None:
            self._session.close()

    def _answer(self, done: tuple[Acknowledgement, ...]) -> ExchangeAnswer:
        return ExchangeAnswer(
            protocol=PROTOCOL,
            hub=uuid5(NAMESPACE_URL, self._server),
            at=self._clock() - (self.clock_error or timedelta()),
            acknowledgements=done,
            cursor="",
            high_water=0,
        )

    def _most_bytes(self) -> int | None:
        """HEAD, which also tells how much the server takes at once (OpenRosa 1.0, "Form Submission")."""
        answer = self._ask("HEAD", "/submission")
        if answer.status_code not in (200, 204) or VERSION not in answer.headers:
            raise self._refused(answer)
        told = answer.headers.get("X-OpenRosa-Accept-Content-Length", "")
        return int(told) if told.isdecimal() else None

    def _submit(self, envelope: dict[str, object], most: int | None) -> Acknowledgement:
        name, sequence = UUID(str(envelope["id"])), envelope.get("sequence")
        assert isinstance(sequence, int)
        files = _files(envelope)

        def outcome(what: Outcome, at: datetime, code: str = "", text: str = "") -> Acknowledgement:
            reason = Reason(code=code, text=text) if code else None
            return Acknowledgement(envelope=name, outcome=what, at=at, sequence=sequence, reason=reason)

        if not any(field == "xml_submission_file" for field, _ in files):
            return outcome(Outcome.REJECTED, self._clock(), ReasonCode.UNREADABLE, "no submission in it")
        if most is not None and sum(len(file[1]) for _, file in files) > most:
            return outcome(Outcome.REJECTED, self._clock(), ReasonCode.TOO_LARGE, f"more than {most} bytes")
        answer = self._ask("POST", "/submission", files)
        at = _date(answer) or self._clock()
        match answer.status_code:
            case 201 | 202 if VERSION in answer.headers:
                return outcome(Outcome.STORED, at)
            case 409:
                return outcome(Outcome.CONFLICT, at, ReasonCode.OTHER_CONTENT, "409")
            case 413:
                return outcome(Outcome.REJECTED, at, ReasonCode.TOO_LARGE, "413")
            case 404 if self._is_there():
                return outcome(Outcome.REJECTED, at, ReasonCode.FORM_UNKNOWN, "404")
            case _:
                raise self._refused(answer)

    def _is_there(self) -> bool:
        """Whether it was the form that was not found, and not the server."""
        try:
            self.forms()
        except Fault:
            return False
        return True

    def _ask(
        self, method: str, path: str, files: "list[tuple[str, tuple[str, bytes, str]]] | None" = None
    ) -> "requests.Response":
        import requests  # costs a tenth of a second: only where something is sent
        import urllib3.exceptions
        from requests.auth import HTTPBasicAuth, HTTPDigestAuth

        if self._session is None:
            self._session = requests.Session()
        basic = HTTPBasicAuth(*self._login) if self._login else None
        digest = HTTPDigestAuth(*self._login) if self._login else None
        prepared = requests.Request(
            method,
            self._server + path,
            headers=_HEADERS | {"Date": f"{self._clock().astimezone(UTC):%a, %d %b %Y %H:%M:%S} GMT"},
            files=files or None,
            auth=basic,
        )
        try:
            answer = self._send(self._session.prepare_request(prepared))
            if answer.status_code == 401 and "digest" in answer.headers.get("WWW-Authenticate", "").lower():
                prepared.auth = digest
                answer = self._send(self._session.prepare_request(prepared))
        except requests.exceptions.SSLError as error:
            raise sentences.not_secure(type(error).__name__) from error
        except requests.exceptions.ReadTimeout as error:
            raise sentences.timed_out(type(error).__name__) from error
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise sentences.no_line(type(error).__name__) from error
        self._note_time(answer)
        return answer

    def _note_time(self, answer: "requests.Response") -> None:
        """What is kept is erased by a time that another machine confirmed, so there has to be one."""
        at = _date(answer)
        if at is None:
            raise sentences.nonsense("an answer without Date")
        error = self._clock() - at
        self.clock_error = error if abs(error) > CLOCK_MATTERS else None

    def _send(self, prepared: "requests.PreparedRequest") -> "requests.Response":
        assert self._session is not None
        answer = self._session.send(
            prepared, timeout=(CONNECT_S, self._read_s), allow_redirects=False, stream=True
        )
        with answer:
            length = answer.headers.get("Content-Length", "0")
            if length.isdecimal() and int(length) > MOST_ANSWER:
                raise sentences.nonsense("the answer is too long")
            down = len(answer.content)
        up = len(prepared.body or b"") if isinstance(prepared.body, bytes | None) else 0
        heads = sum(len(key) + len(value) + 4 for key, value in prepared.headers.items())
        self.meter = Meter(
            self.meter.requests + 1, self.meter.bytes_up + up + heads, self.meter.bytes_down + down
        )
        return answer

    def _refused(self, answer: "requests.Response") -> Fault:
        if answer.status_code in (401, 403):
            return HubFault(
                Message(N_("The agency's server did not let this kiosk in.")),
                Message(N_("Everything is kept here. Please call the agency that runs the hub.")),
                f"status {answer.status_code}",
            )
        if answer.status_code == 404:
            return HubFault(
                Message(N_("There is no such place on the agency's server.")),
                Message(N_("Everything is kept here. The coordinator can check the server's address.")),
                "status 404",
            )
        return sentences.not_the_hub(answer.status_code, _lower(answer), "no OpenRosa server")


def _files(envelope: dict[str, object]) -> list[tuple[str, tuple[str, bytes, str]]]:
    """The fields of the multipart body: the manifest as ``xml_submission_file``, the rest by their names."""
    files: list[tuple[str, tuple[str, bytes, str]]] = []
    parts = envelope.get("parts", ())
    for part in parts if isinstance(parts, list) else ():
        name, body = str(part["name"]), base64.urlsafe_b64decode(part.get("body") or "")
        if part["kind"] == MANIFEST:
            files.insert(0, ("xml_submission_file", (name, body, "text/xml")))
        else:
            files.append((name, (name, body, "application/octet-stream")))
    return files


def _date(answer: "requests.Response") -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError, TypeError):
        return None


def _lower(answer: "requests.Response") -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}
