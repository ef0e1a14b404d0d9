"""Our form engine beside ODK Web Forms': the same forms, the same answers, in turn, in one run.

Theirs (``@getodk/xforms-engine``) runs under Node with jsdom; both come from npm into ``build/``. The forms
are real ones of the shared test data and a household of our own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from kiosk.forms import AddRepeat, Answer, Session, fill_randomly, parse_form
from tests.bench.figures import median, p99, show

ROUNDS = 3
PACKAGES = ("@getodk/xforms-engine@0.22.0", "jsdom@24.1.3")
PEER = Path("build/bench-peer")
FORMS = {
    "WHO verbal autopsy": "who_verbal_autopsy.xml",
    "REACH MSNA": "converted/reach_msna_2024_draft_v11.xlsx.xml",
    "SOAR facility survey": "soar_facility_survey_kenya.xml",
    "UNHCR household": "converted/unhcr_koboloader_form.xls.repaired.xml",
    "IFRC site assessment": "ifrc_distribution_site_assessment.xml",
    "socio-economic survey": "socio_economic_survey.xml",
}
_DRAWN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|\dT\d\d:\d\d")
Steps = list[dict[str, str | None]]


def run(console: Console) -> None:
    named = os.environ.get("OPORA_SHARED")
    folder = (Path(named) if named else Path(__file__).parents[3] / "shared") / "data" / "forms"
    peer = _peer(console)
    rows: list[tuple[str, ...]] = []
    for title, source, steps in _jobs(console, folder):
        ours: list[dict[str, Any]] = []
        theirs: list[dict[str, Any]] = []
        for _ in range(ROUNDS):
            ours.append(_timed([sys.executable, "-m", "tests.bench.own_form"], source, steps))
            if peer is not None:
                theirs.append(_timed(["node", "tests/bench/peer.mjs", str(peer.resolve())], source, steps))
        rows += _rows(title, ours, [each for each in theirs if "refused" not in each])
        if theirs and "refused" in theirs[0]:
            console.print(f"{title}: the other engine refuses it: {theirs[0]['refused']}")
    columns = ("", "ours: median", "p99", "theirs: median", "p99", "theirs / ours")
    show(console, "Forms, in ms", columns, rows)


def _jobs(console: Console, folder: Path) -> list[tuple[str, str, Steps]]:
    jobs: list[tuple[str, str, Steps]] = []
    if not folder.is_dir():
        console.print("the shared test data is not here, so only our own household is measured")
    for title, name in FORMS.items():
        if (folder / name).is_file():
            source = (folder / name).read_text()
            jobs.append((title, source, _steps(fill_randomly(parse_form(source.encode()), 3))))
    return jobs + [(f"household of {members}", HOUSEHOLD, _household(members)) for members in (5, 50)]


def _steps(session: Session) -> Steps:
    """The answers of a session that was filled in, and its new members (value None)."""
    steps: Steps = []
    for step in session.steps:
        match step:
            case Answer(_, ref, value):
                steps.append({"ref": ref, "value": value})
            case AddRepeat(_, ref):
                steps.append({"ref": ref, "value": None})
    return steps


HOUSEHOLD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
    ' xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"><h:head>'
    '<h:title>Household</h:title><model><instance><data id="household"><member jr:template="">'
    "<name/><age/><income/><adult/></member><members/><adults/><income/>"
    "<orx:meta><orx:instanceID/></orx:meta></data></instance>"
    '<bind nodeset="/data/member/age" type="int"/><bind nodeset="/data/member/income" type="int"'
    ' relevant="../adult = 1"/><bind nodeset="/data/member/adult" calculate="if(../age &gt;= 18, 1, 0)"/>'
    '<bind nodeset="/data/members" calculate="count(/data/member)"/>'
    '<bind nodeset="/data/adults" calculate="count(/data/member[adult = 1])"/>'
    '<bind nodeset="/data/income" calculate="sum(/data/member/income[. != \'\'])"/></model></h:head><h:body>'
    '<repeat nodeset="/data/member"><input ref="/data/member/name"><label>Name</label></input>'
    '<input ref="/data/member/age"><label>Age of <output value="../name"/></label></input>'
    '<input ref="/data/member/income"><label>Income</label></input></repeat></h:body></h:html>'
)


def _household(members: int) -> Steps:
    steps: Steps = [{"ref": "/data/member", "value": None} for _ in range(members)]
    for at in range(1, members + 1):
        for name, value in (("name", f"N{at}"), ("age", str(at + 20)), ("income", str(at * 100))):
            steps.append({"ref": f"/data/member[{at}]/{name}", "value": value})
    return steps


def _timed(command: list[str], source: str, steps: Steps) -> dict[str, Any]:
    given = json.dumps({"form": source, "steps": steps})
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"refused": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it ended"}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _rows(title: str, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for what, key in (("open", "open"), ("answer settled", "answers"), ("add a member", "adds")):
        own, other = _flat(ours, key), _flat(theirs, key)
        if not own:
            continue
        row = [f"{title}: {what}", f"{median(own):.3g}", f"{p99(own):.3g}"]
        if other:
            row += [f"{median(other):.3g}", f"{p99(other):.3g}", f"{median(other) / median(own):.1f}"]
        else:
            row += ["–", "–", "–"]
        rows.append(tuple(row))
    if key_session := _flat(ours, "session"):
        rows.append((f"{title}: open, once compiled", f"{median(key_session):.3g}", "", "–", "–", "–"))
    if theirs:
        mine, other_values = ours[0]["values"], theirs[0]["values"]
        shared = [ref for ref in mine if ref in other_values]
        same = sum(_alike(mine[ref], other_values[ref]) for ref in shared)
        rows.append((f"{title}: values alike at the end", f"{same} of {len(shared)}", "", "", "", ""))
    return rows


def _flat(figures: list[dict[str, Any]], key: str) -> list[float]:
    found: list[float] = []
    for each in figures:
        value = each.get(key, [])
        found += value if isinstance(value, list) else [value]
    return found


def _alike(one: str, other: str) -> bool:
    """Identifiers and times of the clock are each engine's own."""
    drawn = _DRAWN.search(one) is not None and _DRAWN.search(other) is not None
    return drawn or one == other or one == other.removesuffix(".0")


def _peer(console: Console) -> Path | None:
    """Where the other engine lies, installed on the first run."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        console.print("node and npm are not here, so ours is measured alone")
        return None
    if not (PEER / "node_modules").is_dir():
        PEER.mkdir(parents=True, exist_ok=True)
        (PEER / "package.json").write_text('{"private": true}')
        command = ["npm", "install", "--no-audit", "--no-fund", *PACKAGES]
        if subprocess.run(command, cwd=PEER, capture_output=True, check=False).returncode:
            console.print("npm could not install the other engine, so ours is measured alone")
            shutil.rmtree(PEER)
            return None
    return PEER
