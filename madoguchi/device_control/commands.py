"""What an administrator asks of a terminal's agent, in a shell."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

from madoguchi.device_control.channel import PIPE, AgentState, BadMessage, DeviceSeen, LeaseSeen, Shortfall
from madoguchi.device_control.client import AgentClient, AgentGone, AgentRefused
from madoguchi.device_control.device import interfaces_text
from madoguchi.device_control.floor import PARAMETER, read_floor
from madoguchi.device_control.places import Places

_SHORTFALLS = {
    Shortfall.NO_FLOOR: f"the kernel was started without {PARAMETER}=0, or it was changed since",
    Shortfall.USBGUARD: "USBGuard runs and decides about the same devices",
    Shortfall.NO_POLICY: "there is no policy: nothing but root hubs is open",
    Shortfall.JOURNAL_FULL: "records cannot be written: nothing more is opened",
    Shortfall.RESCUE: "started for rescue: boot keyboards are open",
}


def check(places: Places | None = None) -> int:
    """Says what protects this terminal, and what is missing; 0: nothing is."""
    places = places or Places()
    floor = read_floor(places.root / "proc", places.root / "sys")
    _say(f"kernel: {'keeps new devices closed' if floor.closed else _SHORTFALLS[Shortfall.NO_FLOOR]}")
    try:
        client = _client(places)
    except AgentGone:
        _say("agent: does not answer; what is closed stays closed")
        return 1
    try:
        state = AgentState.from_message(client.ask("state"))
    finally:
        client.close()
    for shortfall in state.why:
        _say(f"agent: {_SHORTFALLS[shortfall]}")
    _say("protected" if state.is_protected else "NOT PROTECTED")
    return 0 if state.is_protected and not state.why else 1


def status(places: Places | None = None) -> int:
    """Says the agent's state and what it decided on each device. 1: there is no agent."""
    try:
        client = _client(places or Places())
    except AgentGone:
        _say("the agent does not answer")
        return 1
    try:
        _say(_state(client.ask("state")))
        for device in client.ask("devices")["devices"]:
            _say(_device(DeviceSeen.from_message(device)))
    finally:
        client.close()
    return 0


def watch(places: Places | None = None) -> int:
    """Says what the agent tells until it ends, or until Ctrl-C."""
    gone = threading.Event()
    seen: dict[str, str] = {}

    def told(kind: str, fields: dict[str, Any]) -> None:
        try:
            if kind == "devices":
                now = {each["instance"]: _device(DeviceSeen.from_message(each)) for each in fields["devices"]}
                for instance in seen.keys() - now.keys():
                    _say(f"gone     {seen[instance]}")
                for instance, line in now.items():
                    if seen.get(instance) != line:
                        _say(line)
                seen.clear()
                seen.update(now)
            elif kind == "lease":
                lease = LeaseSeen.from_message(fields)
                _say(
                    f"lease: {lease.ended.value if lease.ended else f'{lease.seconds_left} s'} {lease.place}"
                )
            elif kind == "state":
                _say(_state(fields))
        except (BadMessage, KeyError, TypeError) as error:
            _say(f"not understood: {error}")

    try:
        client = _client(places or Places(), told, gone.set)
    except AgentGone:
        _say("the agent does not answer")
        return 1
    try:
        gone.wait()
        _say("the agent is gone; what is closed stays closed")
    except KeyboardInterrupt:
        pass
    finally:
        client.close()
    return 0


def policy(file: str, places: Places | None = None) -> int:
    """Hands a signed policy over. 1: it is not taken."""
    try:
        text = Path(file).read_bytes().decode()
        client = _client(places or Places())
    except (OSError, ValueError, AgentGone) as error:
        _say(f"not handed over: {error}")
        return 1
    try:
        version = client.ask("policy", text=text)["version"]
    except AgentRefused as refused:
        line, slip = refused.fields.get("line"), refused.fields.get("slip")
        _say(f"refused: {refused.word}" + (f", line {line}: {slip}" if line else ""))
        return 1
    finally:
        client.close()
    _say(f"in force: version {version}")
    return 0


def _client(
    places: Places,
    told: Any = lambda kind, fields: None,
    gone: Any = lambda: None,
) -> AgentClient:
    return AgentClient(PIPE if sys.platform == "win32" else places.socket, told, gone)


def _state(fields: dict[str, Any]) -> str:
    state = AgentState.from_message(fields)
    how = "protected" if state.is_protected else "NOT PROTECTED"
    policy = f"policy {state.policy_version}" if state.policy_version else "no policy"
    why = "".join(f", {each.value}" for each in state.why)
    return f"{state.terminal} ({state.group}): {how}{why}, {policy}, {state.unsent} records not sent"


def _device(device: DeviceSeen) -> str:
    how = "lent" if device.lease else "allowed" if device.allowed else "blocked"
    # what it calls itself is quoted: it may call itself anything
    said = " ".join(repr(text) for text in (device.name_untrusted, device.serial_untrusted) if text)
    why = device.why.value + (f" {device.rule!r}" if device.rule else "")
    return f"{how:8} {device.port:8} {device.id_text} {interfaces_text(device.interfaces)} {said} ({why})"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
