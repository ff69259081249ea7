"""The server's texts and MACs are, byte for byte, those that the agent's side publishes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.device_control import vectors
from tests.server.rights.world import SOGO, World
from tests.support.cluster import Cluster
from tests.support.staff import terminal_number

# a number of its own, beside those that every test's library has
TERMINAL = terminal_number(SOGO, 77)


@pytest.fixture(scope="module")
def world(cluster: Cluster, library_template: str) -> Iterator[World]:
    made = World(cluster, library_template, "library_of_vectors")
    made.admin(
        "insert into account.terminal (name, branch_id, serial, valid_until)"
        f" values ('{vectors.TERMINAL}', {SOGO}, '{1000 + TERMINAL}', 'infinity')"
    )
    made.value(f"select account.make_usb_key('{vectors.TERMINAL}', false)")
    made.admin(f"update web.usb_key set key = '\\x{vectors.KEY_HEX}'")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("text", "mac"),
    [
        (vectors.CHALLENGE, vectors.CHALLENGE_MAC),
        (vectors.CHALLENGE_WITHOUT_SERIAL, vectors.CHALLENGE_WITHOUT_SERIAL_MAC),
        (vectors.GRANT, vectors.GRANT_MAC),
        (vectors.FIRST_RECORD, vectors.FIRST_RECORD_MAC),
        (vectors.SECOND_RECORD, vectors.SECOND_RECORD_MAC),
        (vectors.RECEIPT, vectors.RECEIPT_MAC),
    ],
)
def test_the_mac_of_each_text(world: World, text: str, mac: str) -> None:
    key = world.value(f"select id from account.terminal where name = '{vectors.TERMINAL}'")
    assert world.value(f"select web.usb_mac({key}, $text${text}$text$)") == mac
    assert world.value(f"select public.usb_mac_holds({key}, $text${text}$text$, '{mac}')") is True
    assert world.value(f"select public.usb_mac_holds({key}, $text${text} $text$, '{mac}')") is False
    assert world.value(f"select public.usb_mac_holds({key}, $text${text}$text$, null)") is False


def test_what_the_functions_answer(world: World) -> None:
    serial = vectors.CHALLENGE.split("\n")[4]
    world.value(
        "select account.enrol_usb_device('stick', '0951', '1666',"
        f" '{serial}', '{{08:06:50}}', '見本', '総務課')"
    )
    clerk = world.person("counter_staff", terminal=TERMINAL)
    manager = world.person("security_manager", terminal=TERMINAL)
    with world.at_work(clerk) as desk, world.at_work(manager) as second:
        asked = desk.ask("desk.ask_usb_exception", vectors.CHALLENGE, vectors.CHALLENGE_MAC, "例として")
        assert asked["refusal"] is None
        granted = second.ask_again("desk.approve_usb_exception", asked["number"])
        assert granted == {
            "refusal": None,
            "nonce": vectors.NONCE,
            "minutes": 15,
            "mac": vectors.GRANT_MAC,
        }
        records = json.dumps(
            [
                {"seq": 1, "text": vectors.FIRST_JSON, "mac": vectors.FIRST_RECORD_MAC},
                {"seq": 2, "text": vectors.SECOND_JSON, "mac": vectors.SECOND_RECORD_MAC},
            ]
        )
        receipt = desk.ask_again("desk.send_usb_records", records)
    assert receipt == {
        "refusal": None,
        "up_to": 2,
        "receipt": vectors.RECEIPT,
        "mac": vectors.RECEIPT_MAC,
        "trouble": None,
    }
