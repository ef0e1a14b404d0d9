"""Every kind of bad update is refused with a sentence and an entry in the journal, and changes nothing."""

import json
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.errors import Fault, PackFault, StoreFault
from kiosk.journal import KIOSK, Action
from kiosk.texts import LANGUAGES, texts_for
from kiosk.updates.authoring import Body, KeyFolder
from kiosk.updates.bundle import MAGIC, chunks_of, read_head, write_bundle
from kiosk.updates.release import Kind
from kiosk.updates.service import Updates
from kiosk.updates.standing import State
from kiosk.updates.trust import Head
from tests.flow.sample_form import XFORM
from tests.updates.deployment import RELEASED_AT, Deployment, UpdatedKiosk, asking, kiosk_of, write_pack


def refused(kiosk: UpdatedKiosk, file: Path, sentence: str) -> None:
    """With this sentence, in the journal too, and the kiosk works with what it had."""
    before, pack = len(kiosk.history()), kiosk.pack
    with pytest.raises(PackFault, match=sentence) as caught:
        kiosk.updates.take_file(file, KIOSK)
    assert caught.value.advice.msgid
    assert kiosk.history()[before:][-1] == (Action.UPDATE_REFUSED, caught.value.title.msgid)
    assert not kiosk.updates.apply()
    assert kiosk.pack == pack


def refused_when_examined(kiosk: UpdatedKiosk, file: Path, sentence: str) -> None:
    """It is signed and whole; that it cannot be used is found out before anything is taken up."""
    pack = kiosk.pack
    kiosk.take(file)
    assert kiosk.updates.examine() is State.REFUSED
    assert not kiosk.updates.apply()
    standing = kiosk.updates.standing()
    assert standing.state is State.REFUSED
    assert standing.refusal is not None
    assert sentence in standing.refusal.msgid.format(**standing.refusal.gaps)
    assert kiosk.history()[-1][0] == Action.UPDATE_REFUSED
    assert kiosk.pack == pack


def tampered(file: Path, at: int, change: bytes) -> Path:
    content = bytearray(file.read_bytes())
    content[at : at + len(change)] = change
    file.write_bytes(content)
    return file


def test_another_deployment_s_signature(kiosk: UpdatedKiosk, tmp_path: Path) -> None:
    refused(kiosk, Deployment(tmp_path / "other").update("2"), "not signed by anyone")


def test_a_signed_update_that_names_another_deployment(deployment: Deployment, tmp_path: Path) -> None:
    with kiosk_of(deployment, tmp_path / "kiosk") as kiosk:
        from kiosk.store import Setting

        kiosk.store.lane.submit(lambda r: r.settings.put(Setting.DEPLOYMENT, "here")).result()
        refused(kiosk, deployment.release(deployment.body("2"), deployment="there"), "another deployment")
        kiosk.take(deployment.release(deployment.body("2"), deployment="here"))
        assert kiosk.updates.apply()


