from live.show.cuts.switcher import FadeToBlack, Setting, Switcher


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


def test_a_hand_on_the_bar_brings_preview_and_the_next_one_goes_back():
    s = Switcher("a", "b")
    assert s.move_bar(0.3, 1.0) and s.transition.drawn(1.0) == 0.3
    assert not s.move_bar(0.8, 1.2)
    assert s.step(9.0) is None  # it waits for the hand
    s.move_bar(1.0, 9.0)
    assert s.step(9.0) == "b" and (s.program, s.preview) == ("b", "a")
    assert s.move_bar(0.75, 10.0) and s.transition.progress(10.0) == 0.25
    s.move_bar(0.0, 10.0)
    assert s.step(10.0) == "a"


def test_a_bar_brought_back_takes_the_transition_back():
    s = Switcher("a", "b")
    s.move_bar(0.5, 1.0)
    s.move_bar(0.0, 2.0)
    assert s.transition is None and (s.program, s.preview) == ("a", "b")


def test_a_bar_left_on_the_way_means_nothing_until_it_is_at_an_end():
    s = Switcher("a", "b")
    s.move_bar(0.5, 1.0)
    assert not s.auto(None, None, 2.0)  # it goes on by itself from the middle
    assert s.transition.progress(2.25) == 0.75
    assert s.step(2.5) == "b"
    assert not s.move_bar(0.6, 3.0) and s.transition is None
    s.move_bar(1.0, 3.5)
    assert s.move_bar(0.9, 4.0)


def test_a_setting_says_what_auto_does_and_a_named_one_keeps_its_own_rate():
    s = Switcher("a", "b", setting=Setting("circle", 0.5))
    assert s.chosen() == (s.ready["circle"], 0.5)
    assert s.chosen("mix") == (s.ready["mix"], 1.0)
    assert s.chosen("circle", 2.0)[1] == 2.0


def test_black_comes_and_goes_at_its_rate():
    black = FadeToBlack(on=True, seconds=2.0)
    for _ in range(3):
        black.step(0.5)
    assert black.amount == 0.75
    black.on = False
    black.step(1.0)
    assert black.amount == 0.25
