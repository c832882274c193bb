"""What importing a module costs every process that needs it: the time in Live's own modules, class bodies included.

    python benchmarks/start.py              # live.show, what a show is; or any module: live.engine.live

The best of 15 runs, in milliseconds, and the dearest modules of that run. A module that another one loads by its name
(the kinds of sources and outputs, a feature's handlers) counts where it is loaded.
"""

from __future__ import annotations

import re
import subprocess
import sys

RUNS, SHOWN = 15, 12
_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s*(live[\w.]*)$", re.MULTILINE)


def measured_ms(module: str) -> dict[str, float]:
    """What each of Live's own modules took by itself, in one run."""
    command = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name: int(took_us) / 1000 for took_us, name in _LINE.findall(done.stderr)}


def main() -> None:
    module = sys.argv[1] if len(sys.argv) > 1 else "live.show"
    best = min((measured_ms(module) for _ in range(RUNS)), key=lambda run: sum(run.values()))
    print(f"{module}: {sum(best.values()):.0f} ms in {len(best)} modules of Live's own")
    for name in sorted(best, key=lambda name: -best[name])[:SHOWN]:
        print(f"{best[name]:8.1f}  {name}")


if __name__ == "__main__":
    main()
