#!/bin/sh
# Makes this checkout ready to run: Debian packages, then a virtual environment from the lock file.
# usage: installers/setup.sh LIST...   (each LIST names Debian packages, one a line)
# Does nothing, in well under a second, when all is there already.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

missing=""
for package in $(sed -e 's/#.*//' "$@"); do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ]; then as_root=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo"
    else
        echo "Opora needs some Debian packages. Please run this as an administrator, then try again:" >&2
        echo "  apt-get update && apt-get install --no-install-recommends$missing" >&2
        exit 1
    fi
    echo "Installing:$missing"
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

"$python" - <<'PY' || { echo "Opora needs Python 3.11 or newer; $python is older." >&2; exit 1; }
import sys
sys.exit(sys.version_info < (3, 11))
PY

stamp=.venv/opora-lock.sha256
wanted=$(cat requirements.lock pyproject.toml | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Preparing .venv from requirements.lock (a few minutes the first time)"
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    echo "$wanted" > "$stamp"
fi
