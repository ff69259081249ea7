"""Plugs devices in and out in the virtual machine, as root; says what became of each, a line of JSON each.

arrivals come NUMBER SEED       up to three at a time; the last line is the time all took
arrivals swap NUMBER SEED       a scanner and its impostor at one port, in turn, without waiting
arrivals policies DIRECTORY     the policies in the files 1, 2, … one after the other, while devices come and
                                go at other ports; those of even numbers know no scanner
"""

from __future__ import annotations

import dataclasses
import functools
import json
import random
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.usb.guest import gadget
from tests.usb.inside import observe
from tests.usb.inside.arriving import IMPOSTORS, KINDS, SCANNER, Kind

_PATIENCE_SECONDS = 30.0
_LINGER_SECONDS = 0.05
_AT_ONCE = 3


def tell(**what: Any) -> None:
    """One line; the host reads it."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


class Watch:
    """Every event from now on, and waiting for those that are to come."""

    def __init__(self) -> None:
        self._events: list[observe.Event] = []
        self._more = threading.Condition()
        observe.hear_kernel(self._take)
        observe.hear_log(self._take)
        observe.hear_agent(self._take)
        self.wait(0, lambda event: "devices" in event.get("agent", {}))

    def _take(self, event: observe.Event) -> None:
        with self._more:
            self._events.append(event)
            self._more.notify_all()

    def mark(self) -> int:
        """Where the events that come from now on begin."""
        with self._more:
            return len(self._events)

    def wait(self, since: int, wanted: Callable[[observe.Event], bool]) -> observe.Event | None:
        """The first such event after a mark; None: it has not come in half a minute."""
        end = time.monotonic() + _PATIENCE_SECONDS
        at = since
        with self._more:
            while True:
                for event in self._events[at:]:
                    if wanted(event):
                        return event
                at = len(self._events)
                if not self._more.wait(max(0.0, end - time.monotonic())) and time.monotonic() >= end:
                    return None

    def after(self, since: int) -> list[observe.Event]:
        """All events after a mark."""
        with self._more:
            return self._events[since:]


class Arrival:
    """One device that is plugged in now."""

    def __init__(self, watch: Watch, kind: Kind, name: str) -> None:
        self._watch = watch
        self._mark = watch.mark()
        self.kind = kind
        self._name = name
        gadget.up(name, kind.vendor, kind.product, kind.functions, kind.serial, kind.name)
        self.port, self._place = where(name)
        self._before = _instances(watch, self.port, self._mark)

    def decided(self) -> dict[str, Any]:
        """Wait for the agent's word; what became of it, in milliseconds after the kernel's event."""
        came = self._watch.wait(self._mark, lambda event: event.get("found") == self.port)
        said = self._watch.wait(self._mark, lambda event: self._entry(event) is not None)
        entry = self._entry(said) if said is not None else None
        opened = None
        if self.kind.allowed:
            opened = self._watch.wait(self._mark, self.is_interface)
        return {
            "kind": self.kind.name,
            "allowed": self.kind.allowed,
            "why": entry["why"] if entry else "",
            "instance": entry["instance"] if entry else "",
            # by the clock of the agent's records
            "came_at": came["t"] + time.time() - time.monotonic() if came else 0.0,
            "told_ms": _between(came, said),
            "open_ms": _between(came, opened),
        }

    def is_open(self) -> bool:
        """The kernel lets it be used now."""
        return observe.is_authorized(self.port) or bool(observe.interfaces(self.port))

    def was_open(self) -> bool:
        """The kernel has let it be used since it came."""
        return any(self.is_interface(event) for event in self._watch.after(self._mark))

    def leave(self) -> bool:
        """Look once more, and unplug it. True: it could be used at any time since it came."""
        usable = self.is_open()
        gadget.down(self._name)
        self._watch.wait(self._mark, lambda event: self._is_device(event, "remove"))
        return usable or self.was_open()

    def is_interface(self, event: observe.Event, action: str = "add") -> bool:
        """The kernel made an interface of it, or took it away."""
        return (
            event.get("kernel") == action
            and event["type"] == "usb_interface"
            and f"{self._place}/" in event["path"]
        )

    def _is_device(self, event: observe.Event, action: str) -> bool:
        return (
            event.get("kernel") == action
            and event["type"] == "usb_device"
            and event["path"].endswith(self._place)
        )

    def _entry(self, event: observe.Event) -> dict[str, Any] | None:
        for device in event.get("agent", {}).get("devices", ()):
            if device["port"] == self.port and device["instance"] not in self._before:
                found: dict[str, Any] = device
                return found
        return None


def where(name: str) -> tuple[str, str]:
    """The port that a gadget is plugged into, and how the kernel's path of it ends."""
    number = Path(f"/sys/kernel/config/usb_gadget/{name}/UDC").read_text().strip().rpartition(".")[2]
    (root,) = Path(f"/sys/devices/platform/dummy_hcd.{number}").glob("usb*")
    port = f"{root.name.removeprefix('usb')}-1"
    return port, f"/{root.name}/{port}"


def _instances(watch: Watch, port: str, before: int) -> set[str]:
    """What the agent called the devices that were at this port before."""
    lists = [
        event["agent"]["devices"] for event in watch.after(0)[:before] if "devices" in event.get("agent", {})
    ]
    return {device["instance"] for listed in lists for device in listed if device["port"] == port}


