from live.engine.switcher import Switcher


def test_taking_preview_swaps_the_buses():
    s = Switcher("a", "b")
    assert s.cut(None, 1.0) == ("a", "b")
    assert (s.program, s.preview, s.program_since_s) == ("b", "a", 1.0)


def test_a_direct_cut_leaves_preview_alone():
    s = Switcher("a", "b")
    s.cut("c", 1.0)
    assert (s.program, s.preview) == ("c", "b")


def test_a_mix_runs_its_time_and_then_swaps():
    s = Switcher("a", "b")
    assert s.auto("mix", 2.0, 10.0)
    assert s.on_air == ["a", "b"] and s.heading() == "b"
    assert s.step(11.0) is None and s.transition.progress(11.0) == 0.5
    assert s.step(12.0) == "b"
    assert (s.program, s.preview, s.program_since_s) == ("b", "a", 10.0)


def test_auto_during_a_transition_carries_it_on():
    s = Switcher("a", "b")
    s.auto("mix", 2.0, 0.0)
    assert not s.auto("wipe", 1.0, 1.0)
    assert s.transition.kind == "mix" and s.transition.seconds == 2.0


def test_a_cut_during_a_transition_ends_it_at_once():
    s = Switcher("a", "b")
    s.auto("mix", 2.0, 0.0)
    s.cut("c", 1.0)
    assert s.transition is None and s.on_air == ["c"]


def test_preview_may_change_under_a_running_transition():
    s = Switcher("a", "b")
    s.auto("mix", 1.0, 0.0)
    s.set_preview("c", 0.5)
    assert s.step(1.0) == "b"
    assert (s.program, s.preview) == ("b", "c")


def test_nothing_to_do_when_preview_is_on_program():
    s = Switcher("a", "a")
    assert not s.auto("mix", 1.0, 0.0)


def test_a_transition_of_no_time_is_a_cut():
    s = Switcher("a", "b")
    assert s.auto("mix", 0.0, 3.0)
    assert s.program == "b" and s.transition is None
