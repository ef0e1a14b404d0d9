"""The hub keeps what its OpenAPI promises, to strangers and to an enrolled kiosk that says odd things.

schemathesis makes the requests from the hub's own description; each answer has to be one that the
description knows, and never a failure of the hub's own.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync import wire
from sync.signatures import RequestMessage, sign_request
from tests.sync.parties import Hub, Kiosk, now

PLACES = (
    ("/v1/exchange", "POST"),
    ("/v1/attachments", "POST"),
    ("/v1/enrol", "POST"),
    ("/v1/health", "GET"),
)
FEW, MANY = 25, 400
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize(("path", "method"), PLACES)
@pytest.mark.parametrize("examples", [FEW, pytest.param(MANY, marks=pytest.mark.proof)])
def test_answers_are_those_that_the_description_promises(
    tmp_path: Path, path: str, method: str, examples: int
) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        kiosk.enrolled(hub)
        schema = schemathesis.openapi.from_url(hub.url + "/openapi.json")
        operation = schema[path][method]
        seen: set[int] = set()

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), signs=st.sampled_from([True, True, True, False]))
        def answered(case: schemathesis.Case[Any], signs: bool) -> None:
            body = b"" if case.body is None or method == "GET" else _json(case.body, kiosk, path)
            headers = {"Content-Type": wire.JSON, "Content-Encoding": "identity"}
            request = RequestMessage(method, path, headers)
            if signs and method == "POST":
                sign_request(request, body, key=kiosk.device.key, key_id=str(kiosk.device.kiosk), at=now())
            with requests.request(
                method, hub.url + path, data=body, headers=request.headers, timeout=30
            ) as answer:
                assert answer.status_code < 500, answer.text
                seen.add(answer.status_code)
                case.validate_response(answer, checks=CHECKS)

        answered()
        if path != "/v1/enrol":
            assert 200 in seen, f"nothing came past the door: {seen}"


def _json(body: object, kiosk: Kiosk, path: str) -> bytes:
    """The body as made, but by this kiosk: a stranger's never comes past the signature."""
    if isinstance(body, dict) and path in ("/v1/exchange", "/v1/attachments"):
        body = body | {"kiosk": str(kiosk.device.kiosk)}
    return json.dumps(body, default=str).encode()
