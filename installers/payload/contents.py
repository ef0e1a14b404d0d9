"""What the one-folder program holds, and what it leaves out. `opora.spec` reads this; so does a test.

Three sources: our own modules and files, Qt, and other people's packages. Everything is named here, because
PyInstaller takes along whatever a library might use: left to itself it packs Qt's virtual keyboard (GPL or
commercial), QML, GTK and thirty megabytes of dates in languages that no kiosk speaks.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

ROOMS: Final = ("kiosk", "sync", "ui")
"""All of their modules: commands, pages and migrations are imported by name, which no analysis sees."""

FILES: Final = (
    "assets/texts/*/opora.mo",
    "assets/icons/*.svg",
    "assets/demo/**/*",
    "kiosk/store/migrations/**/*.py",
    "sync/hub/migrations/**/*.py",
)
"""What our modules read beside themselves, below the root. Alembic wants its migrations as files."""


@dataclass(frozen=True, slots=True)
class OfOthers:
    """Packages that import by name, and packages that read files of their own."""

    modules: tuple[str, ...]
    data: tuple[str, ...]


OF_OTHERS: Final = OfOthers(
    modules=("stdnum", "pyttsx3.drivers", "num2words"),
    data=("stdnum", "fido2"),
)

LEFT_OUT: Final = (
    # A hub on PostgreSQL is installed with pip; the demonstration's hub has SQLite.
    *("psycopg", "psycopg_binary", "psycopg2"),
    # Makes packs from spreadsheets, on an author's machine.
    "pyxform",
    # Pictures that nobody prints, colours that nobody looks up, the same compression once more.
    *("PIL._avif", "PIL._webp", "PIL._imagingcms", "PIL._imagingft", "PIL._imagingtk", "PIL.ImageTk"),
    *("pygments", "zstandard._cffi", "zstandard.backend_cffi", "lxml.objectify", "lxml.isoschematron"),
    # Other ways to do what one way does here.
    *("gi", "tkinter", "numpy", "pandas", "IPython", "matplotlib", "pytest", "setuptools", "pip", "wheel"),
    *("uvloop", "httptools", "watchfiles", "websockets", "dotenv", "yaml", "email_validator"),
    *("PyInstaller", "distutils", "lib2to3", "idlelib", "pydoc_data", "unittest.mock"),
)

QT_PLUGINS: Final = {
    "platforms": {"qxcb", "qwayland", "qoffscreen", "qwindows"},
    "wayland-shell-integration": {"xdg-shell"},
    "imageformats": {"qjpeg", "qsvg"},
    "networkinformation": {"qnetworkmanager", "qglib", "qnetworklistmanager"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "styles": {"qmodernwindowsstyle"},
}
"""The plugins that a kiosk loads, by folder; all others stay out. Sound needs none: Qt Multimedia speaks to
PulseAudio by itself, and FFmpeg would only decode what we do not play."""

_QT_LIBRARY: Final = re.compile(r"(?:lib)?Qt6(?P<name>\w+?)\.(?:so|dll)")
QT_LIBRARIES: Final = frozenset(
    {"Core", "DBus", "Gui", "Multimedia", "Network", "OpenGL", "Svg", "Test", "WaylandClient", "Widgets"}
    | {"XcbQpa", "Concurrent"}
)
QT_MODULES: Final = frozenset(
    {"QtCore", "QtGui", "QtMultimedia", "QtNetwork", "QtSvg", "QtTest", "QtWidgets"}
)

_QT_FFMPEG: Final = re.compile(r"lib(?:av|sw)\w+\.so|(?:av|sw)\w+-\d+\.dll|libQt6FFmpegStub")
_LANGUAGES: Final = re.compile(r"(?:root|en|ru|ko)(?:_\w+)?\.dat")


def our_files(root: Path) -> Iterator[PurePosixPath]:
    """Files of ours below ``root``, relative to it and sorted."""
    found = {path for pattern in FILES for path in root.glob(pattern) if path.is_file()}
    for path in sorted(found):
        if "__pycache__" not in path.parts:
            yield PurePosixPath(path.relative_to(root).as_posix())


def is_wanted(target: str) -> bool:
    """Whether a file that was found goes in; ``target`` is its place in the folder."""
    path = PurePosixPath(target.replace("\\", "/"))
    if _QT_FFMPEG.match(path.name):
        return False
    if "PySide6" in path.parts or path.name.startswith(("libQt6", "Qt6")):
        return _is_wanted_of_qt(path)
    if path.parts[0].endswith(".dist-info"):
        # RECORD has the hash of a script that names the folder it was installed in.
        return path.name in ("METADATA", "entry_points.txt")
    if "locale-data" in path.parts:
        return _LANGUAGES.fullmatch(path.name) is not None
    # Debian's own time zones are kept up to date; Windows has none.
    return not path.is_relative_to("tzdata") or sys.platform == "win32"


def _is_wanted_of_qt(path: PurePosixPath) -> bool:
    if "plugins" in path.parts:
        folder = path.parts[path.parts.index("plugins") + 1]
        return path.stem.removeprefix("lib") in QT_PLUGINS.get(folder, ())
    if {"translations", "qml"} & set(path.parts) or "pyside6qml" in path.name:
        return False
    library = _QT_LIBRARY.match(path.name)
    if library is not None:
        return library["name"] in QT_LIBRARIES
    binding = path.name.partition(".")[0]
    return not binding.startswith("Qt") or binding in QT_MODULES


def is_of_the_system(source: str) -> bool:
    """Whether ``source`` is a library that a Debian package brings; Python itself goes in."""
    path = PurePosixPath(source)
    outside = path.is_relative_to("/usr/lib") or path.is_relative_to("/lib")
    return outside and "lib-dynload" not in path.parts and not path.name.startswith("libpython3")


def sizes(folder: Path) -> Iterable[tuple[str, int]]:
    """(part, bytes) of a built program, the largest first; links are nothing."""
    parts: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            name = "/".join(path.relative_to(folder).parts[:4])
            parts[name] = parts.get(name, 0) + path.stat().st_size
    return sorted(parts.items(), key=lambda part: -part[1])
