"""Words to clips, with children that fail in every way a child can."""

import os
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.errors import VoiceFault
from kiosk.voice.expected import DOUBTFUL, expected_seconds
from kiosk.voice.memory import AnonymousFile, PrivateFile
from kiosk.voice.port import Renderer, Words
from kiosk.voice.render import CHILD_NICENESS, ChildRenderer
from kiosk.voice.wave_form import level_of, read_wav
from tests.voice.stage import PlainRenderer

HELLO = Words("Good morning, and welcome.", "en")
SECRET = "Очень тайное слово Zyxwvut"


def child(tmp_path: Path, body: str) -> tuple[str, ...]:
    """A child that does ``body`` with its job in ``job``."""
    script = tmp_path / "child.py"
    script.write_text(
        "import json, os, subprocess, sys, time\n"
        "line = sys.stdin.readline()\n"
        "if not line: sys.exit()\n"
        "job = json.loads(line)\n" + body
    )
    return (sys.executable, str(script))


def espeak(setting: str) -> str:
    """A child's body that renders with ``setting``, whatever was asked for."""
    return (
        f"subprocess.run(['espeak-ng', '-v', job['voice'], '-s', {setting}, '--stdin', '-w', job['path']],"
        " input=job['text'].encode(), check=True, close_fds=False)\nos.write(1, b'done\\n')\n"
    )


Renderers = Callable[..., ChildRenderer]


@pytest.fixture
def renderer_over() -> Iterator[Renderers]:
    """Makes renderers and closes them."""
    made: list[ChildRenderer] = []

    def make(**how: Any) -> ChildRenderer:
        made.append(ChildRenderer(**how))
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()


@pytest.fixture(params=["children", "plain"])
def any_renderer(request: pytest.FixtureRequest) -> Renderer:
    if request.param == "plain":
        return PlainRenderer()
    real: ChildRenderer = request.getfixturevalue("renderer")
    return real


@pytest.mark.parametrize(
    "words", [HELLO, Words("Доброе утро.", "ru"), Words("안녕하세요.", "ko")], ids=["en", "ru", "ko"]
)
def test_clip_is_as_long_as_it_says(any_renderer: Renderer, words: Words) -> None:
    clip = any_renderer.render(words)
    pcm, sample_rate = read_wav(clip.wav)
    assert sample_rate == clip.sample_rate
    assert len(pcm) / 2 / sample_rate == pytest.approx(clip.seconds, abs=0.001)
    assert clip.seconds > 0.2


def test_language_without_a_voice_is_a_fault(any_renderer: Renderer) -> None:
    with pytest.raises(VoiceFault):
        any_renderer.render(Words("bonjour", "fr"))


