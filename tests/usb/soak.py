"""USB control at scale, in the virtual machine: a thousand arrivals, every end of an exception ten times.

    python -m tests.usb.soak [--part arrivals|exceptions|boots] [--arrivals N] [--seed N]

Prints what it found, and writes nothing. Its status is 1 if a device was usable that should not have been, if
an exception outlived its end, or if a registered device could not be used.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import sys
from collections import defaultdict
from collections.abc import Callable
from statistics import median
from typing import Any, Final

from tests.usb.endings import ENDS, end, plug_stick
from tests.usb.figures import in_words
from tests.usb.image import ready_image
from tests.usb.inside.arriving import NO_SCANNER, RULES
from tests.usb.terminal import FLOOR, Terminal

DECISION_MS: Final = 100.0
GONE_MS: Final = 1000.0
"""The goals: the decision after the kernel's event, and the disk's end after a kill."""

_IN_A_ROW: Final = 100
_EMULATED: Final = {
    "storage": (0x46F4, 0x0001), "kbd": (0x0627, 0x0001), "mouse": (0x0627, 0x0001),
    "tablet": (0x0627, 0x0001), "mtp": (0x46F4, 0x0004), "serial": (0x0403, 0x6001),
}  # fmt: skip
_TIMES_EACH: Final = 10
_FREEZES: Final = 3
_CYCLES: Final = 200
_POLICIES: Final = 30


class Result:
    """What went wrong, and how long everything took.

    Attributes:
        cases: the decisions' times by the kind of device.
    """

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.times: dict[str, list[float]] = defaultdict(list)
        self.cases: dict[str, list[float]] = defaultdict(list)

    def decided(self, how: str, kind: str, took: float) -> None:
        """A decision, and how many milliseconds after the kernel's event."""
        self.times[f"decision, {how}"].append(took)
        self.cases[kind].append(took)

    def expect(self, is_right: bool, what: str) -> None:
        """Something that must hold."""
        if not is_right:
            self.wrong.append(what)
            say(f"WRONG: {what}")


