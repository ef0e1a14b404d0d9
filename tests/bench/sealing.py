"""What sealing costs beside the work it goes with: an answer, the list of the day, a sign-in."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from kiosk.operators.secrets import SALT_BYTES, Argon2Parameters, stretched
from kiosk.store.sealing import KEY_BYTES, Sealer, age_open, age_seal, new_key, new_key_pair
from tests.applications.people import begun, drafts_of
from tests.bench.figures import median, show
from tests.store.opened import centre_of, opened

DRAFTS = 500
RUNS = 9
STEP = '{"kind": "answer", "ref": "/data/income", "value": "12500"}'


def milliseconds(work: Callable[[], object], runs: int = RUNS) -> float:
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


def run(console: Console) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(Path(folder) / "data") as store,
        centre_of(store) as centre,
    ):
        drafts = drafts_of(store, centre.key)
        draft = begun(drafts)
        sealer, id = Sealer(new_key()), centre.key.id
        sealing = milliseconds(lambda: sealer.seal(STEP.encode(), "answer", "step", id), 200)
        storing = milliseconds(lambda: drafts.record(draft, STEP, "/data/income").result(), 100)
        drafts.end_session()
        for _ in range(DRAFTS - 1):
            begun(drafts)
            drafts.end_session()
        store.lane.drain()
        listing = milliseconds(lambda: drafts.list_for(centre.coordinator))
    recipient, identity = new_key_pair()
    sealed = age_seal(recipient, new_key())
    opening = milliseconds(lambda: [age_open(identity, sealed) for _ in range(DRAFTS)])
    signing_in = milliseconds(lambda: stretched(bytes(KEY_BYTES), bytes(SALT_BYTES), Argon2Parameters()), 5)
    answer = ("an answer: sealed twice; stored with a sync", f"{2 * sealing:.3f} ms", f"{storing:.1f} ms")
    day = (f"the list of {DRAFTS} drafts; {DRAFTS} bare age files", f"{listing:.0f} ms", f"{opening:.0f} ms")
    pin = ("Argon2id of a sign-in; wanted 300 to 600 ms", f"{signing_in:.0f} ms", "–")
    rows = (
        (*answer, f"{2 * sealing / storing:.3f}"),
        (*day, f"{listing / opening:.1f}"),
        (*pin, "–"),
    )
    show(console, "Sealing, medians", ("what", "ours", "beside", "ratio"), rows)
