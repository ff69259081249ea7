"""The agent for Windows: what stands in the registry, and what it says. In memory; never run on Windows.

What it has in common with the other one is in `message_contract.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.device_control import windows_agent
from madoguchi.device_control.channel import AgentState, Shortfall
from madoguchi.device_control.policy import parse_rules
from madoguchi.device_control.windows import KEY, RegistryValue, compile_policy
from madoguchi.device_control.windows_restrictions import FLOOR, Restrictions
from tests.device_control.conftest import RULES
from tests.device_control.windows_end import Window
from tests.support.usb_tree import until_, words
from tests.support.windows_machine import AgentOnWindows, failing_at

OTHER_RULES = 'allow id 04b8:0e15 interfaces 07:01:02 as "printer" because "tried"\n'
UNPROTECTED = (Shortfall.NO_FLOOR,)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[AgentOnWindows]:
    with AgentOnWindows(tmp_path, rules=RULES) as made:
        yield made


@pytest.fixture
def window(machine: AgentOnWindows) -> Iterator[Window]:
    made = Window(machine)
    yield made
    made.close()


def stands(machine: AgentOnWindows, rules: str) -> bool:
    return Restrictions(machine.registry).stands(compile_policy(parse_rules(rules)))


def is_closed(machine: AgentOnWindows) -> bool:
    return Restrictions(machine.registry).is_closed()


def state(window: Window) -> AgentState:
    return AgentState.from_message(window.ask("state"))


def test_the_kept_policy_stands_before_anybody_asks(machine: AgentOnWindows, window: Window) -> None:
    assert stands(machine, RULES)
    assert words(machine.records()) == ["started"]


def test_it_never_says_that_a_terminal_is_protected(machine: AgentOnWindows, window: Window) -> None:
    said = state(window)
    assert (said.is_protected, said.why, said.policy_version) == (False, UNPROTECTED, 1)
    assert machine.records()[0]["why"] == ["no_floor"]
    assert window.ask("devices") == {"devices": []}


def test_without_a_policy_nothing_new_is_installed(tmp_path: Path) -> None:
    with AgentOnWindows(tmp_path) as machine:
        window = Window(machine)
        said = state(window)
        assert (said.why, said.policy_version) == ((Shortfall.NO_FLOOR, Shortfall.NO_POLICY), 0)
        assert is_closed(machine)
        assert machine.registry.values(KEY) == {value.name: value.value for value in FLOOR}
        window.ask("policy", text=machine.sign_policy(RULES))
        assert stands(machine, RULES)
        window.close()


def test_a_newer_policy_stands_when_it_is_answered_and_after_the_agent(
    machine: AgentOnWindows, window: Window
) -> None:
    assert window.ask("policy", text=machine.sign_policy(OTHER_RULES)) == {"version": 2}
    assert stands(machine, OTHER_RULES)
    machine.stop()
    assert stands(machine, OTHER_RULES)


@pytest.mark.parametrize("refused", ["older", "signature", "group", "malformed"])
def test_what_is_refused_changes_nothing(machine: AgentOnWindows, window: Window, refused: str) -> None:
    changes: list[None] = []
    machine.registry.after = lambda: changes.append(None)
    text = machine.sign_policy(OTHER_RULES, group="offices" if refused == "group" else "counters")
    if refused == "older":
        text = machine.sign_policy(OTHER_RULES, version=1)
    elif refused == "signature":
        text = text.replace("04b8", "04b9")
    elif refused == "malformed":
        text = "x" * 70_000
    assert window.refused("policy", text=text) == refused
    assert not changes
    assert stands(machine, RULES)


def test_what_breaks_off_is_closed_said_and_mended(machine: AgentOnWindows, window: Window) -> None:
    text = machine.sign_policy(OTHER_RULES)
    failing_at(machine.registry, len(FLOOR) + 5, times=10_000)
    assert window.refused("policy", text=text) == "not_kept"
    assert is_closed(machine)
    assert (Shortfall.NO_POLICY in state(window).why, state(window).policy_version) == (True, 0)
    failed = machine.records()[-1]
    assert (failed["what"], failed["policy_version"]) == ("enforcement_failed", 2)
    assert failed["error"].endswith("; closed")
    # said once, however often it is tried; said again by somebody it is refused again
    assert window.refused("policy", text=text) == "not_kept"
    assert words(machine.records()).count("enforcement_failed") == 1
    machine.registry.fails = lambda: False
    window.hears("state", lambda fields: fields["policy_version"] == 2)
    assert stands(machine, OTHER_RULES)
    assert words(machine.records())[-1] == "floor"
    assert window.ask("policy", text=text) == {"version": 2}


def test_a_registry_that_cannot_be_written_at_all_is_said_as_it_is(
    machine: AgentOnWindows, window: Window
) -> None:
    failing_at(machine.registry, 0, times=10_000)
    assert window.refused("policy", text=machine.sign_policy(OTHER_RULES)) == "not_kept"
    # it is as it was; what is in force is not claimed
    assert stands(machine, RULES)
    assert not is_closed(machine)
    assert state(window).policy_version == 0
    assert machine.records()[-1]["error"].endswith("; not closed")


def test_what_another_program_changes_is_put_right_and_on_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows_agent, "_LOOK_SECONDS", 0.0)
    with AgentOnWindows(tmp_path, rules=RULES) as machine:
        machine.registry.put(RegistryValue(KEY, "AllowDenyLayered", 1))
        until_(lambda: words(machine.records()) == ["started", "enforcement_failed", "floor"])
        assert stands(machine, RULES)


def test_while_nothing_can_be_recorded_nothing_new_is_installed(
    machine: AgentOnWindows, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_descriptor: int) -> None:
        raise OSError("no room")

    with monkeypatch.context() as full:
        full.setattr(os, "fdatasync", fails)
        full.setattr(os, "fsync", fails)
        assert window.refused("policy", text=machine.sign_policy(OTHER_RULES)) == "not_kept"
        until_(lambda: is_closed(machine))
        window.hears("state", lambda told: "journal_full" in told["why"] and not told["policy_version"])
    until_(lambda: stands(machine, RULES))
    assert state(window).policy_version == 1


def test_a_damaged_policy_leaves_it_closed(machine: AgentOnWindows) -> None:
    machine.stop()
    kept = machine.places.state / "policy"
    kept.write_text(kept.read_text().replace("046d", "0951"))
    machine.start()
    window = Window(machine)
    assert is_closed(machine)
    assert Shortfall.NO_POLICY in state(window).why
    assert machine.records()[-1]["why"] == "signature"
    window.close()


def test_where_it_is_not_windows_the_program_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert windows_agent.main() == 2
    assert "Windows" in capsys.readouterr().err
