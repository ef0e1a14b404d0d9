"""The hub's description of itself is generated from the messages and leaves none out."""

import json
from pathlib import Path

import requests
from pydantic import BaseModel

from sync import protocol
from tests.sync.parties import Hub

DELIBERATELY_ABSENT = {"Model"}


def test_openapi_describes_every_message(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, requests.get(hub.url + "/openapi.json", timeout=20) as answer:
        schema = answer.json()
    messages = {
        name
        for name, value in vars(protocol).items()
        if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == protocol.__name__
    }
    assert messages - DELIBERATELY_ABSENT <= set(schema["components"]["schemas"])
    assert set(schema["paths"]) == {
        "/v1/exchange",
        "/v1/attachments",
        "/v1/updates",
        "/v1/enrol",
        "/v1/health",
    }
    exchange = schema["paths"]["/v1/exchange"]["post"]
    assert "ExchangeRequest" in json.dumps(exchange["requestBody"])
    assert "ExchangeAnswer" in json.dumps(exchange["responses"]["200"])
    refused = {status for status in exchange["responses"] if status != "200"}
    assert {"401", "403", "413", "415", "422", "500", "503"} <= refused
    assert all("Refusal" in json.dumps(exchange["responses"][status]) for status in refused)
    dangling = {
        reference.split('"')[0] for reference in json.dumps(schema).split("#/components/schemas/")[1:]
    } - set(schema["components"]["schemas"])
    assert not dangling
