"""A USB stick carries what waits, there and back: whatever becomes of the three files, once is once."""

import io
import os
import sys
import zipfile
from pathlib import Path
from random import Random

import pyrage
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import func, select

from kiosk.errors import Fault, HubFault, LineFault
from kiosk.flow.sticks import Writing
from kiosk.ids import new_id
from kiosk.store.outbox import OutboxState
from kiosk.store.settings import Setting
from sync import stick
from sync.carriers.https import Device, HttpsCarrier, TrustedHub
from sync.carriers.usb import UsbCarrier
from sync.hub.exchanging import Exchange
from sync.hub.rows import ApplicationRow, EnvelopeRow
from sync.hub.statuses import Decision
from sync.hub.sticks import Sticks
from sync.known_hub import known_hub, remember_hub
from sync.protocol import EnrolAnswer
from sync.stick import StickRequest
from tests.sync.parties import Hub, Kiosk, Stored, now


def sticks_of(hub: Hub) -> Sticks:
    exchange = Exchange(hub.database, hub.server.identity, hub.opener, hub.clock)
    return Sticks(hub.server.kiosks, exchange, hub.server.identity, hub.clock)


def usb_of(kiosk: Kiosk) -> UsbCarrier:
    return UsbCarrier(kiosk.database, kiosk.lane, kiosk.device, app_version="0.2.0", clock=kiosk.clock)


def enrolled(kiosk: Kiosk, hub: Hub) -> HttpsCarrier:
    """Enrolled over the line, and written down as a kiosk does."""
    carrier = kiosk.enrolled(hub)
    identity = hub.server.identity
    answer = EnrolAnswer(
        protocol=1,
        hub=identity.hub,
        hub_key=identity.public_key,
        deployment=identity.deployment,
        salt=identity.salt,
    )
    kiosk.lane.submit(lambda repositories: remember_hub(repositories, answer, hub.url)).result()
    return carrier


def arrived(hub: Hub) -> list[str]:
    with hub.database.transaction() as session:
        return sorted(found or "" for found in session.scalars(select(ApplicationRow.reference)))


def envelopes(hub: Hub) -> int:
    with hub.database.transaction() as session:
        return session.scalar(select(func.count()).select_from(EnvelopeRow)) or 0


def states(kiosk: Kiosk, stored: list[Stored]) -> set[OutboxState]:
    return {kiosk.state(one) for one in stored}


