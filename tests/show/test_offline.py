"""Whole shows on the virtual clock."""

from fractions import Fraction

from tests.support.footage import needs_footage, prepare, turns
from tests.support.shows import of_kind, play, small_show


def test_two_runs_of_a_show_give_the_same_picture_frame_by_frame(tmp_path):
    rows = [(5, "/program/auto", ["mix", 0.5]), (12, "/graphics/lower/show", []), (40, "/program/cut", ["duo/duo"])]
    runs = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        runs.append(play(tmp_path / name, small_show(tmp_path), 2.0, *rows))
    assert len(runs[0][1]) == 60
    assert runs[0][1] == runs[1][1]
    assert runs[0][0] == runs[1][0], "the logs differ"
    assert len(set(runs[0][1])) > 50, "the picture hardly moves"


def test_a_command_shows_on_its_own_frame(tmp_path):
    show = small_show(tmp_path)
    _, plain = play(tmp_path, show, 1.0)
    lines, cut = play(tmp_path, show, 1.0, (10, "/program/cut", ["duo/duo"]))
    assert cut[:10] == plain[:10]
    assert cut[10] != plain[10]
    assert [(c["frame"], c["from"], c["to"], c["by"]) for c in of_kind(lines, "cut")] == [
        (10, "cam1", "duo/duo", "script")
    ]


def test_a_mix_starts_and_ends_on_the_plain_pictures(tmp_path):
    show = small_show(tmp_path)
    _, leaving = play(tmp_path, show, 1.5)
    _, coming = play(tmp_path, show, 1.5, (0, "/program/cut", ["duo/duo"]))
    _, mixed = play(tmp_path, show, 1.5, (9, "/preview/set", ["duo/duo"]), (10, "/program/auto", ["mix", 0.5]))
    assert mixed[:10] == leaving[:10]
    assert mixed[25:] == coming[25:]
    assert all(m not in (a, b) for m, a, b in list(zip(mixed, leaving, coming, strict=True))[12:24])


def test_a_graphic_comes_and_goes(tmp_path):
    show = small_show(tmp_path)
    _, plain = play(tmp_path, show, 2.0)
    _, with_it = play(tmp_path, show, 2.0, (5, "/graphics/lower/show", []), (30, "/graphics/lower/hide", []))
    differs = [a != b for a, b in zip(plain, with_it, strict=True)]
    assert not any(differs[:5]) and all(differs[7:30]) and not any(differs[46:])


def test_a_bad_command_changes_nothing_and_says_why(tmp_path):
    show = small_show(tmp_path)
    _, plain = play(tmp_path, show, 0.5)
    lines, hashes = play(
        tmp_path, show, 0.5, (3, "/program/cut", ["nowhere"]), (4, "/graphics/lower/set", ["colour", "red"])
    )
    assert hashes == plain
    messages = [f["message"] for f in of_kind(lines, "fault")]
    assert "no shot is called 'nowhere'" in messages[0] and "one of: " in messages[0]
    assert "no field is called 'colour'" in messages[1]


def test_the_log_has_what_a_reader_needs(tmp_path):
    lines, _ = play(tmp_path, small_show(tmp_path), 0.5, (7, "/program/cut", ["cam2"]))
    for line in lines:
        assert {"frame", "timecode", "t_s", "kind", "by"} <= set(line)
    (cut,) = of_kind(lines, "cut")
    assert {"from", "to", "reason", "cost", "runner_up"} <= set(cut)
    assert cut["timecode"] == "00:00:00:07" and cut["t_s"] == round(7 / 30, 3)


def test_the_end_command_ends_the_show(tmp_path):
    lines, hashes = play(tmp_path, small_show(tmp_path), 5.0, (20, "/show/end", []))
    assert len(hashes) == 21 and of_kind(lines, "end")[0]["frames"] == 21


def test_a_recording_has_sound_and_picture_of_one_length(tmp_path):
    import av

    play(tmp_path, small_show(tmp_path), 3.0, record=True)
    with av.open(str(tmp_path / "out.mp4")) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        frames = sum(1 for _ in file.decode(video))
        assert (video.width, video.height, frames) == (320, 184, 90)
        assert video.average_rate == Fraction(30)
        assert abs(float(video.duration * video.time_base) - float(audio.duration * audio.time_base)) < 0.1


@needs_footage
def test_the_footage_is_cut_by_who_speaks_and_the_same_way_each_time(tmp_path):
    from live.config.load import load_show

    rig = prepare(tmp_path / "rig", more="[picture]\nwidth = 640\nheight = 360\nrate_hz = 15")
    runs = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        runs.append(play(tmp_path / name, load_show(rig), 12.0))
    assert runs[0] == runs[1]
    cuts = [c for c in of_kind(runs[0][0], "cut") if c["by"] == "director"]
    assert cuts, "nobody was followed"
    first, _ = sorted({who for _, _, who in turns()})
    for cut in cuts:
        camera_of = {"studio/left": True, "studio/right": False}  # whose: the first speaker's?
        speaking = {who == first for start_s, end_s, who in turns() if start_s - 0.1 <= cut["t_s"] <= end_s + 0.3}
        assert cut["to"] not in camera_of or camera_of[cut["to"]] in speaking, (
            "a close-up of somebody who doesn't speak"
        )
    times = [0.0] + [c["t_s"] for c in cuts]
    assert all(b - a >= 2.0 for a, b in zip(times, times[1:], strict=False)), "a shot under its minimum"