def say(line: str) -> None:
    """Print at once: it takes half an hour."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def told(terminal: Terminal, *arguments: str) -> list[dict[str, Any]]:
    """What `inside.arrivals` says."""
    return [json.loads(line) for line in terminal.program("arrivals", *arguments, seconds=3600).splitlines()]


def arrivals(terminal: Terminal, result: Result, number: int, seed: int) -> None:
    """Devices of every kind come and go; a scanner and its impostor in turn; policies under load."""
    chance = random.Random(seed)
    starts = terminal.starts()
    emulated = [*_EMULATED] * (number // 100)
    chance.shuffle(emulated)
    for kind in emulated:
        since = terminal.watch.mark()
        terminal.plug(kind, "unknown")
        said = terminal.decided(since, *_EMULATED[kind])
        terminal.collect()
        took = terminal.decision_ms(said["instance"], said["came_at"])
        result.decided("one at a time, xHCI", f"{kind} (xHCI)", took)
        usable = terminal.usable(since, said["port"])
        result.expect(not said["allowed"] and not usable, f"{kind} was usable: {said['why']} {usable}")
        terminal.tidy()
    left = number - len(emulated)
    came: dict[bool, int] = {True: 0, False: 0}
    while left:
        now = min(left, _IN_A_ROW)
        *rows, _ = told(terminal, "come", str(now), str(chance.randrange(1 << 30)))
        terminal.collect()
        for row in rows:
            came[row["allowed"]] += 1
            result.expect(row["usable"] == row["allowed"], f"usable is {row['usable']}: {row}")
            how = "one at a time" if row["together"] == 1 else "two or three at once"
            took = terminal.decision_ms(row["instance"], row["came_at"])
            result.decided(f"{how}, gadgets", row["kind"], took)
            result.times["told to the window"].append(row["told_ms"])
        left -= now
        say(f"{number - left} arrivals, {len(result.wrong)} wrong")
        for name, times in result.times.items():
            say(f"  {in_words(name, times)}")
    say(f"arrivals: {number}, of them to be blocked {number - came[True]}")
    (row,) = told(terminal, "swap", str(_CYCLES), str(seed))
    result.expect(not row["wrong"], f"the impostor got in: {row['wrong']}")
    result.expect(row["after"]["genuine"]["usable"], "the scanner could not be used after the cycles")
    result.expect(not row["after"]["impostor"]["usable"], "the impostor could be used after the cycles")
    say(
        f"cycles at one port: {row['cycles']} in {row['seconds']} s; the kernel saw {row['came']} devices and"
        f" opened {row['opened']} interfaces, {len(row['wrong'])} of them wrongly"
    )
    terminal.machine.sh("rm -rf /run/policies")
    for place in range(1, _POLICIES + 1):
        text = terminal.sign(RULES if place % 2 else NO_SCANNER)
        terminal.machine.write(f"/run/policies/{place}", text)
    for place, row in enumerate(told(terminal, "policies", "/run/policies"), 1):
        is_known = place % 2 == 1
        result.expect(
            row["followed"] and row["usable"] == is_known, f"policy {place} was not followed: {row}"
        )
        result.times["from a policy to what is open"].append(row["followed_ms"])
    terminal.collect()
    result.expect(terminal.starts() == starts, f"the agent was started {terminal.starts()} times")


def exceptions(terminal: Terminal, result: Result, seed: int) -> None:
    """Every end of an exception, in any order."""
    ways = [how for how in ENDS if how not in ("the agent freezes", "the agent is stopped")]
    turns = [*ways, "released"] * _TIMES_EACH + ["the agent freezes"] * _FREEZES
    random.Random(seed).shuffle(turns)
    for turn, how in enumerate(turns, 1):
        stick = plug_stick(terminal)
        with terminal.window() as window:
            node, _ = terminal.lend(window, stick)
            since = terminal.watch.mark()
            when = window.ask("release")["t"] if how == "released" else end(terminal, how, window.process)
            gone = terminal.disk(since, stick["port"], "remove")
            if when is not None:
                result.times[f"gone: {how}"].append((gone["t"] - when) * 1000)
            if ENDS.get(how) == "agent_ended":
                terminal.back(since)
            elif how != "the window is killed":
                # its disk goes first; closed by us before the stick has, it would be the window's end
                terminal.watch.wait(
                    since, lambda event: event.get("agent", {}).get("ended"), "the word of it"
                )
        result.expect(terminal.machine.run("test", "-e", node).status != 0, f"{how}: the disk is there")
        terminal.collect()
        said = [each for each in terminal.records if each["what"] == "lease_ended"][-1]["how"]
        result.expect(said == ENDS.get(how, "released"), f"{how}: on record as {said}")
        terminal.tidy()
        if turn % 10 == 0:
            say(f"{turn} exceptions of {len(turns)}, {len(result.wrong)} wrong")
    stick = plug_stick(terminal)
    with terminal.window() as window:
        since = terminal.watch.mark()
        terminal.lend(window, stick)
        opened = terminal.disk(since, stick["port"], "add")
        gone = terminal.disk(since, stick["port"], "remove")
        result.times["an exception of a minute lasted"].append((gone["t"] - opened["t"]) * 1000)
    terminal.tidy()


def boots(result: Result) -> None:
    """Started for rescue, and without the kernel's parameter: what is there from the beginning."""
    with Terminal(ready_image(), f"{FLOOR} madoguchi.usb=rescue", plugged=["kbd"]) as terminal:
        words = {each["name"]: each for each in terminal.devices() if each["why"] != "root_hub"}
        state = terminal.state()
        result.expect((state["protected"], state["why"]) == (False, ["rescue"]), f"rescue: {state}")
        result.expect(words["QEMU USB Keyboard"]["allowed"], "rescue: the keyboard is closed")
        result.expect(not words["QEMU USB HARDDRIVE"]["allowed"], "rescue: the stick is open")
    with Terminal(ready_image(), "") as terminal:
        state = terminal.state()
        result.expect((state["protected"], state["why"]) == (False, ["no_floor"]), f"no floor: {state}")
        result.expect(bool(terminal.opened_at_boot), "no floor: the kernel had closed the stick by itself")
        left = terminal.usable(terminal.watch.mark(), terminal.devices()[-1]["port"])
        result.expect(not left, f"no floor: the agent left the stick open: {left}")
    say("started for rescue, and without the kernel's parameter: done")


def main() -> int:
    """Run what is asked for; 1: something was wrong."""
    parser = argparse.ArgumentParser("python -m tests.usb.soak")
    parser.add_argument("--part", choices=["arrivals", "exceptions", "boots"])
    parser.add_argument("--arrivals", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    result = Result()
    say(
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    parts: dict[str, Callable[[Terminal], None]] = {
        "arrivals": lambda terminal: arrivals(terminal, result, asked.arrivals, asked.seed),
        "exceptions": lambda terminal: exceptions(terminal, result, asked.seed),
    }
    wanted = [part for name, part in parts.items() if asked.part in (None, name)]
    if wanted:
        with Terminal(ready_image()) as terminal:
            result.expect(terminal.opened_at_boot == [], f"open at boot: {terminal.opened_at_boot}")
            for part in wanted:
                part(terminal)
    if asked.part in (None, "boots"):
        boots(result)
    say(f"load {os.getloadavg()[0]:.1f}")
    for name, times in result.times.items():
        goal = DECISION_MS if name.startswith("decision") else GONE_MS if "killed" in name else None
        met = (
            ""
            if goal is None
            else f"; goal {goal:.0f} ms: {'met' if median(times) < goal else 'not met'} by the median"
        )
        met += "" if goal is None else f", {sum(time >= goal for time in times)} over it"
        say(in_words(name, times) + met)
    for kind, times in sorted(result.cases.items()):
        say(f"| {kind} | {len(times)} | {median(times):.0f} ms | {max(times):.0f} ms |")
    say(f"wrong: {len(result.wrong)}")
    for what in result.wrong:
        say(f"  {what}")
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
