"""Whatever comes in whatever order, and however late the kernel is: in the end it has what was decided."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Final

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from madoguchi.device_control.decide import decide
from madoguchi.device_control.device import UsbDevice
from madoguchi.device_control.policy import parse_rules
from madoguchi.device_control.sysfs import Gone, NotDone
from tests.device_control.slow_kernel import RULES, SlowTerminal

_KINDS: Final = {
    "1-1": ("03:01:01", "046d:c31c"),
    "1-2": ("07:01:02", "04b8:0e15"),
    "1-3": ("08:06:50", "0951:1666"),
}
_STICK: Final = "1-3"
_PATIENCE_SECONDS: Final = 3.0
_PORTS: Final = st.sampled_from(sorted(_KINDS))
_RULES: Final = RULES.splitlines(keepends=True)
_POLICIES: Final = st.sampled_from([RULES, _RULES[0], _RULES[2], 'block as "everything" because "test"\n'])


class LateKernel(RuleBasedStateMachine):
    """A keyboard, a printer, a stick, at a terminal whose kernel is late now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.rules = RULES
        self.lent: UsbDevice | None = None
        self.terminal: SlowTerminal

    @initialize(early=st.booleans())
    def start(self, early: bool) -> None:
        self.terminal = SlowTerminal(Path(self.folder.name), early=early, seconds=0.01)
        for port in _KINDS:
            self.plug(port)

    @rule(port=_PORTS)
    def plug(self, port: str) -> None:
        if not (self.terminal.tree.devices / port).exists():
            interfaces, identity = _KINDS[port]
            self.terminal.tree.plug(interfaces, id=identity, port=port)
            self.terminal.enforcement.look(port)

    @rule(port=_PORTS)
    def unplug(self, port: str) -> None:
        # the kernel keeps what it still talks to
        if (self.terminal.tree.devices / port).exists() and not self.terminal.kernel.is_slow(port):
            self.terminal.tree.unplug(port)
            self.terminal.enforcement.look(port)

    @rule(port=_PORTS)
    def become_slow(self, port: str) -> None:
        if not self.terminal.kernel.is_slow(port):
            self.terminal.kernel.be_slow(port)

    @rule(port=_PORTS, at_once=st.booleans())
    def go_on(self, port: str, at_once: bool) -> None:
        if self.terminal.kernel.is_slow(port):
            self.terminal.kernel.go_on(port)
            if at_once:
                self.terminal.turn()

    @rule(rules=_POLICIES)
    def give(self, rules: str) -> None:
        self.rules = rules
        self.terminal.enforcement.go_by(parse_rules(rules))

    @rule()
    def turn(self) -> None:
        self.terminal.turn()

    @rule()
    def look(self) -> None:
        self.terminal.enforcement.look_at_all()

    # no preconditions: whether something is lent depends on how fast this machine is
    @rule()
    def lend(self) -> None:
        known = self.terminal.enforcement.known.get(_STICK)
        if self.lent is not None or known is None or known.is_open:
            return
        try:
            self.terminal.enforcement.open_leased(known.device)
        except (Gone, NotDone):
            self.terminal.enforcement.close_leased(known.device)
        else:
            self.lent = known.device

    @rule()
    def end(self) -> None:
        if self.lent is not None:
            self.terminal.enforcement.close_leased(self.lent)
            self.lent = None

    def teardown(self) -> None:
        try:
            self.end()
            self.terminal.kernel.go_on()
            self.terminal.enforcement.look_at_all()
            until = time.monotonic() + _PATIENCE_SECONDS
            while self.wrong() and time.monotonic() < until:
                self.terminal.turn()
                time.sleep(0.001)
            assert self.wrong() == []
            assert set(self.terminal.errors()) <= {"the kernel has not answered yet"}
        finally:
            self.terminal.close()
            self.folder.cleanup()

    def wrong(self) -> list[str]:
        """What is not yet so: open is what a rule allows, the agent knows it, and it is on record."""
        policy, found = parse_rules(self.rules), []
        for port in _KINDS:
            known = self.terminal.enforcement.known.get(port)
            if known is None or not (self.terminal.tree.devices / port).exists():
                found += [port] * ((known is not None) != (self.terminal.tree.devices / port).exists())
                continue
            allowed = decide(policy, known.device, [], rescue=False).allowed
            said = [what for what in self.terminal.records(port) if what in ("allowed", "blocked")]
            has = (self.terminal.tree.is_usable(port), known.is_open, known.decision.allowed, *said[-1:])
            if has != (allowed, allowed, allowed, "allowed" if allowed else "blocked") or known.is_late:
                found.append(f"{port}: {has}")
        return found


def test_in_the_end_the_kernel_has_what_was_decided() -> None:
    run_state_machine_as_test(
        LateKernel,
        settings=settings(
            max_examples=150,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