def _between(first: observe.Event | None, then: observe.Event | None) -> float | None:
    return None if first is None or then is None else round((then["t"] - first["t"]) * 1000, 2)


def come(number: int, seed: int) -> None:
    """So many arrivals, of every kind in any order."""
    chance = random.Random(seed)
    kinds = [KINDS[place % len(KINDS)] for place in range(number)]
    chance.shuffle(kinds)
    watch = Watch()
    began = time.monotonic()
    while kinds:
        now = _together(kinds, chance.randint(1, _AT_ONCE))
        here = [Arrival(watch, kind, f"a{place}") for place, kind in enumerate(now)]
        told = [arrival.decided() for arrival in here]
        time.sleep(_LINGER_SECONDS)
        for arrival, what in zip(here, told, strict=True):
            tell(**what, together=len(now), usable=arrival.leave())
    tell(seconds=round(time.monotonic() - began, 1))


def _together(kinds: list[Kind], most: int) -> list[Kind]:
    """Take the next few: no two of one registration, which lets one in at a time."""
    taken: list[Kind] = []
    while (
        kinds
        and len(taken) < most
        and (kinds[-1].vendor, kinds[-1].product) not in {(kind.vendor, kind.product) for kind in taken}
    ):
        taken.append(kinds.pop())
    return taken


def swap(number: int, seed: int) -> None:
    """The one is pulled out and the other put in, faster or slower than the kernel and the agent are."""
    chance = random.Random(seed)
    impostor = IMPOSTORS[0]
    for name, kind in (("genuine", SCANNER), ("impostor", impostor)):
        gadget.up(name, kind.vendor, kind.product, kind.functions, kind.serial, kind.name)
        _, place = where(name)
        gadget.out(name)
    watch = Watch()
    mark, began = watch.mark(), time.monotonic()
    for turn in range(number):
        name = ("genuine", "impostor")[chance.randint(0, 1) if turn % 3 == 0 else turn % 2]
        gadget.back(name)
        time.sleep(chance.uniform(0, 1.2))
        gadget.out(name)
        time.sleep(chance.uniform(0, 0.05))
    seconds = time.monotonic() - began
    time.sleep(1)
    came = [
        event for event in watch.after(mark)
        if event.get("kernel") == "add" and event["path"].find(place) >= 0
    ]  # fmt: skip
    interfaces = [event["interface"] for event in came if event["type"] == "usb_interface"]
    # and it still decides rightly
    last = {}
    for name, kind in (("genuine", SCANNER), ("impostor", impostor)):
        gadget.down(name)
        arrival = Arrival(watch, kind, name)
        last[name] = arrival.decided() | {"usable": arrival.leave()}
    tell(
        cycles=number, seconds=round(seconds, 1), opened=len(interfaces),
        came=sum(event["type"] == "usb_device" for event in came),
        wrong=[interface for interface in interfaces if interface.split("/")[0] != "3"],
        after=last,
    )  # fmt: skip


def policies(directory: Path) -> None:
    """Swapped under load: what is there, and what comes, obeys the newest once the agent has answered."""
    watch = Watch()
    stop = threading.Event()
    load = threading.Thread(target=_come_and_go, args=(stop,), daemon=True)
    held = Arrival(watch, SCANNER, "held")
    load.start()
    for number, path in enumerate(sorted(directory.iterdir(), key=lambda path: int(path.name)), 1):
        known = number % 2 == 1
        mark, asked = watch.mark(), time.monotonic()
        answer = _give(path.read_text())
        # it is open already when the policy before knew it, too
        done = held.is_open() == known or watch.wait(
            mark, functools.partial(held.is_interface, action="add" if known else "remove")
        )
        took = round((time.monotonic() - asked) * 1000, 2)
        held.leave()
        held = Arrival(watch, dataclasses.replace(SCANNER, allowed=known), "held")
        told = held.decided()
        time.sleep(_LINGER_SECONDS)
        tell(
            answer=answer, followed=bool(done), followed_ms=took, **told,
            usable=held.is_open() or held.was_open(),
        )  # fmt: skip
    stop.set()
    load.join()
    held.leave()


def _give(policy: str) -> dict[str, Any]:
    """Hand a policy to the agent; its answer."""
    with socket.socket(socket.AF_UNIX) as port, port.makefile("rb") as lines:
        port.connect(observe.AGENT)
        port.sendall(json.dumps({"ask": "policy", "n": 1, "text": policy}).encode() + b"\n")
        for line in lines:
            answer: dict[str, Any] = json.loads(line)
            if "n" in answer:
                return answer
    raise EOFError("the agent has hung up")


def _come_and_go(stop: threading.Event) -> None:
    """Whatever else there is, at two other ports, as fast as it goes."""
    kinds = [kind for kind in KINDS if (kind.vendor, kind.product) != (SCANNER.vendor, SCANNER.product)]
    turn = 0
    while not stop.is_set():
        for name in ("load0", "load1"):
            kind = kinds[turn % len(kinds)]
            gadget.up(name, kind.vendor, kind.product, kind.functions, kind.serial, kind.name)
            turn += 1
        time.sleep(0.1)
        for name in ("load0", "load1"):
            gadget.down(name)


def main(act: str, *arguments: str) -> None:
    """Whichever act is asked for."""
    if act == "policies":
        policies(Path(arguments[0]))
    else:
        {"come": come, "swap": swap}[act](*(int(argument) for argument in arguments))


if __name__ == "__main__":
    main(*sys.argv[1:])
