"""What was learnt, in sentences, and as a style file."""

from __future__ import annotations

from collections.abc import Iterator

from live.config.style import PARAMETERS, Style
from live.learn.fit import HeldOut
from live.learn.habits import Habits


def sentences(you: Habits, usual: Habits, style: Style, default: str) -> Iterator[str]:
    """How these shows are cut, beside how the default style would have cut them. default: its name."""
    if you.close_up_s is not None:
        yield (
            f"you stay {you.close_up_s:.1f} s on a close-up{_beside(you.close_up_s, usual.close_up_s, default, 'long')}"
        )
    if you.shortest_s is not None:
        yield f"hardly a shot of yours is shorter than {you.shortest_s:.1f} s"
    yield (
        f"you cut {you.cuts_per_min:.1f} times a "
        f"minute{_beside(you.cuts_per_min, usual.cuts_per_min, default, 'often')}"
    )
    if you.follow_s is not None:
        yield (
            f"you are on whoever speaks {you.follow_s:.1f} s after their first "
            f"word{_than(you.follow_s, usual.follow_s, default)}"
        )
    if you.overlap_s is not None:
        yield (
            f"you open to the wide shot after {you.overlap_s:.1f} s of several people at "
            f"once{_than(you.overlap_s, style.overlap_s, default)}"
        )
    if you.silence_s is not None:
        yield (
            f"you open to the wide shot after {you.silence_s:.1f} s of "
            f"silence{_than(you.silence_s, style.silence_s, default)}"
        )
    stay = f" and stay there {you.wide_s:.1f} s" if you.wide_s is not None else ""
    yield (
        f"you spend {100 * you.wide_share:.0f} % of the time on wide shots{stay} ({default}: "
        f"{100 * usual.wide_share:.0f} %)"
    )
    if you.looks and you.look_s is not None and you.after_s is not None:
        yield (
            f"you look at a listener now and then ({you.looks} times), for {you.look_s:.1f} s, once the speaker has "
            f"been on for {you.after_s:.0f} s"
        )


def _beside(yours: float, usual: float | None, default: str, word: str) -> str:
    """`, twice as long as talk (3.1 s)`"""
    if usual is None or not usual:
        return ""
    times = yours / usual
    if 0.9 <= times <= 1.1:
        return f", as {default} does"
    if times > 1:
        return f", {_times(times)} as {word} as {default} ({usual:.1f})"
    return (
        f", less {word} than {default} ({usual:.1f})" if word == "often" else f", shorter than {default} ({usual:.1f})"
    )


def _times(times: float) -> str:
    if abs(times - 2) < 0.15:
        return "twice"
    return f"{times:.1f} times"


def _than(yours: float, usual: float | None, default: str) -> str:
    """`, sooner than talk (4.0 s)`"""
    if usual is None:
        return ""
    if abs(yours - usual) < 0.3:
        return f", as {default} does"
    return f", {'sooner' if yours < usual else 'later'} than {default} ({usual:.1f} s)"


def prediction(found: HeldOut, default: str) -> Iterator[str]:
    """How well it predicts what it wasn't fitted to."""
    fitted, usual = found.fitted, found.default
    yield f"held out ({found.how}):"
    yield f"  cuts within half a second of yours (F1): {fitted.f1:.2f}; {default}: {usual.f1:.2f}"
    yield f"  time on the shot that you were on: {100 * fitted.same:.0f} %; {default}: {100 * usual.same:.0f} %"
    if fitted.score <= usual.score + 0.005:
        yield f"  no better than {default}: give more shows, or ones cut more alike"


def as_toml(style: Style, default: Style, about: str) -> str:
    """A style file with what differs from the default."""
    rows = [f"title = {_text(style.title)}", f"about = {_text(about)}"]
    rows += [
        f"{name} = {_number(value)}" for name in PARAMETERS if (value := getattr(style, name)) != getattr(default, name)
    ]
    return "\n".join(rows) + "\n"


def _number(value: float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(round(float(value), 3))


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
