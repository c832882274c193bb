"""Who gets the state over a protocol without connections: for a while, so that one who has gone is forgotten. Pure;
time is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from live.base.clock import NS

LEASE_NS = 60 * NS  # a subscription ends unless it is renewed
MOST = 128  # subscribers
A_HOST = 64  # of them on one machine
WHOLE_NS = NS  # the whole state goes to one subscriber no more often

Address = tuple[Any, ...]  # of a socket: host, port, and with IPv6 flow and scope


@dataclass
class _Lease:
    until_ns: int
    renewed: bool = False
    whole_ns: int | None = None  # when the whole state went out last


class Subscriptions:
    """The subscribers of one surface. A new one is never refused: where there is no room, the one goes that has shown
    the fewest signs of life.
    """

    def __init__(self) -> None:
        self._leases: dict[Address, _Lease] = {}
        self._fresh: dict[Address, None] = {}  # in order: who is to get the whole state

    def __len__(self) -> int:
        return len(self._leases)

    def subscribe(self, address: Address, now_ns: int) -> None:
        """Begin or renew; the whole state is due."""
        lease = self._leases.get(address)
        if lease is not None:
            lease.until_ns, lease.renewed = now_ns + LEASE_NS, True
        else:
            self._make_room(address)
            self._leases[address] = _Lease(now_ns + LEASE_NS)
        self._fresh[address] = None

    def _make_room(self, address: Address) -> None:
        here = [a for a in self._leases if a[0] == address[0]]
        full = here if len(here) >= A_HOST else self._leases if len(self._leases) >= MOST else ()
        if full:
            self.drop(min(full, key=lambda a: (self._leases[a].renewed, self._leases[a].until_ns)))

    def drop(self, address: Address) -> None:
        """They don't want it any more, or aren't there."""
        self._leases.pop(address, None)
        self._fresh.pop(address, None)

    def current(self, now_ns: int) -> list[Address]:
        """Who gets the changes: everybody whose lease runs and who has had the whole state."""
        for address in [a for a, lease in self._leases.items() if now_ns >= lease.until_ns]:
            self.drop(address)
        return [a for a, lease in self._leases.items() if lease.whole_ns is not None]

    def next_fresh(self, now_ns: int) -> Address | None:
        """One that is to get the whole state now; it counts as sent."""
        for address in self._fresh:
            lease = self._leases[address]
            if lease.whole_ns is None or now_ns - lease.whole_ns >= WHOLE_NS:
                lease.whole_ns = now_ns
                del self._fresh[address]
                return address
        return None
