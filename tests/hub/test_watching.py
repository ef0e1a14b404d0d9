"""What an operator sees of a hub: metrics, request ids, log lines; and never anything of a person."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from kiosk.errors import HubFault
from sync.hub.limits import Limits
from sync.hub.metrics import HubMetrics
from sync.hub.watching import HubLog
from tests.sync.parties import Hub, Kiosk, now


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What the hub logs while the test runs, as its log files would have it."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith("urllib3"):  # the asking side, which is in this process too
                written.append(self.format(record))

    handler, root = Kept(), logging.getLogger()
    handler.setFormatter(HubLog())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def figures(metrics: HubMetrics) -> dict[str, float]:
    text = generate_latest(metrics.registry).decode()
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_metrics_count_what_was_answered_and_what_waits_at_kiosks(tmp_path: Path) -> None:
    metrics = HubMetrics()
    with Hub(tmp_path / "hub", metrics=metrics) as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        metrics.watch(hub.database, now)
        carrier = kiosk.enrolled(hub)
        for _ in range(7):
            kiosk.store()
        assert kiosk.tried(carrier).done == 7
        with requests.get(hub.url + "/a/path/that/somebody/typed", timeout=20) as answer:
            assert answer.status_code == 404
        seen = figures(metrics)
        assert seen["opora_hub_envelopes_total{outcome=stored}"] == 7
        assert seen["opora_hub_requests_total{place=/v1/exchange,status=200}"] >= 1
        assert seen["opora_hub_requests_total{place=/v1/enrol,status=200}"] == 1
        assert seen["opora_hub_requests_total{place=elsewhere,status=404}"] == 1
        assert seen["opora_hub_refusals_total{code=no-such-place}"] == 1
        assert seen["opora_hub_request_bytes_total"] > 7 * 300
        assert seen["opora_hub_request_seconds_count{place=/v1/exchange}"] >= 1
        assert (seen["opora_hub_kiosks"], seen["opora_hub_kiosks_silent"]) == (1, 0)
        assert (seen["opora_hub_applications"], seen["opora_hub_set_aside"]) == (7, 0)
        assert seen["opora_hub_database_up"] == 1
        assert not [name for name in seen if "typed" in name or str(kiosk.device.kiosk) in name]


def test_database_that_is_away_is_a_figure_and_not_a_failure(tmp_path: Path) -> None:
    metrics = HubMetrics()
    with Hub(tmp_path / "hub", metrics=metrics) as hub:
        metrics.watch(hub.database, now)
        (tmp_path / "hub" / "hub.sqlite").rename(tmp_path / "away")
        hub.database.engine.dispose()
        (tmp_path / "hub" / "hub.sqlite").mkdir()
        assert figures(metrics)["opora_hub_database_up"] == 0
        (tmp_path / "hub" / "hub.sqlite").rmdir()
        (tmp_path / "away").rename(tmp_path / "hub" / "hub.sqlite")
        assert figures(metrics)["opora_hub_database_up"] == 1


def test_every_request_has_an_id_and_one_line_that_tells_of_nobody(tmp_path: Path, lines: list[str]) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        carrier = kiosk.enrolled(hub)
        one = kiosk.store("271828182845904", name="Анна Петровна Смирнова")
        assert kiosk.tried(carrier).done == 1
        headers = {"X-Request-Id": "proxy-4711-abcdef"}
        with requests.get(hub.url + "/v1/health", headers=headers, timeout=20) as answer:
            assert answer.headers["x-request-id"] == "proxy-4711-abcdef"
        with requests.get(hub.url + "/v1/health", headers={"X-Request-Id": "a b\tc"}, timeout=20) as answer:
            made = answer.headers["x-request-id"]
            assert len(made) == 32
    told = [json.loads(line) for line in lines]
    asked = [line for line in told if line["message"] == "request"]
    assert [line["place"] for line in asked].count("/v1/health") == 2
    assert {"proxy-4711-abcdef", made} <= {line["request"] for line in asked}
    (exchange,) = [line for line in asked if line["place"] == "/v1/exchange"]
    assert (exchange["status"], exchange["kiosk"]) == (200, str(kiosk.device.kiosk))
    assert exchange["ms"] > 0
    assert exchange["bytes"] > 300
    assert exchange["at"].endswith("Z")
    whole = "\n".join(lines)
    for secret in ("Смирнова", one.reference, str(one.application), "AGE-SECRET", "127.0.0.1", one.tag.hex()):
        assert secret not in whole, secret


def test_log_line_of_a_bug_says_where_and_never_what() -> None:
    record = logging.LogRecord("hub", logging.ERROR, "x.py", 1, "a request failed", (), None)
    try:
        raise ValueError("Анна Смирнова, 1944-05-17")
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    line = HubLog().format(record)
    assert "Смирнова" not in line
    assert "ValueError at test_watching.py:" in line


def test_kiosk_that_asks_too_often_waits_and_nothing_is_lost(tmp_path: Path, database_url: str) -> None:
    """Two processes of one hub on one database: the limit is theirs together."""
    limits = Limits(requests_of_a_kiosk=3)
    clock = _Standing()
    first = Hub(tmp_path / "hub", url=database_url, limits=limits, clock=clock)
    second = Hub(tmp_path / "hub", url=database_url, limits=limits, clock=clock)
    with first, second, Kiosk(tmp_path / "kiosk", clock=clock) as kiosk:
        to_first = kiosk.enrolled(first)
        to_second = kiosk.carrier_to(second, to_first)
        for carrier in (to_first, to_second, to_first):
            kiosk.store()
            assert kiosk.tried(carrier).fault is None
        kiosk.store()
        refused = kiosk.tried(to_second)
        assert isinstance(refused.fault, HubFault)
        assert refused.fault.title.msgid == "The hub cannot take anything just now."
        assert refused.waiting == 1
        clock.seconds += 60
        assert kiosk.tried(to_second).waiting == 0


def test_guessing_codes_is_stopped_for_everybody_and_for_a_minute(tmp_path: Path, database_url: str) -> None:
    limits = Limits(wrong_codes=4)
    clock = _Standing()
    with (
        Hub(tmp_path / "hub", url=database_url, limits=limits, clock=clock) as hub,
        Kiosk(tmp_path / "kiosk", clock=clock) as kiosk,
    ):
        for _ in range(4):
            with pytest.raises(HubFault, match="did not accept this code"):
                kiosk.enrol_with(hub, "0000 0000 0000")
        good = hub.server.kiosks.new_code()
        with pytest.raises(HubFault, match="cannot take anything"):
            kiosk.enrol_with(hub, good)
        clock.seconds += 60
        kiosk.enrol_with(hub, good)


class _Standing:
    """A clock at the beginning of a minute."""

    def __init__(self) -> None:
        self.start = now().replace(second=1, microsecond=0)
        self.seconds = 0

    def __call__(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)
