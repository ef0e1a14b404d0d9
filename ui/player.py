"""The kiosk's loudspeaker or headphones, through Qt Multimedia."""

import math
import os
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QObject, QTimer
from PySide6.QtMultimedia import QAudioDevice, QAudioFormat, QAudioSink, QMediaDevices, QtAudio

from kiosk.errors import Message, VoiceFault
from kiosk.flow.comfort import Output
from kiosk.texts import N_
from kiosk.voice.port import Clip, Done
from kiosk.voice.wave_form import read_wav
from ui.sound_server import SoundServer

BUFFER_SECONDS: Final = 1.0
"""Sound handed over ahead, so that a page that takes long to paint leaves no gap; stopping discards it."""
OVERDUE_SECONDS: Final = 3.0
"""A clip that has not ended this long after its time will not: the device is gone."""
WARM_UP_SECONDS: Final = 0.3


class QtPlayer:
    """``Player`` and ``Outputs`` over one QAudioSink. Lives on the thread of the application object.

    ``output`` names the device anew before each clip, so that one that was plugged in is found. ``warm_up``
    plays silence: the first sound of a process took 0.4 s to come here, the next ones 2 ms. Where Qt has lost
    its sound server nothing is played, and the fault says so.
    """

    def __init__(
        self,
        output: Callable[[], QAudioDevice] = QMediaDevices.defaultAudioOutput,
        server: SoundServer | None = None,
    ) -> None:
        assert QCoreApplication.instance() is not None, "Qt's application object comes first"
        self._output = output
        self._server = server or SoundServer.of_this_session(os.environ)
        self._owner = QObject()
        self._sink: QAudioSink | None = None
        self._device = QAudioDevice()
        self._samples: QBuffer | None = None
        self._done: Done | None = None
        self._turn = 0
        self._gain = 1.0
        self._wanted = ""

    def all(self) -> tuple[Output, ...]:
        return tuple(Output(_id(each), each.description()) for each in QMediaDevices.audioOutputs())

    def use(self, id: str) -> None:
        self._wanted = id

    def warm_up(self) -> None:
        """Opens the device with a moment of silence."""
        self.play(Clip.silent(WARM_UP_SECONDS), lambda _fault: None)

    def play(self, clip: Clip, done: Done) -> None:
        self.stop()
        turn = self._turn
        self._done = done
        try:
            pcm, sample_rate = read_wav(clip.wav)
            sink = self._sink_for(sample_rate)
        except VoiceFault as fault:
            # A copy under another name: Python forgets `fault` when this block ends.
            trouble = fault
            QTimer.singleShot(0, self._owner, lambda: self._over(turn, trouble))
            return
        samples = QBuffer(self._owner)
        samples.setData(QByteArray(pcm))
        samples.open(QIODevice.OpenModeFlag.ReadOnly)
        self._samples = samples
        sink.start(samples)
        patience = clip.seconds + OVERDUE_SECONDS
        QTimer.singleShot(
            round(1000 * patience), self._owner, lambda: self._over(turn, _no_sound("the clip never ended"))
        )

    def stop(self) -> None:
        self._turn += 1
        self._done = None
        if self._sink is not None:
            self._sink.stop()
        if self._samples is not None:
            self._samples.close()
            # The samples are somebody's words: they leave memory with the clip.
            self._samples.setData(QByteArray())
            self._samples.deleteLater()
            self._samples = None

    def set_gain(self, decibels: float) -> None:
        self._gain = math.pow(10, min(0.0, decibels) / 20)
        if self._sink is not None:
            self._sink.setVolume(self._gain)

    def close(self) -> None:
        """Lets go of the device; call it before the application object goes."""
        self.stop()
        self._drop_sink()

    # -- inside

    def _sink_for(self, sample_rate: int) -> QAudioSink:
        if self._server.gone():
            self._drop_sink()
            raise _no_sound("the sound server is gone")
        device = self._device_to_use()
        if device.isNull():
            self._drop_sink()
            raise _no_sound("no sound device")
        if self._sink is not None and (
            device != self._device or self._sink.format().sampleRate() != sample_rate
        ):
            self._drop_sink()
        if self._sink is None:
            form = QAudioFormat()
            form.setSampleRate(sample_rate)
            form.setChannelCount(1)
            form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
            if not device.isFormatSupported(form):
                raise _no_sound(f"{device.description()} does not play {sample_rate} Hz")
            self._sink = QAudioSink(device, form, self._owner)
            self._sink.setBufferSize(form.bytesForDuration(round(1_000_000 * BUFFER_SECONDS)))
            self._sink.setVolume(self._gain)
            self._sink.stateChanged.connect(self._changed)
            self._device = device
        return self._sink

    def _device_to_use(self) -> QAudioDevice:
        if not self._wanted:
            return self._output()
        found = (each for each in QMediaDevices.audioOutputs() if _id(each) == self._wanted)
        # Headphones that are gone must not become a loudspeaker: what is said may be for one person alone.
        return next(found, QAudioDevice())

    def _drop_sink(self) -> None:
        if self._sink is not None:
            self._sink.stop()
            self._sink.deleteLater()
            self._sink = None

    def _changed(self) -> None:
        # Without the new state, which PySide cannot convert; and looked at a moment later, since the sink may
        # say this from inside start() or stop().
        QTimer.singleShot(0, self._owner, self._look)

    def _look(self) -> None:
        sink, samples = self._sink, self._samples
        if sink is None or samples is None:
            return
        if sink.state() is QtAudio.State.StoppedState and sink.error() is not QtAudio.Error.NoError:
            trouble = _no_sound(f"the device stopped: {sink.error().name}")
            self._drop_sink()
            self._over(self._turn, trouble)
        elif sink.state() is QtAudio.State.IdleState and samples.atEnd():
            self._over(self._turn, None)

    def _over(self, turn: int, fault: VoiceFault | None) -> None:
        if turn != self._turn:
            return
        done = self._done
        if fault is not None:
            self._drop_sink()
        self.stop()
        if done is not None:
            done(fault)


def _id(device: QAudioDevice) -> str:
    return bytes(device.id().data()).hex()


def _no_sound(detail: str) -> VoiceFault:
    return VoiceFault(
        Message(N_("The voice is off.")),
        Message(N_("No sound comes out. Please look whether the loudspeaker is plugged in and switched on.")),
        detail,
    )
