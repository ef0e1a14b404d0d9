"""Known weaknesses of what is locked: ``python -m tests.privacy.advisories [LOCK]``, part of ``make check``.

pip-audit asks the Python Packaging Advisory Database. It exits with success when it found nothing to ask, so
what it could not look up is counted and said: a silent pass would be a lie. Fails on any advisory.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

PATIENCE_S = 180


def main() -> None:
    lock = Path(sys.argv[1] if len(sys.argv) > 1 else "requirements.lock")
    with tempfile.TemporaryDirectory(prefix="opora-audit-") as folder:
        report = Path(folder) / "report.json"
        asking = [
            "-m",
            "pip_audit",
            "-r",
            str(lock),
            "--disable-pip",
            "--require-hashes",
            "--progress-spinner=off",
        ]
        try:
            done = subprocess.run(
                [sys.executable, *asking, "-f", "json", "-o", str(report)],
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            print(f"Advisories: nobody answered within {PATIENCE_S} s, so nothing was looked up.")
            return
        if not report.exists():
            print(f"Advisories: nothing was looked up. {done.stderr.strip().splitlines()[-1:]}")
            return
        packages = json.loads(report.read_text())["dependencies"]
    weak = [package for package in packages if package.get("vulns")]
    unknown = sum("skip_reason" in package for package in packages)
    for package in weak:
        names = ", ".join(each["id"] for each in package["vulns"])
        print(f"{package['name']} {package['version']}: {names}")
    print(
        f"Advisories: {len(packages) - unknown} packages looked up, {len(weak)} with known weaknesses;"
        f" {unknown} could not be looked up from here."
    )
    sys.exit(1 if weak else 0)


if __name__ == "__main__":
    main()
