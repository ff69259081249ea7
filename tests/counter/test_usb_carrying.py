"""The agent's records on their way to the server, in several rounds, while the line breaks between two."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from madoguchi.app.devices.values import AgentRecord, DeviceRefusal, Receipt
from madoguchi.app.server.devices import CentralDevices
from madoguchi.device_control.client import AgentClient
from tests.counter.central import Gate, House
from tests.counter.harness import Counter
from tests.counter.usb import UsbHouse, usb_house

AT_ONCE = 100
"""As many records as the server takes in a round."""
ARRIVALS = 140


@pytest.fixture
def usb(house: House, tmp_path: Path) -> Iterator[UsbHouse]:
    """A terminal where devices came and went, while nobody was signed in."""
    with usb_house(house, tmp_path) as made:
        for number in range(ARRIVALS):
            made.plug_stick(f"S{number}")
            made.agent.until(lambda wanted=2 * number: len(made.agent.records()) > wanted + 1)  # type: ignore[misc]
            made.agent.unplug()
            made.agent.until(lambda wanted=2 * number: len(made.agent.records()) > wanted + 2)  # type: ignore[misc]
        yield made


def at_the_server(usb: UsbHouse) -> list[tuple[int, dict[str, Any]]]:
    """The number of each record, and what it says, in the order in which they were taken."""
    found = usb.house.run(
        "select json_agg(json_build_array(r.seq, r.text::json) order by r.taken_at, r.seq)"
        " from account.usb_record r join account.terminal t on t.id = r.terminal_id"
        " where t.name = :name",
        name=usb.terminal,
    )
    return [(seq, said) for seq, said in json.loads(found or "[]")]


def unsent(counter: Counter) -> int:
    """How many wait, as the agent says."""
    state = counter.window.devices.standing().state
    return state.unsent if state is not None else -1


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The first and last number of the records of each round, as the server's side was handed them."""
    rounds: list[tuple[int, int]] = []
    send = CentralDevices.send_records

    def counted(devices: CentralDevices, records: tuple[AgentRecord, ...]) -> Receipt | DeviceRefusal:
        rounds.append((records[0].seq, records[-1].seq))
        return send(devices, records)

    monkeypatch.setattr(CentralDevices, "send_records", counted)
    return rounds


@pytest.fixture
def behind_the_first(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What happens, once, when the agent has let go of the first round."""
    happens: list[Callable[[], object]] = []
    ask = AgentClient.ask

    def asked(client: AgentClient, what: str, **fields: Any) -> dict[str, Any]:
        answer = ask(client, what, **fields)
        while what == "sent" and happens:
            happens.pop()()
        return answer

    monkeypatch.setattr(AgentClient, "ask", asked)
    return happens


@pytest.mark.parametrize("way", ["the line is cut", "a receipt is lost", "the server freezes", "it crashes"])
def test_a_line_that_breaks_between_two_rounds_loses_and_repeats_no_record(
    usb: UsbHouse,
    sent: list[tuple[int, int]],
    behind_the_first: list[Callable[[], object]],
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = usb.agent.records()
    assert len(written) > 2 * AT_ONCE, "more than two rounds"
    counter = usb.counter()
    gate = counter.server
    assert isinstance(gate, Gate)
    cluster = usb.house.cluster

    def breaks() -> None:
        if way == "the line is cut":
            gate.cut = True
        elif way == "the server freezes":
            cluster.freeze()
        elif way == "it crashes":
            cluster.kill()
        else:
            send = CentralDevices.send_records

            def lost(devices: CentralDevices, records: tuple[AgentRecord, ...]) -> Receipt | DeviceRefusal:
                # the server takes them, and nobody hears of it
                gate.lose_answers = True
                monkeypatch.setattr(CentralDevices, "send_records", send)
                return send(devices, records)

            monkeypatch.setattr(CentralDevices, "send_records", lost)

    behind_the_first.append(breaks)
    counter.sign_in(usb.house.take_on())
    counter.until(lambda: not counter.window.line_up)
    assert behind_the_first == []
    # the agent keeps what nobody has given it a receipt for
    assert [record["what"] for record in usb.agent.records()][-1] == "gone"
    assert len(usb.agent.records()) >= len(written) - AT_ONCE
    gate.cut = False
    cluster.recover()
    counter.until(lambda: unsent(counter) == 0, timeout_ms=60_000)
    taken = at_the_server(usb)
    assert [seq for seq, _ in taken] == list(range(1, len(taken) + 1))
    assert [said for _, said in taken][: len(written)] == written
    # in rounds, the broken one again, and none that the server had given a receipt for
    assert sent[0] == (1, AT_ONCE)
    assert all(first > AT_ONCE for first, _ in sent[1:])
    assert len(sent) >= (3 if way == "the line is cut" else 4)
    counter.until(lambda: counter.window.line_up)
    assert counter.window.page is not None


def test_records_that_are_kept_again_after_another_sign_in_go_on_where_they_were(
    usb: UsbHouse, sent: list[tuple[int, int]], behind_the_first: list[Callable[[], object]]
) -> None:
    """Whoever was signed in is cut off and leaves; what is left is carried for whoever comes next."""
    written = usb.agent.records()
    counter = usb.counter()
    gate = counter.server
    assert isinstance(gate, Gate)
    behind_the_first.append(lambda: setattr(gate, "cut", True))
    counter.sign_in(usb.house.take_on())
    counter.until(lambda: not counter.window.line_up)
    counter.window.sign_out()
    assert [seq for seq, _ in at_the_server(usb)] == list(range(1, AT_ONCE + 1))
    gate.cut = False
    counter.sign_in(usb.house.take_on())
    counter.until(lambda: unsent(counter) == 0, timeout_ms=60_000)
    taken = at_the_server(usb)
    assert [seq for seq, _ in taken] == list(range(1, len(taken) + 1))
    assert [said for _, said in taken][: len(written)] == written
    assert [first for first, _ in sent] == sorted({first for first, _ in sent})
