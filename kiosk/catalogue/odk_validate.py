"""A second opinion on a form: ODK Validate, all of JavaRosa, which comes with pyxform and needs Java."""

import importlib.util
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

LONGEST_S = 120
_JAR = Path("validators", "odk_validate", "bin", "ODK_Validate.jar")
_CHATTER = ("at ", "Validating:", ">>", "Caused by", "... ", "The following files failed", "Result:")
_FAILED = 1


def second_opinion(xform: bytes) -> tuple[str, ...] | None:
    """JavaRosa's objections to a form, in its own (English) words; empty where it has none.

    None where Java or the validator is not installed, or no answer came in time.
    """
    java, jar = shutil.which("java"), _jar()
    if java is None or jar is None:
        return None
    with TemporaryDirectory(prefix="opora-form-") as folder:
        file = Path(folder, "form.xml")
        file.write_bytes(xform)
        command = [java, "-Djava.awt.headless=true", "-Xmx512m", "-jar", str(jar), str(file)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)  # noqa: S603 - an argument list, no shell
        except (OSError, subprocess.TimeoutExpired):
            return None
        said = (done.stdout + "\n" + done.stderr).replace(str(file), "form.xml")
    if done.returncode != _FAILED:
        return ()
    lines = dict.fromkeys(_told(each) for each in said.splitlines())
    return tuple(line for line in lines if line not in ("", file.name))


def _told(line: str) -> str:
    """A line without the machinery's prefixes; blank for a line that tells an author nothing."""
    line = line.strip()
    if not line or line.startswith(_CHATTER):
        return ""
    head, colon, rest = line.partition(": ")
    if colon and "." in head and " " not in head:
        line = rest.strip()
    return line


def _jar() -> Path | None:
    spec = importlib.util.find_spec("pyxform")
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        jar = Path(folder) / _JAR
        if jar.is_file():
            return jar
    return None
