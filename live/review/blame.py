"""Why the speaker wasn't in the picture: what of it was the hand, the level, the load, the ears, the cameras or the
style.

Pure arithmetic on a log. Each frame on which one person alone speaks and isn't seen has one cause, the first of CAUSES
that holds: what keeps the machine from acting at all comes before what makes it act later, and what is left is the
style's choice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from live.review.log import Bools, Line, Proposal, ShotLine, Shots, ShowLog

CAUSES = {
    "hand": "a hand had the cuts: a hold, a lock, a transition, a clip",
    "level": "the level: the machine may not cut by itself, or waits for a veto",
    "load": "a full machine: frames were late",
    "cameras": "no shot of theirs was fit to be seen",
    "ears": "the ears: it takes a moment to be sure of a voice, and a word thrown in is over by then",
    "style": "the style: no shot is shorter, a cut has its price",
}
BEFORE_S = AFTER_S = 1.0  # around a late frame
WORD_S = 1.0  # what is shorter is a word thrown in
NO_CAUSE = -1

Ints = npt.NDArray[np.int64]


def causes(
    log: ShowLog, people: Sequence[str], alone: Ints, seen: Bools, heard_frames: int, *, close: bool = False
) -> Ints:
    """By frame, which of CAUSES it was that the person who alone speaks isn't seen; NO_CAUSE where nobody is missed.
    alone: by frame the index of who alone speaks, below 0 for nobody. seen: are they? heard_frames: how long a voice
    sounds until it is known of. close: by themselves is what counts."""
    missed = (alone >= 0) & ~seen
    found = np.where(missed, list(CAUSES).index("style"), NO_CAUSE)
    bound = _bound(log)
    holds = {
        "hand": bound == "hand",
        "level": (bound == "level") | _awaits_veto(log, people, alone),
        "load": _loaded(log),
        "cameras": ~_can_be_seen(log, people, alone, close),
        "ears": _unheard(alone, round(WORD_S * log.rate), heard_frames),
    }
    for number, cause in reversed(list(enumerate(CAUSES))):
        if cause in holds:
            found[missed & holds[cause]] = number
    return found


def _told(log: ShowLog, word: str) -> list[tuple[Line, object]]:
    """The lines of kind `state` that say something by this word."""
    return [(line, line.model_extra[word]) for line in log.lines if line.model_extra and word in line.model_extra]


_WHAT = {
    "off": "level",
    "suggest": "level",
    "armed": "armed",
    "auto": "",
    "held": "hand",
    "locked": "hand",
    "busy": "hand",
}


def _bound(log: ShowLog) -> npt.NDArray[np.str_]:
    """By frame: what the machine was bound by."""
    found = np.full(log.frames, "", "<U6")
    for line, word in _told(log, "machine"):
        found[line.frame :] = _WHAT.get(str(word), "")
    return found


def _awaits_veto(log: ShowLog, people: Sequence[str], alone: Ints) -> Bools:
    """Did a cut to who speaks stand there, armed, for somebody to say no?"""
    found, armed = np.zeros(log.frames, bool), _bound(log) == "armed"
    for line in log.of(Proposal):
        shot, here = log.shot(line.to, line.frame), slice(line.frame, round(line.due_s * log.rate))
        shown = [n for n, name in enumerate(people) if shows(shot, name)]
        found[here] |= armed[here] & np.isin(alone[here], shown)
    return found


def shows(shot: ShotLine, person: str) -> bool:
    """Is a person in a shot, as the director uses it?"""
    return (shot.role == "wide" and person not in shot.lacks) or person in shot.people or person == shot.person


def _loaded(log: ShowLog) -> Bools:
    found = np.zeros(log.frames, bool)
    for line in log.lines:
        if line.kind == "late":
            found[max(0, line.frame - round(BEFORE_S * log.rate)) : line.frame + round(AFTER_S * log.rate)] = True
    return found


def _can_be_seen(log: ShowLog, people: Sequence[str], alone: Ints, close: bool) -> Bools:
    """Had whoever speaks a shot that the director could use?"""
    castings = [(0, log.start.shots), *((line.frame, line.shots) for line in log.of(Shots))]
    free = {shot.id: np.ones(log.frames, bool) for _, shots in castings for shot in shots}
    for line, reason in _told(log, "unfit"):
        if (shot := str((line.model_extra or {}).get("shot"))) in free:
            free[shot][line.frame :] = not reason
    found = np.zeros(log.frames, bool)
    ends = [begin for begin, _ in castings[1:]] + [log.frames]
    for (begin, shots), end in zip(castings, ends, strict=True):
        here = slice(begin, end)  # people have the same seats
        used = [s for s in shots if (s.role == "close_up" if close else s.role != "none")]
        for n, name in enumerate(people):
            theirs = [free[shot.id][here] for shot in used if shows(shot, name)]
            found[here] |= (alone[here] == n) & np.any(theirs, axis=0) if theirs else False
    return found


def _unheard(alone: Ints, word_frames: int, heard_frames: int) -> Bools:
    """A stretch that is a word thrown in, and the beginning of any other, which isn't known of yet."""
    found = np.zeros(len(alone), bool)
    edges = [0, *(np.flatnonzero(np.diff(alone)) + 1).tolist(), len(alone)]
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        found[start : end if end - start < word_frames else min(end, start + heard_frames)] = True
    return found