def test_stick_takes_everything_and_brings_acknowledgements_and_decisions_home(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        enrolled(kiosk, hub)
        stored = [kiosk.store() for _ in range(30)]
        seen: list[Writing] = []
        packed = usb_of(kiosk).pack(progress=seen.append)
        assert (packed.envelopes, packed.left) == (30, 0)
        assert (seen[-1].done, seen[-1].total) == (30, 30)
        assert seen[-1].bytes_done > 30 * 300
        assert states(kiosk, stored) == {OutboxState.WAITING}, "written is not received"
        answered = sticks_of(hub).answer(packed.content)
        assert (answered.taken, answered.set_aside, answered.refusal) == (30, 0, "")
        assert arrived(hub) == sorted(one.reference for one in stored)
        home = usb_of(kiosk).unpack(answered.content)
        assert (home.received, home.news, home.set_aside, home.enrolled) == (30, 0, 0, False)
        assert states(kiosk, stored) == {OutboxState.ACKNOWLEDGED}
        assert kiosk.entry(stored[0].envelope).carrier == "usb"
        hub.server.caseworker.decide(stored[4].reference, Decision("granted", amount="120 €"))
        empty = usb_of(kiosk).pack()
        assert empty.envelopes == 0
        home = usb_of(kiosk).unpack(sticks_of(hub).answer(empty.content).content)
        assert (home.received, home.news) == (0, 1)
        assert kiosk.statuses(stored[4])[-1].amount == "120 €"


def test_kiosk_that_never_had_a_line_enrols_and_sends_with_the_same_stick(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        stored = [kiosk.store() for _ in range(3)]
        with pytest.raises(HubFault, match="not connected to an agency"):
            usb_of(kiosk).pack()
        code = hub.server.kiosks.new_code()
        packed = usb_of(kiosk).pack(code=code, centre="Linden")
        answered = sticks_of(hub).answer(packed.content)
        assert (answered.enrolled, answered.taken) == (True, 3)
        home = usb_of(kiosk).unpack(answered.content)
        assert (home.enrolled, home.received) == (True, 3)
        assert states(kiosk, stored) == {OutboxState.ACKNOWLEDGED}
        with kiosk.database.reader() as repositories:
            assert repositories.settings.get(Setting.DEPLOYMENT_SALT) == hub.server.identity.salt.hex()
            known = known_hub(repositories)
        assert known is not None
        assert known.id == str(hub.server.identity.hub)
        kiosk.store()
        line = HttpsCarrier(TrustedHub(hub.url, known.id, known.key), kiosk.device, now)
        assert kiosk.tried(line).done == 1, "and from then on it may use a line as well"
        assert usb_of(kiosk).unpack(answered.content).received == 0, "the same file once more"
        assert envelopes(hub) == 4


@pytest.mark.proof
def test_enrolment_on_a_stick_may_come_twice_and_gets_the_same_answer(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        kiosk.store()
        packed = usb_of(kiosk).pack(code=hub.server.kiosks.new_code())
        for _ in range(2):
            answered = sticks_of(hub).answer(packed.content)
            assert (answered.enrolled, answered.taken) == (True, 1)
        assert usb_of(kiosk).unpack(answered.content).received == 1
        assert envelopes(hub) == 1


@pytest.mark.proof
def test_code_that_is_wrong_enrols_nobody_and_nothing_is_taken(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        kiosk.store()
        hub.server.kiosks.new_code()
        packed = usb_of(kiosk).pack(code="1234 5678 9012")
        with pytest.raises(HubFault, match="cannot open this file"):
            sticks_of(hub).answer(packed.content)
        assert (envelopes(hub), arrived(hub)) == (0, [])
        assert sticks_of(hub).answer(usb_of(kiosk).pack(code=hub.server.kiosks.new_code()).content).taken == 1


@pytest.mark.proof
def test_code_used_by_another_kiosk_is_refused_in_words_that_come_home(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "a") as first, Kiosk(tmp_path / "b") as second:
        code = hub.server.kiosks.new_code()
        sticks_of(hub).answer(usb_of(first).pack(code=code).content)
        stored = second.store()
        answered = sticks_of(hub).answer(usb_of(second).pack(code=code).content)
        assert "code is not valid" in answered.refusal
        home = usb_of(second).unpack(answered.content)
        assert "code is not valid" in home.refusal
        assert second.state(stored) is OutboxState.WAITING
        assert envelopes(hub) == 0


def test_revoked_kiosk_reads_why_and_what_waits_stays(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        enrolled(kiosk, hub)
        stored = kiosk.store()
        hub.server.kiosks.revoke(kiosk.device.kiosk, "The kiosk was reported stolen. Call 555 0101.")
        answered = sticks_of(hub).answer(usb_of(kiosk).pack().content)
        home = usb_of(kiosk).unpack(answered.content)
        assert home.refusal == "The kiosk was reported stolen. Call 555 0101."
        assert kiosk.state(stored) is OutboxState.WAITING
        assert envelopes(hub) == 0


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(2, 16))]
)
def test_files_lost_repeated_swapped_cut_and_changed_still_mean_once(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        line = enrolled(kiosk, hub)
        usb, sticks = usb_of(kiosk), sticks_of(hub)
        stored: list[Stored] = []
        outward: list[bytes] = []
        homeward: list[bytes] = []
        for _ in range(40):
            match random.randrange(8):
                case 0 | 1:
                    stored.append(kiosk.store())
                case 2:
                    outward.append(usb.pack().content)
                case 3 | 4 if outward:
                    homeward.append(sticks.answer(random.choice(outward)).content)
                case 5 if homeward:
                    usb.unpack(random.choice(homeward))
                case 6 if outward and homeward:
                    for spoil in (_cut, _flipped):
                        with pytest.raises(HubFault):
                            sticks.answer(spoil(random.choice(outward), random))
                        with pytest.raises(HubFault):
                            usb.unpack(spoil(random.choice(homeward), random))
                    with pytest.raises(HubFault):
                        usb.unpack(random.choice(outward))
                    with pytest.raises(HubFault):
                        sticks.answer(random.choice(homeward))
                case 7 if random.random() < 0.3:
                    assert kiosk.tried(line).fault is None
            acknowledged = [one for one in stored if kiosk.state(one) is OutboxState.ACKNOWLEDGED]
            assert {one.reference for one in acknowledged} <= set(arrived(hub)), "green only from the hub"
        usb.unpack(sticks.answer(usb.pack().content).content)
        for file in random.sample(homeward, len(homeward)):
            usb.unpack(file)
        assert arrived(hub) == sorted(one.reference for one in stored)
        assert envelopes(hub) == len(stored)
        assert states(kiosk, stored) <= {OutboxState.ACKNOWLEDGED}
        assert kiosk.tried(line).waiting == 0
        assert all(len(kiosk.statuses(one)) == 1 for one in stored)


def _cut(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content))]


def _flipped(content: bytes, random: Random) -> bytes:
    place = random.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << random.randrange(8))]) + content[place + 1 :]


