"""The sound check: who is still to speak, what is proposed and why, and that only a hand sets it."""

from __future__ import annotations

import wave
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pytest

from live.audio.meters import CHUNK, Meters
from live.base.errors import CommandError
from live.base.samples import SAMPLE_RATE
from live.config.strips import StripSettings, changed
from live.show.sound.check import SPOKEN_S, SoundCheck
from live.show.sound.published import CheckedStrip, CheckStatus, check
from live.sound.hearing import Hearing
from live.sound.metering import Level, Metered
from tests.support.footage import FOOTAGE, RATE_HZ, needs_footage, turns
from tests.unit.test_sound_by_itself import DT_S, RIG, Show

TARGET = -23.0


class Room:
    """A sound check, a tenth of a second at a time, with meters that read what they are told."""

    def __init__(self, *names: str, **settings: StripSettings) -> None:
        self.check = SoundCheck(names, TARGET)
        self.settings = {name: settings.get(name, StripSettings()) for name in names}
        self.voice_lufs = dict.fromkeys(names, -30.0)
        self.room_db, self.low_db = -60.0, -80.0
        self.until = 0
        self.ready: list[str] = []

    def run(self, seconds: float, *speaking: str) -> Room:
        for _ in range(round(seconds / DT_S)):
            self.until += CHUNK
            levels = {
                n: Level(rms_db=v if n in speaking else self.room_db, low_db=self.low_db)
                for n, v in self.voice_lufs.items()
            }
            self.ready += self.check.listen(
                DT_S,
                speaking=speaking,
                until=self.until,
                levels=levels,
                speech_lufs=self.voice_lufs,
                settings=self.settings,
            )
        return self

    def words(self, name: str) -> tuple[str, ...]:
        proposal = self.check.places[name].proposal
        assert proposal is not None
        return proposal.words


def test_each_is_proposed_when_they_have_spoken_whatever_the_order():
    room = Room("anna", "ben").run(2.0)
    assert room.check.waiting() == ["anna", "ben"]
    room.run(6.0, "ben").run(4.0, "anna").run(SPOKEN_S - 5.9, "ben")
    assert room.ready == ["ben"] and room.check.waiting() == ["anna"]
    room.run(6.1, "anna")
    assert room.ready == ["ben", "anna"] and not room.check.waiting()


def test_what_is_said_at_once_by_two_counts_for_nobody():
    room = Room("anna", "ben").run(2.0).run(60.0, "anna", "ben")
    assert room.check.waiting() == ["anna", "ben"] and not room.ready


def test_nobody_is_judged_before_the_room_was_heard():
    room = Room("anna").run(20.0, "anna")
    assert not room.ready
    assert room.run(2.0).ready == ["anna"]


def test_a_quiet_voice_in_a_quiet_room():
    room = Room("anna").run(2.0).run(11.0, "anna")
    assert room.words("anna") == (
        "gain +7 dB: the voice is 7 dB under target",
        "high-pass 80 Hz: a voice has nothing below it",
        "gate -48 dB: the room is at -60 dB",
    )
    assert room.check.places["anna"].proposal.does("anna") == (
        ("/strips/anna/highpass/hz", (80.0,)),
        ("/strips/anna/highpass/on", (1,)),
        ("/strips/anna/gate/threshold", (-48.0,)),
        ("/strips/anna/gate/range", (12.0,)),
        ("/strips/anna/gate/on", (1,)),
        ("/strips/anna/gain", (7.0,)),
    )


def test_rumble_and_a_loud_room():
    room = Room("anna")
    room.room_db, room.low_db = -45.0, -47.0
    room.run(2.0).run(11.0, "anna")
    assert room.words("anna")[1:] == (
        "high-pass 120 Hz: most of what the room does is rumble",
        "no gate: the room is only 15 dB under the voice",
    )


def test_what_is_right_or_on_already_is_left_alone():
    settings = changed(changed(StripSettings(gain_db=7.5), ("highpass", "on"), True), ("gate", "on"), True)
    room = Room("anna", anna=settings).run(2.0).run(11.0, "anna")
    assert room.check.places["anna"].proposal.does("anna") == () and room.words("anna") == ()


def test_the_gain_is_bounded():
    room = Room("anna")
    room.voice_lufs["anna"] = -65.0
    assert room.run(2.0).run(11.0, "anna").check.places["anna"].proposal.gain_db == 20.0


# -- in a show ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return Show(tmp_path, RIG.replace('levelling = "auto"\n', ""))


def _speak(show: Show, seconds: float, speaking: str = "") -> None:
    until = 0
    for _ in range(round(seconds / DT_S)):
        until += CHUNK
        level = Level(rms_db=-25.0 if speaking else -62.0, low_db=-90.0)
        show.state.commanded(show.now_s)
        show.state.step(
            show.now_s,
            DT_S,
            hearing=Hearing({"anna": speaking == "anna"}, not speaking),
            faces={},
            aspects={},
            metered=Metered(round(show.now_s * SAMPLE_RATE) + until, {"lapel": level}, {"lapel": -28.0}),
        )
        show.now_s = round(show.now_s + DT_S, 9)


def _told(show: Show) -> tuple[CheckStatus, dict[str, CheckedStrip]]:
    first, *strips = check(show.state, show.now_s)
    return first, {s.strip: s for s in strips}


