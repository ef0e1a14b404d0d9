"""``opora hub`` and ``opora sync``, each as its own process, as people run them."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.store.outbox import OutboxState
from tests.sync.parties import AGENCY_KEY, FORM_XML, Kiosk, Stored

REPOSITORY = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "200", "PYTHONUNBUFFERED": "1"}


def opora(*arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ui.commands", *arguments],
        cwd=REPOSITORY,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@contextmanager
def serving(data: Path, *arguments: str) -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, "-m", "ui.commands", "hub", "serve", "--data", str(data), "--port", "0", *arguments],
        cwd=REPOSITORY,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            lines = iter(process.stdout.readline, "")
            yield next(line.strip() for line in lines if line.startswith("http"))
        finally:
            process.terminate()
            process.wait(30)


def stored(folder: Path) -> Stored:
    with Kiosk(folder) as kiosk:
        return kiosk.store("314159265358979")


def test_application_goes_to_a_served_hub_and_its_decision_comes_back(tmp_path: Path) -> None:
    data, hub_data = tmp_path / "kiosk", tmp_path / "hub"
    keys, forms = tmp_path / "identities.txt", tmp_path / "forms"
    keys.write_text(f"# the heating office\n{AGENCY_KEY}\n", encoding="ascii")
    forms.mkdir()
    (forms / "heating.xml").write_bytes(FORM_XML)
    one = stored(data)
    kiosk, hub = ("--data", str(data)), ("--data", str(hub_data))
    assert "not connected to an agency yet" in opora("sync", "now", *kiosk, status=1)
    assert "1 application is kept here" in opora("sync", "status", *kiosk)
    with serving(hub_data, "--identities", str(keys), "--forms", str(forms)) as url:
        code = opora("hub", "enrol-code", *hub).strip()
        assert re.fullmatch(r"\d{4} \d{4} \d{4}", code)
        opora("sync", "enrol", code, "--hub", url, "--centre", "Test centre", *kiosk)
        assert "did not accept this code" in opora("sync", "enrol", "0000", "--hub", url, *kiosk, status=1)
        assert "The agency was reached on" in opora("sync", "now", *kiosk)
        listed = opora("hub", "list", *hub)
        assert one.reference in listed
        assert "1 envelopes, 1 applications, 0 set aside" in listed
        opora("hub", "decide", one.reference, "--status", "granted", "--reason", "Доход ниже.", *hub)
        assert "No application has the reference 42" in opora(
            "hub", "decide", "42", "--status", "granted", *hub, status=1
        )
        assert "Связь с ведомством была" in opora("sync", "now", "--language", "ru", *kiosk)
    with Kiosk(data) as opened:
        assert opened.state(one) is OutboxState.ACKNOWLEDGED
        assert [content.kind for content in opened.statuses(one)] == ["received", "granted"]
    failed = opora("sync", "now", *kiosk, status=1)
    assert "There is no connection to the agency just now" in failed
    assert "The last try failed" in opora("sync", "status", *kiosk)


def test_data_folder_of_a_running_kiosk_is_left_alone(tmp_path: Path) -> None:
    with Kiosk(tmp_path / "kiosk") as running:
        running.store()
        for command in ("now", "status"):
            told = opora("sync", command, "--data", str(tmp_path / "kiosk"), status=1)
            assert "Traceback" not in told
            assert told.strip()


def test_stick_goes_out_and_comes_home_by_commands_alone(tmp_path: Path) -> None:
    data, hub_data, usb = tmp_path / "kiosk", tmp_path / "hub", tmp_path / "stick" / "Opora"
    usb.mkdir(parents=True)
    one = stored(data)
    kiosk, hub = ("--data", str(data)), ("--data", str(hub_data))
    assert "It goes along on the stick" in opora("sync", "export", str(usb), *kiosk, status=1)
    code = opora("hub", "enrol-code", "--days", "30", *hub).strip()
    told = opora("sync", "export", str(usb), "--code", code, "--centre", "Linden", *kiosk)
    assert re.search(r"1 application is written to to-agency-\w{8}\.opora", told)
    assert "1 held here, 0 set aside" in opora("hub", "import", str(tmp_path / "stick"), *hub)
    assert sorted(each.name.rpartition("-")[0] for each in usb.iterdir()) == ["to-agency", "to-kiosk"]
    home = opora("sync", "import", str(usb), "--language", "ru", *kiosk)
    assert "Ведомство получило 1 заявление." in home
    with Kiosk(data) as opened:
        assert opened.state(one) is OutboxState.ACKNOWLEDGED
    (answer,) = usb.glob("to-kiosk-*")
    answer.write_bytes(answer.read_bytes()[:-1])
    assert "This file cannot be opened." in opora("sync", "import", str(answer), *kiosk, status=1)
    opora("hub", "revoke", answer_kiosk(opora("hub", "list", *hub)), "--reason", "Reported stolen.", *hub)
    opora("sync", "export", str(usb), *kiosk)
    refused = opora("hub", "import", str(next(usb.glob("to-agency-*"))), str(answer), *hub, status=1)
    assert "refused. Reported stolen." in refused
    assert "Reported stolen." in opora("sync", "import", str(answer), *kiosk, status=1)


def answer_kiosk(listed: str) -> str:
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", listed)
    assert found is not None
    return found.group()


def test_unreadable_agency_keys_are_a_sentence(tmp_path: Path) -> None:
    keys = tmp_path / "identities.txt"
    keys.write_text("not a key\n", encoding="ascii")
    told = opora("hub", "serve", "--data", str(tmp_path / "hub"), "--identities", str(keys), status=1)
    assert "The agencies' keys could not be read." in told
