"""The demonstration pack: built from ``assets/demo`` once, and again only when its sources change."""

import shutil
import zipfile
from pathlib import Path

from kiosk.catalogue.pack import read_manifest
from kiosk.catalogue.reading import MisfitError

SOURCES = Path(__file__).parents[2] / "assets" / "demo"
IDENTITIES = SOURCES / "agency-identities.txt"
"""The demonstration agencies' private age keys, for the demonstration hub alone."""
READY = "ready.opora-pack"
"""Lies beside its sources where the program was packaged, since nothing can be built there."""


def ensure_demo_pack(target: Path, sources: Path = SOURCES) -> Path:
    """A current demonstration pack at ``target``, which is returned; builds it where need be.

    Building needs the ``author`` extra, unless the pack lies ready; asking whether it is current does not.
    Raises PackFault.
    """
    # Deferred: a kiosk that is handed a pack never needs the part that builds one.
    from kiosk.catalogue.authoring import build_pack, sources_hash

    wanted, ready = sources_hash(sources), sources / READY
    if _sources_of(target) == wanted:
        return target
    if _sources_of(ready) == wanted:
        shutil.copyfile(ready, target)
    else:
        build_pack(sources, target)
    return target


def _sources_of(target: Path) -> str:
    try:
        return read_manifest(target).text("sources")
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, MisfitError):
        return ""