def test_the_hand_takes_it_or_drops_it(show):
    show.send("/sound/check")
    status, strips = _told(show)
    assert status.running and status.waiting == ("lapel",) and strips["lapel"].status == "waiting"
    assert strips["room1"].status == "", "nobody wears it"
    _speak(show, 2.0)
    _speak(show, 10.5, "anna")
    assert "gain +5 dB: the voice is 5 dB under target" in show.said[-1]
    before = show.state.sound.strips["lapel"]
    _speak(show, 5.0)
    assert show.state.sound.strips["lapel"] is before, "nothing is set by itself"
    (suggested,) = show.state.wheel.suggestions.standing
    assert suggested.text == "Set Anna" and "high-pass 80 Hz" in suggested.reason
    assert _told(show)[1]["lapel"].status == "ready"
    show.send("/suggestions/take")
    lapel = show.state.sound.strips["lapel"]
    assert (lapel.gain_db, lapel.highpass.on, lapel.gate.on) == (5.0, True, True)
    assert _told(show)[1]["lapel"].status == "taken" and not _told(show)[0].waiting
    with pytest.raises(CommandError, match="proposes nothing there now"):
        show.send("/sound/check/take")
    show.send("/sound/check/stop")
    assert not _told(show)[0].running


def test_all_at_once_and_none(show):
    with pytest.raises(CommandError, match="begin one: /sound/check"):
        show.send("/sound/check/take")
    show.send("/sound/check")
    with pytest.raises(CommandError, match="wait until they have spoken: Anna"):
        show.send("/sound/check/take")
    _speak(show, 2.0)
    _speak(show, 10.5, "anna")
    show.send("/sound/check/take", "lapel")
    assert show.state.sound.strips["lapel"].gain_db == 5.0 and not show.state.wheel.suggestions.standing
    show.send("/sound/check")
    _speak(show, 2.0)
    _speak(show, 10.5, "anna")
    assert _told(show)[1]["lapel"].status == "taken", "it is right as it is now"
    show.send("/strips/lapel/mute", 1)
    with pytest.raises(CommandError, match="nobody wears a microphone that is open"):
        show.send("/sound/check")


def test_dropped_is_left_alone(show):
    show.send("/sound/check")
    _speak(show, 2.0)
    _speak(show, 10.5, "anna")
    show.send("/sound/check/drop")
    assert _told(show)[1]["lapel"].status == "dropped" and not show.state.wheel.suggestions.standing
    assert show.state.sound.strips["lapel"].gain_db == 0.0


# -- with real voices --------------------------------------------------------------------------------------------------


def _conversation() -> np.ndarray:
    with wave.open(str(FOOTAGE / "speech" / "conversation_2spk.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32768
    at = np.arange(len(samples) * 3) / 3
    return np.interp(at, np.arange(len(samples)), samples).astype(np.float32)


def _speaking(at_s: float) -> Collection[str]:
    return {who for start_s, end_s, who in turns() if start_s <= at_s < end_s}


@needs_footage
def test_two_real_voices_one_quiet_over_rumble():
    """Each on a microphone of their own: one 12 dB down in a room that hums at 40 Hz, one as it came in a quiet one."""
    sound, speakers = _conversation(), sorted({who for *_, who in turns()})
    assert RATE_HZ * 3 == SAMPLE_RATE
    rng, gains = np.random.default_rng(1), dict(zip(speakers, (0.25, 1.0), strict=True))
    meters, listened = Meters(speakers), SoundCheck(speakers, TARGET)
    settings = dict.fromkeys(speakers, StripSettings())
    start_s, lasts_s = 6.0, len(sound) / SAMPLE_RATE
    ready: list[str] = []
    for n in range(900):
        at_s = start_s + (n * 0.1) % (lasts_s - start_s) if n >= 20 else 0.0
        speaking = _speaking(at_s) if n >= 20 else set()
        first = round(at_s * SAMPLE_RATE)
        blocks = {}
        for name in speakers:
            block = 0.0005 * rng.standard_normal(CHUNK)
            if name in speaking:
                block = block + gains[name] * sound[first : first + CHUNK]
            if name == speakers[0]:
                block = block + 0.004 * np.sin(2 * np.pi * 40 * (n * CHUNK + np.arange(CHUNK)) / SAMPLE_RATE)
            blocks[name] = np.stack((block, block), 1).astype(np.float32)
        read = meters.take(
            (n + 1) * CHUNK, blocks, sum(blocks.values()), came=blocks, speaking=[s for s in speakers if s in speaking]
        )
        ready += listened.listen(
            0.1,
            speaking=sorted(speaking),
            until=read.until,
            levels=read.strips,
            speech_lufs=read.speech_lufs,
            settings=settings,
        )
        if not listened.waiting():
            break
    assert sorted(ready) == speakers, listened.waiting()
    quiet, plain = (listened.places[name].proposal for name in speakers)
    assert quiet.gain_db - plain.gain_db == pytest.approx(12.0, abs=3.0), (quiet, plain)
    assert (quiet.highpass_hz, plain.highpass_hz) == (120.0, 80.0)
    assert plain.gate_db is not None and plain.gate_db == pytest.approx(-50.0, abs=6.0)