def test_several_threads_may_ask_at_once(any_renderer: Renderer) -> None:
    lengths: list[float] = []
    threads = [
        threading.Thread(target=lambda: lengths.append(any_renderer.render(HELLO).seconds)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(lengths) == 4
    assert max(lengths) == pytest.approx(min(lengths), rel=0.05)


def test_pyttsx3_itself_speaks_all_three_languages(renderer: ChildRenderer) -> None:
    before = renderer.fallbacks
    for words in (HELLO, Words("Доброе утро, садитесь.", "ru"), Words("안녕하세요, 앉으세요.", "ko")):
        clip = renderer.render(words)
        assert clip.seconds == pytest.approx(expected_seconds(words), rel=DOUBTFUL + 0.05)
        assert -30 < level_of(read_wav(clip.wav)[0]) < -10
    # A busy machine may cost one clip its rate; it may not cost all of them.
    assert renderer.fallbacks - before < 3


def test_words_without_sound_make_a_silent_clip(renderer: ChildRenderer) -> None:
    assert level_of(read_wav(renderer.render(Words("— …", "en")).wav)[0]) == float("-inf")


def test_phoneme_brackets_that_a_person_types_are_spoken_like_any_text(
    tmp_path: Path, renderer_over: Renderers
) -> None:
    by_command = renderer_over(command=child(tmp_path, "sys.exit()"))
    typed = by_command.render(Words("[[one two three four five six]]", "en"))
    plain = by_command.render(Words("one two three four five six", "en"))
    assert typed.seconds > plain.seconds


@pytest.mark.parametrize(
    "body",
    [
        "sys.exit(1)",
        "os.abort()",
        "os.write(1, b'done\\n')",
        "open(job['path'], 'wb').write(b'RIFF nonsense'); os.write(1, b'done\\n')",
        "time.sleep(60)",
    ],
    ids=["ends", "crashes", "saves nothing", "saves nonsense", "hangs"],
)
def test_command_line_steps_in_for_a_child_that_fails(
    tmp_path: Path, body: str, renderer_over: Renderers
) -> None:
    renderer = renderer_over(command=child(tmp_path, body), patience=1.5)
    assert renderer.render(HELLO).seconds == pytest.approx(expected_seconds(HELLO), rel=DOUBTFUL + 0.05)
    assert renderer.fallbacks == 1


def test_child_that_is_silent_is_not_believed(tmp_path: Path, renderer_over: Renderers) -> None:
    body = (
        "import wave\nf = wave.open(job['path'], 'wb'); f.setnchannels(1); f.setsampwidth(2)\n"
        "f.setframerate(22050); f.writeframes(bytes(88200)); f.close(); os.write(1, b'done\\n')\n"
    )
    renderer = renderer_over(command=child(tmp_path, body))
    assert level_of(read_wav(renderer.render(HELLO).wav)[0]) > -30
    assert renderer.fallbacks == 1


def test_clip_at_the_wrong_rate_is_replaced(tmp_path: Path, renderer_over: Renderers) -> None:
    renderer = renderer_over(command=child(tmp_path, espeak("'200'")))
    assert renderer.render(HELLO).seconds == pytest.approx(expected_seconds(HELLO), rel=DOUBTFUL)
    assert renderer.fallbacks == 1


def test_clip_that_is_only_unusual_is_kept(tmp_path: Path, renderer_over: Renderers) -> None:
    renderer = renderer_over(command=child(tmp_path, espeak("str(job['setting'])")))
    slow_to_say = Words("www, www, www, www", "en")
    clip = renderer.render(slow_to_say)
    assert abs(clip.seconds - expected_seconds(slow_to_say)) > DOUBTFUL * expected_seconds(slow_to_say)
    assert renderer.fallbacks == 0


def test_hung_child_costs_its_whole_process_group_its_life(tmp_path: Path, renderer_over: Renderers) -> None:
    told = tmp_path / "pids"
    body = (
        "grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(told)!r}, 'w').write(f'{{os.getpid()}} {{grandchild.pid}}'); time.sleep(60)\n"
    )
    renderer = renderer_over(command=child(tmp_path, body), patience=2.0)
    renderer.render(HELLO)
    renderer.close()
    for pid in told.read_text().split():
        assert _gone(int(pid)), pid


def test_machine_with_no_voice_at_all_is_told_so(tmp_path: Path, renderer_over: Renderers) -> None:
    renderer = renderer_over(command=child(tmp_path, "sys.exit(1)"), espeak="no-such-voice")
    with pytest.raises(VoiceFault) as told:
        renderer.render(HELLO)
    assert told.value.title.msgid == "The voice is off."


def test_program_that_cannot_be_started_is_no_crash(renderer_over: Renderers) -> None:
    renderer = renderer_over(command=("/no/such/program",), espeak=None)
    renderer.start()
    with pytest.raises(VoiceFault):
        renderer.render(HELLO)


def test_words_are_in_no_argument_list_and_no_folder(
    tmp_path: Path, renderer_over: Renderers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child looks at itself and around while it holds the words.

    The folders for passing files are this test's own: what others put into the machine's is not counted.
    """
    places = [tmp_path / "run", tmp_path / "tmp"]
    for place, variable in zip(places, ("XDG_RUNTIME_DIR", "TMPDIR"), strict=True):
        place.mkdir()
        monkeypatch.setenv(variable, str(place))
    monkeypatch.setattr(tempfile, "tempdir", None)
    found = tmp_path / "found"
    look = (
        f"print([name for place in {[str(place) for place in places]!r}"
        " for _, _, files in os.walk(place) for name in files], file=seen)\n"
    )
    render, done = espeak("str(job['setting'])").splitlines(keepends=True)
    body = (
        "from pathlib import Path\n"
        "lists = [p.read_bytes() for p in Path('/proc').glob('[0-9]*/cmdline')]\n"
        "environment = Path('/proc/self/environ').read_bytes()\n"
        f"seen = open({str(found)!r}, 'w')\n"
        "print(sum(b'Zyxwvut' in text for text in [*lists, environment]), file=seen)\n"
        + look
        + render
        + look
        + "seen.close()\n"
        + done
    )
    renderer = renderer_over(command=child(tmp_path, body))
    clip = renderer.render(Words(SECRET, "ru"))
    assert clip.seconds > 0
    assert found.read_text() == "0\n[]\n[]\n"


def test_private_file_is_in_a_folder_of_its_own_and_leaves_nothing() -> None:
    file = PrivateFile()
    folder = Path(file.path).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert file.content() == b""
    Path(file.path).write_bytes(b"sound")
    assert file.content() == b"sound"
    file.close()
    assert not folder.exists()


def test_anonymous_file_has_no_name_anywhere() -> None:
    file = AnonymousFile()
    with open(file.path, "wb") as opened:
        opened.write(b"sound")
    assert file.content() == b"sound"
    assert file.content() == b"sound"
    assert not os.path.exists(os.readlink(file.path))
    file.close()
    assert not os.path.exists(file.path)


def test_closing_ends_the_children_that_wait(tmp_path: Path, renderer_over: Renderers) -> None:
    told = tmp_path / "pids"
    body = "pass"
    script = child(tmp_path, body)
    (tmp_path / "child.py").write_text(
        f"import os\nopen({str(told)!r}, 'a').write(f'{{os.getpid()}}\\n')\n"
        + (tmp_path / "child.py").read_text()
    )
    renderer = renderer_over(command=script, spare=2)
    renderer.start()
    renderer.render(HELLO)
    renderer.close()
    assert all(_gone(int(pid)) for pid in told.read_text().split())


def _gone(pid: int) -> bool:
    """Whether a process has ended (a zombie that nobody has asked about counts), given a moment."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        os.sched_yield()
    return False


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="Windows has no niceness")
def test_a_page_goes_before_the_sentences_that_are_made_ahead(
    renderer_over: Renderers, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    script = f"open({str(told)!r}, 'w').write(f'{{os.nice(0)}} {{os.getsid(0)}} {{os.getpgid(0)}}')\n"
    renderer = renderer_over(command=child(tmp_path, script), spare=1)
    renderer.render(HELLO)
    niceness, session, group = map(int, told.read_text().split())
    assert niceness == min(19, os.nice(0) + CHILD_NICENESS)
    # Where each session has a share of its own, niceness counts within one alone.
    assert session == os.getsid(0)
    assert group != os.getpgid(0), "it can be ended whole"