def test_the_pack_of_another_deployment(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    refused_when_examined(kiosk, deployment.update("2", id="elsewhere"), "another deployment")


def test_a_kiosk_that_trusts_nobody_yet(deployment: Deployment, tmp_path: Path) -> None:
    with kiosk_of(None, tmp_path / "kiosk") as kiosk:
        refused(kiosk, deployment.update("2"), "whose updates it may trust")


def test_an_older_release(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    first = deployment.update("2")
    kiosk.take(deployment.update("3"))
    kiosk.updates.apply()
    refused_but_kept = kiosk.updates.standing().number
    with pytest.raises(PackFault, match="older than what this kiosk knows"):
        kiosk.updates.take_file(first, KIOSK)
    assert kiosk.pack.version == "3"
    assert kiosk.updates.standing().number == refused_but_kept
    assert kiosk.history()[-1][0] == Action.UPDATE_REFUSED


def test_an_older_release_after_the_way_back(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    """Going back is the coordinator's doing; it opens the door to no older release."""
    first = deployment.update("2")
    kiosk.take(deployment.update("3"))
    kiosk.updates.apply()
    kiosk.updates.take_back(KIOSK)
    refused(kiosk, first, "older than what this kiosk knows")


def test_two_releases_of_one_number(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    one, other = deployment.body("2"), deployment.body("3")
    for body, out in ((one, "a"), (other, "b")):
        head, _ = deployment.keys.head((body,), RELEASED_AT, number=5)
        digest = Head.reading(head).believed(deployment.root, None).release.targets[0].digest
        write_bundle(
            deployment.folder / out, head, [(digest, body.file.stat().st_size, chunks_of(body.file))]
        )
    kiosk.take(deployment.folder / "a")
    with pytest.raises(PackFault, match="two different updates"):
        kiosk.updates.take_file(deployment.folder / "b", KIOSK)


def test_the_list_of_one_release_with_the_bodies_of_another(
    deployment: Deployment, kiosk: UpdatedKiosk
) -> None:
    one, other = deployment.body("2"), deployment.body("3", xform=asking("Who are you?"))
    file = deployment.release(one)
    head = read_head(file)
    digests = [
        Head.reading(read_head(deployment.release(each))).believed(deployment.root, None).release.targets[0]
        for each in (one, other)
    ]
    # Under its own name it is not on the list; under the other's it is not what the list says.
    write_bundle(file, head, [(digests[1].digest, digests[1].size, chunks_of(other.file))])
    refused(kiosk, file, "damaged or incomplete")
    content = other.file.read_bytes()
    padded = content + bytes(max(0, digests[0].size - len(content)))
    write_bundle(file, head, [(digests[0].digest, digests[0].size, [padded[: digests[0].size]])])
    refused(kiosk, file, "damaged or incomplete")


@pytest.mark.parametrize("part", [0.0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_cut_short(deployment: Deployment, kiosk: UpdatedKiosk, part: float) -> None:
    file = deployment.update("2")
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * part)])
    refused(kiosk, file, "damaged or incomplete")


def test_a_list_that_says_it_is_enormous(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    file = deployment.update("2")
    refused(kiosk, tampered(file, len(MAGIC), struct.pack(">I", 2**32 - 1)), "damaged or incomplete")


def test_a_body_that_says_it_is_enormous(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    file = deployment.update("2")
    at = len(MAGIC) + 4 + len(read_head(file)) + 32
    refused(kiosk, tampered(file, at, struct.pack(">Q", 2**63)), "damaged or incomplete")


def test_json_that_is_a_thousand_lists_deep(kiosk: UpdatedKiosk, tmp_path: Path) -> None:
    file = tmp_path / "deep"
    for bomb in (b"[" * 100_000, b'{"format":1,"roots":' + b"[" * 50_000, b"1" * 400_000):
        write_bundle(file, bomb, [])
        refused(kiosk, file, "damaged or incomplete")


def test_a_pack_that_swells_when_it_is_unpacked(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    body = deployment.body("2")
    with zipfile.ZipFile(body.file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(80 * 1024 * 1024))
    refused_when_examined(kiosk, deployment.release(body), "damaged or incomplete")


@pytest.mark.parametrize("name", ["../../evil", "/etc/cron.d/evil", "forms/../../../evil", "C:\\evil"])
def test_a_pack_with_path_names(
    deployment: Deployment, kiosk: UpdatedKiosk, name: str, tmp_path: Path
) -> None:
    body = deployment.body("2")
    with zipfile.ZipFile(body.file, "a") as archive:
        archive.writestr(name, b"* * * * * root evil")
    refused_when_examined(kiosk, deployment.release(body), "damaged or incomplete")
    assert not [path for path in tmp_path.rglob("*evil*") if path.name == "evil"]


def test_names_in_a_release_name_nothing_on_the_disk(
    deployment: Deployment, kiosk: UpdatedKiosk, tmp_path: Path
) -> None:
    body = deployment.body("2")
    evil = Body(Kind.CATALOGUE, "../../../evil", "2", body.file)
    refused_when_examined(kiosk, deployment.release(evil), "cannot be used")
    assert not list(tmp_path.rglob("*evil*"))


def test_a_form_that_this_kiosk_cannot_ask(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    broken = XFORM.replace(b'constraint=". &gt; 0"', b'constraint="no-such-function(.)"')
    assert broken != XFORM
    refused_when_examined(kiosk, deployment.update("2", xform=broken), "form that this kiosk cannot ask")


def test_a_pack_of_a_newer_format(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    body = deployment.body("2")
    with zipfile.ZipFile(body.file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["manifest.json"] = files["manifest.json"].replace(b'"format": 1', b'"format": 2')
    with zipfile.ZipFile(body.file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    refused_when_examined(kiosk, deployment.release(body), "made for a newer Opora")


def test_what_holds_another_version_than_the_list_says(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    body = deployment.body("2")
    lying = Body(Kind.CATALOGUE, "sample", "3", body.file)
    refused_when_examined(kiosk, deployment.release(lying), "cannot be used")


def test_a_version_that_came_before_with_other_content(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    refused_when_examined(kiosk, deployment.update("1", xform=asking("Who are you?")), "cannot be used")
    kiosk.take(deployment.update("2"))
    assert kiosk.updates.apply()
    refused_when_examined(kiosk, deployment.update("2", xform=asking("Who are you?")), "cannot be used")


def test_two_catalogues_in_one_release(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    two = (deployment.body("2"), deployment.body("2", id="other"))
    refused_when_examined(kiosk, deployment.release(*two), "cannot be used")


def test_no_room_is_told_and_the_room_for_applications_is_left(
    deployment: Deployment, kiosk: UpdatedKiosk
) -> None:
    careful = Updates(kiosk.store.lane, kiosk.store.clock, leave_free=2**60)
    with pytest.raises(StoreFault, match="no room") as caught:
        careful.take_file(deployment.update("2"), KIOSK)
    assert int(caught.value.advice.gaps["megabytes"]) > 2**30
    assert kiosk.pack.version == "1"


def test_signers_that_were_replaced_are_believed_no_more(
    deployment: Deployment, kiosk: UpdatedKiosk, tmp_path: Path
) -> None:
    """A stolen key signs a release of an enormous number; new keys begin anew and are heard."""
    kiosk.take(deployment.update("2"))
    kiosk.updates.apply()
    thief = KeyFolder(deployment.folder / "keys")
    stolen, _ = thief.head((), RELEASED_AT, number=10**9)
    kiosk.updates.offer(stolen)
    deployment.keys.rotate(RELEASED_AT)
    kiosk.take(deployment.update("3"))
    assert kiosk.updates.apply()
    assert kiosk.pack.version == "3"
    write_bundle(tmp_path / "stolen", stolen, [])
    refused(kiosk, tmp_path / "stolen", "not signed by anyone")


def test_a_root_that_the_one_before_did_not_sign(
    deployment: Deployment, kiosk: UpdatedKiosk, tmp_path: Path
) -> None:
    other = Deployment(tmp_path / "other")
    other.keys.rotate(RELEASED_AT, roots=2)
    theirs = Head.reading(read_head(other.update("2")))
    ours = Head.reading(read_head(deployment.update("2")))
    grafted = Head((ours.roots[0], theirs.roots[1]), theirs.targets)
    write_bundle(tmp_path / "grafted", grafted.written(), [])
    refused(kiosk, tmp_path / "grafted", "not signed by anyone")


def test_root_keys_are_replaced_by_a_chain_and_a_kiosk_may_miss_some_links(
    deployment: Deployment, kiosk: UpdatedKiosk
) -> None:
    for _ in range(3):
        deployment.keys.rotate(RELEASED_AT, roots=2)
    kiosk.take(deployment.update("2"))
    assert kiosk.updates.apply()
    assert kiosk.pack.version == "2"


def test_a_new_root_is_believed_even_where_what_came_along_is_refused(
    deployment: Deployment, kiosk: UpdatedKiosk
) -> None:
    old = read_head(deployment.update("2"))
    deployment.keys.rotate(RELEASED_AT)
    rotated = read_head(deployment.update("3"))
    mixed = Head(Head.reading(rotated).roots, Head.reading(old).targets)
    with pytest.raises(PackFault, match="not signed by anyone"):
        kiosk.updates.offer(mixed.written())
    with pytest.raises(PackFault, match="not signed by anyone"):
        kiosk.updates.offer(old)


def test_a_release_of_a_kind_that_is_not_known_here_is_passed_by(
    deployment: Deployment, kiosk: UpdatedKiosk
) -> None:
    body = deployment.body("2")
    file = write_pack(deployment.folder / "music", "9")
    file.write_bytes(b"la la la")
    head, _ = deployment.keys.head((body,), RELEASED_AT)
    release = Head.reading(head).believed(deployment.root, None).release
    assert release.number == 1
    targets = json.loads(Head.reading(head).targets.payload)
    assert targets["targets"]["catalogue/sample"]["custom"]["x-opora"]["kind"] == "catalogue"
    from kiosk.updates.release import Target

    assert not kiosk.updates._needs(Target("music", "la", "1", "0" * 64, 8))


def test_every_refusal_reads_in_every_language(deployment: Deployment, kiosk: UpdatedKiosk) -> None:
    from kiosk.journal.wording import in_words

    broken = XFORM.replace(b'constraint=". &gt; 0"', b'constraint="no-such-function(.)"')
    kiosk.take(deployment.update("2", xform=broken))
    kiosk.updates.examine()
    (entry,) = kiosk.updates.standing(count=1).history
    read = {language: in_words(entry, texts_for(language), {}) for language in LANGUAGES}
    assert len(set(read.values())) == len(LANGUAGES)
    assert all("warm-home" in each for each in read.values())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Deployment, Path]:
    deployment = Deployment(tmp_path_factory.mktemp("small") / "deployment")
    return deployment.update("2").read_bytes(), deployment, tmp_path_factory.mktemp("turned")


@given(place=st.integers(min_value=0))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_turned_bit_is_refused_or_changes_nothing(
    small: tuple[bytes, Deployment, Path], place: int
) -> None:
    """Refused, or in what no signature is over without any effect: the release is the one that was signed."""
    content, deployment, folder = small
    turned = bytearray(content)
    bit = place % (len(turned) * 8)
    turned[bit // 8] ^= 1 << bit % 8
    file = folder / "turned"
    file.write_bytes(turned)
    taken: dict[str, bytes] = {}
    try:
        from kiosk.updates.bundle import read_bodies

        release = Head.reading(read_head(file)).believed(deployment.root, None).release
        read_bodies(file, release, lambda target, chunks: taken.update({target.digest: b"".join(chunks)}))
    except Fault:
        return
    from hashlib import sha256

    assert release.number == 1
    assert len(release.targets) == 1
    # A body whose bits were turned is found by the shelf; see the next test.
    assert set(taken) == {release.targets[0].digest}
    if sha256(taken[release.targets[0].digest]).hexdigest() == release.targets[0].digest:
        assert release.targets[0].version == "2"


def test_turned_bits_in_every_hundredth_byte_reach_no_kiosk(
    deployment: Deployment, kiosk: UpdatedKiosk, tmp_path: Path
) -> None:
    """Through the whole kiosk: whatever bit is turned, version 2 comes as it was signed or not at all."""
    whole = deployment.update("2", xform=asking("Who are you, please?"))
    content, bodies_at = whole.read_bytes(), len(MAGIC) + 4 + len(read_head(whole))
    file, refused_at = tmp_path / "turned", []
    # Bodies first: one that has come whole is not read a second time.
    places = range(len(content) - 1, 0, -100)
    for at in places:
        turned = bytearray(content)
        turned[at] ^= 0x10
        file.write_bytes(turned)
        try:
            kiosk.updates.take_file(file, KIOSK)
        except PackFault:
            refused_at.append(at)
    assert {at for at in places if at >= bodies_at} <= set(refused_at)
    if kiosk.updates.apply():
        assert b"Who are you, please?" in next(iter(kiosk.pack.forms.values())).source
    else:
        assert kiosk.pack.version == "1"