def test_older_answer_that_comes_late_does_not_take_the_conversation_back(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        line = enrolled(kiosk, hub)
        first = kiosk.store()
        late = sticks_of(hub).answer(usb_of(kiosk).pack().content)
        second = kiosk.store()
        assert kiosk.tried(line).waiting == 0
        with kiosk.database.reader() as repositories:
            before = repositories.cursors.get(str(hub.server.identity.hub))
        home = usb_of(kiosk).unpack(late.content)
        assert home.received == 0
        with kiosk.database.reader() as repositories:
            after = repositories.cursors.get(str(hub.server.identity.hub))
        assert (after.cursor, after.high_water) == (before.cursor, before.high_water)
        assert states(kiosk, [first, second]) == {OutboxState.ACKNOWLEDGED}, "nothing waits again"


def test_nothing_on_the_stick_can_be_read(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        enrolled(kiosk, hub)
        one = kiosk.store(name="Анна Петровна Смирнова")
        out = usb_of(kiosk).pack().content
        home = sticks_of(hub).answer(out).content
        code = hub.server.kiosks.new_code()
        enrolling = usb_of(kiosk).pack(code=code, centre="Linden District Centre").content
        secrets = ["Смирнова", "heating", "Linden", "answers", one.reference, str(one.application), code]
        secrets += [str(kiosk.device.kiosk), "age1", code.replace(" ", ""), stick.code_digest(code)]
        for content in (out, home, enrolling):
            head, _, body = content.partition(b"\n---")
            assert head.startswith(b"age-encryption.org/v1\n")
            assert not [word for word in secrets if word.encode() in content]
            assert len(zstandard.ZstdCompressor().compress(body)) > 0.98 * len(body), "it looks like noise"


def test_file_of_another_kiosk_is_not_taken_for_ours(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "a") as ours, Kiosk(tmp_path / "b") as other:
        enrolled(ours, hub)
        enrolled(other, hub)
        other.store()
        theirs = sticks_of(hub).answer(usb_of(other).pack().content)
        with pytest.raises(HubFault, match="cannot be opened"):
            usb_of(ours).unpack(theirs.content)
        impostor = UsbCarrier(
            ours.database,
            ours.lane,
            Device(other.device.kiosk, Ed25519PrivateKey.generate()),
            app_version="0",
            clock=now,
        )
        with pytest.raises(HubFault, match="not signed by its sender"):
            sticks_of(hub).answer(impostor.pack().content)
        assert usb_of(other).unpack(theirs.content).received == 1


def test_answer_that_names_another_hub_is_believed_only_under_the_code(tmp_path: Path) -> None:
    """Whoever knows a kiosk's public key must not become its hub by that."""
    with Hub(tmp_path / "hub") as hub, Hub(tmp_path / "other") as other, Kiosk(tmp_path / "kiosk") as kiosk:
        enrolled(kiosk, hub)
        stray = usb_of(kiosk).pack(code=other.server.kiosks.new_code()).content
        letter, _ = sticks_of(other)._opened(stray)
        request = stick.read_content(letter, StickRequest)
        forged = sticks_of(other)._sealed(
            request, sticks_of(other)._taken(request), kiosk.device.key.public_key(), None
        )
        with pytest.raises(HubFault, match="not known"):
            usb_of(kiosk).unpack(forged.content)
        with kiosk.database.reader() as repositories:
            assert repositories.settings.get(Setting.HUB_ID) == str(hub.server.identity.hub)


def _bomb(kiosk: Kiosk, hub: Hub) -> bytes:
    packed = zstandard.ZstdCompressor(level=3).compress(b" " * (stick.MOST_UNPACKED + 1))
    key, kind = kiosk.device.key, stick.TO_AGENCY
    letter = kiosk.device.kiosk.bytes + key.sign(b"opora stick to agency 1\0" + packed) + packed
    assert kind == "to-agency"
    return stick.sealed_to_key(letter, Ed25519PublicKey.from_public_bytes(hub.server.identity.public_key))


def _archive(hub: Hub) -> bytes:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("../../etc/passwd", "root")
    public = Ed25519PublicKey.from_public_bytes(hub.server.identity.public_key)
    text = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    sealed: bytes = pyrage.encrypt(plain.getvalue(), [pyrage.ssh.Recipient.from_str(text)])
    return sealed


def test_bombs_archives_and_strange_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        enrolled(kiosk, hub)
        with pytest.raises(HubFault, match="larger than such a file"):
            sticks_of(hub).answer(_bomb(kiosk, hub))
        for strange in (b"", b"\0" * 5000, b"PK\x03\x04 a zip", b"age-encryption.org/v1\n", _archive(hub)):
            for take in (sticks_of(hub).answer, usb_of(kiosk).unpack):
                with pytest.raises(HubFault) as caught:
                    take(strange)
                assert caught.value.title.msgid
                assert caught.value.advice.msgid
        huge = tmp_path / "huge.opora"
        with huge.open("wb") as file:
            file.truncate(stick.MOST_BYTES + 1)
        with pytest.raises(HubFault, match="larger than such a file"):
            stick.read_file(huge)


def test_one_envelope_that_cannot_be_named_does_not_hold_up_the_rest(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        enrolled(kiosk, hub)
        stored = [kiosk.store() for _ in range(9)]
        packed = usb_of(kiosk).pack().content
        letter = stick.opened_by_key(packed, hub.server.identity.key)
        assert letter is not None
        request = stick.read_content(letter, StickRequest)
        unnamed = request.requests[0].replace(str(stored[4].envelope), "no id at all", 1)
        spoilt = request.model_copy(update={"requests": (unnamed,)})
        again = stick.signed(stick.TO_AGENCY, spoilt.model_dump_json(), kiosk.device.kiosk, kiosk.device.key)
        public = Ed25519PublicKey.from_public_bytes(hub.server.identity.public_key)
        answered = sticks_of(hub).answer(stick.sealed_to_key(again, public))
        assert (answered.taken, answered.set_aside) == (8, 0)
        assert usb_of(kiosk).unpack(answered.content).received == 8
        assert kiosk.state(stored[4]) is OutboxState.WAITING


def test_hub_restored_from_a_backup_is_told_by_the_stick_too(tmp_path: Path) -> None:
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        enrolled(kiosk, hub)
        early = kiosk.store()
        usb_of(kiosk).unpack(sticks_of(hub).answer(usb_of(kiosk).pack().content).content)
        hub.stop()
        backup = (tmp_path / "hub" / "hub.sqlite").read_bytes()
        hub.start()
        late = kiosk.store()
        usb_of(kiosk).unpack(sticks_of(hub).answer(usb_of(kiosk).pack().content).content)
        hub.stop()
        for file in (tmp_path / "hub").glob("hub.sqlite*"):
            file.unlink()
        (tmp_path / "hub" / "hub.sqlite").write_bytes(backup)
        hub.start()
        assert arrived(hub) == [early.reference]
        usb_of(kiosk).unpack(sticks_of(hub).answer(usb_of(kiosk).pack().content).content)
        assert kiosk.state(late) is OutboxState.WAITING, "lost by the hub, so it waits again"
        usb_of(kiosk).unpack(sticks_of(hub).answer(usb_of(kiosk).pack().content).content)
        assert arrived(hub) == sorted([early.reference, late.reference])
        assert states(kiosk, [early, late]) == {OutboxState.ACKNOWLEDGED}


def test_file_is_whole_on_the_stick_or_the_older_one_stays(tmp_path: Path) -> None:
    target = tmp_path / "Opora" / "to-agency-1.opora"
    stick.write_file(target, b"first")
    assert target.read_bytes() == b"first"
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LineFault) as caught:
        stick.write_file(tmp_path / "file" / "below", b"x")
    assert caught.value.advice.msgid
    assert [each.name for each in target.parent.iterdir()] == ["to-agency-1.opora"]
    with pytest.raises(LineFault):
        stick.read_file(tmp_path / "nothing")
    assert isinstance(caught.value, Fault)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which file a descriptor is")
def test_on_a_stick_the_new_name_is_synced_with_its_file_and_a_new_folder_in_its_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A stick that was pulled out of a booted machine held the content under no name, or an empty file.
    synced: list[str] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    file = tmp_path / "BLUE" / stick.FOLDER / "to-agency-1.opora"
    stick.write_file(file, b"content")
    assert synced == [f".{file.name}.part", file.name, stick.FOLDER, "BLUE"]


def test_what_does_not_fit_one_file_is_counted_and_goes_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.carriers.usb._MOST_CONTENT", 2000)
    monkeypatch.setattr("sync.carriers.usb._BATCH_BYTES", 1000)
    with Hub(tmp_path / "hub") as hub, Kiosk(tmp_path / "kiosk") as kiosk:
        enrolled(kiosk, hub)
        stored = [kiosk.store() for _ in range(12)]
        rounds = 0
        while True:
            packed = usb_of(kiosk).pack()
            usb_of(kiosk).unpack(sticks_of(hub).answer(packed.content).content)
            rounds += 1
            if not packed.left:
                break
        assert 2 <= rounds <= 12
        assert arrived(hub) == sorted(one.reference for one in stored)


def test_name_of_the_file_tells_kiosks_and_directions_apart() -> None:
    kiosks = (new_id(), new_id())
    names = {stick.file_name(way, each) for way in (stick.TO_AGENCY, stick.TO_KIOSK) for each in kiosks}
    assert len(names) == 4
