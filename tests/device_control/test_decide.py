"""Whether a device may be used: first match, keyboards that are none, a second one, hubs, rescue."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.device_control.decide import Decision, Why, decide
from madoguchi.device_control.device import UsbDevice
from madoguchi.device_control.policy import Policy, parse_rules
from tests.device_control.devices import HUB, KEYBOARD, MOUSE, MTP, POS, SERIAL, STORAGE, device

POLICY = parse_rules(
    """
block id 046d:c31c serial "stolen" as "stolen" because "stolen"
allow id 046d:c31c interfaces 03:01:01 as "keyboard" because "counter"
allow id 05e0:1200 interfaces 03:01:01 port "1-3" as "second scanner" because "counter"
allow id 05e0:1200 interfaces 03:01:01 as "scanner" because "counter"
allow id 05e0:1900 serial "A1" interfaces 03:00:00 as "POS" because "counter"
allow id 05e0:1701 interfaces 02:02:01,03:01:01 as "both" because "counter"
allow id 04b8:* interfaces 07:01:02 as "printer" because "slips"
allow id 1234:* interfaces 03:01:01 as "any of theirs" because "counter"
allow id 1234:* interfaces 03:01:01,08:06:50 as "odd" because "counter"
allow id 1d6b:0104 interfaces 09:00:00 as "hub" because "desk"
"""
)
KEYS = device()
SCANNER = device(id="05e0:1200", port="1-2")


def why(what: UsbDevice, *before: UsbDevice, policy: Policy | None = POLICY, rescue: bool = False) -> Why:
    decision = decide(policy, what, before, rescue=rescue)
    if not rescue:
        assert decision.allowed is (decision.why in (Why.RULE, Why.ROOT_HUB))
    return decision.why


def test_what_a_rule_allows_is_open_and_the_rule_is_named() -> None:
    assert decide(POLICY, KEYS, ()) == Decision(True, Why.RULE, POLICY.rules[1])


def test_the_first_match_wins() -> None:
    decision = decide(POLICY, device(serial="stolen"), ())
    assert decision == Decision(False, Why.BLOCK_RULE, POLICY.rules[0])


@pytest.mark.parametrize("interfaces", [STORAGE, MTP, SERIAL, "", "ff:ff:ff"])
def test_what_no_rule_is_about_is_closed(interfaces: str) -> None:
    assert decide(POLICY, device(interfaces), ()) == Decision(False, Why.NO_RULE)


def test_an_impostor_with_one_interface_more_is_closed() -> None:
    assert why(device(f"{KEYBOARD},{STORAGE}")) is Why.NO_RULE


def test_without_a_policy_everything_is_closed() -> None:
    assert why(KEYS, policy=None) is Why.NO_RULE
    assert why(device(HUB), policy=None) is Why.HUB
    assert why(device(HUB, is_root_hub=True, port="usb1"), policy=None) is Why.ROOT_HUB


def test_a_hub_is_said_to_be_one_and_open_by_a_rule_alone() -> None:
    assert why(device(HUB)) is Why.HUB
    assert why(device("ff:00:00", device_class=9)) is Why.HUB
    assert why(device(HUB, id="1d6b:0104")) is Why.RULE


def test_a_keyboard_that_is_something_else_too_is_open_only_if_registered() -> None:
    assert why(device(f"{SERIAL},{KEYBOARD}", id="05e0:1701")) is Why.RULE
    assert why(device(f"{KEYBOARD},{STORAGE}", id="1234:0001")) is Why.KEYBOARD_AND_MORE


def test_a_second_keyboard_is_open_only_if_registered() -> None:
    whole_vendor = device(id="1234:0001")
    assert why(whole_vendor) is Why.RULE
    assert why(whole_vendor, KEYS) is Why.SECOND_KEYBOARD
    assert why(SCANNER, KEYS) is Why.RULE
    assert why(KEYS, whole_vendor) is Why.RULE


@pytest.mark.parametrize("kind", [POS, MOUSE])
def test_whatever_can_type_is_a_keyboard(kind: str) -> None:
    policy = parse_rules(f'allow id 1234:* interfaces {kind} as "x" because "x"')
    assert why(device(kind, id="1234:0001"), policy=policy) is Why.RULE
    assert why(device(kind, id="1234:0001"), KEYS, policy=policy) is Why.SECOND_KEYBOARD


def test_a_registration_lets_one_in_at_a_time() -> None:
    copy = device(port="1-7")
    assert why(copy) is Why.RULE
    assert why(copy, SCANNER) is Why.RULE
    assert why(copy, KEYS) is Why.SECOND_KEYBOARD
    pos = device(POS, id="05e0:1900", serial="A1", port="1-5")
    assert why(pos, KEYS, SCANNER) is Why.RULE
    assert why(device(POS, id="05e0:1900", serial="A1", port="1-6"), pos) is Why.SECOND_KEYBOARD


def test_a_place_is_a_registration_of_its_own() -> None:
    in_place = device(id="05e0:1200", port="1-3")
    assert why(in_place, KEYS, SCANNER) is Why.RULE
    assert why(SCANNER, KEYS, in_place) is Why.RULE


def test_a_device_is_not_second_to_itself() -> None:
    assert why(KEYS, KEYS) is Why.RULE


def test_what_cannot_type_may_be_there_twice() -> None:
    first, second = (device("07:01:02", id="04b8:0202", port=port) for port in ("1-5", "1-6"))
    assert why(second, KEYS, first) is Why.RULE


def test_rescue_opens_boot_keyboards_and_closes_everything_else() -> None:
    for policy in (POLICY, None):
        assert decide(policy, device(serial="stolen"), (KEYS,), rescue=True) == Decision(True, Why.RESCUE)
        for other in (
            device(f"{KEYBOARD},{POS}"),
            device(f"{KEYBOARD},{STORAGE}"),
            device(f"{KEYBOARD},{KEYBOARD}"),
            device(POS, id="05e0:1900", serial="A1"),
            device("07:01:02", id="04b8:0202"),
            device(HUB, id="1d6b:0104"),
            device(""),
        ):
            assert decide(policy, other, (), rescue=True) == Decision(False, Why.RESCUE)
        assert why(device(HUB, is_root_hub=True, port="usb2"), policy=policy, rescue=True) is Why.ROOT_HUB


kinds = st.lists(st.sampled_from([KEYBOARD, MOUSE, POS, STORAGE, MTP, SERIAL, HUB, "07:01:02"]), max_size=3)
some_ids = st.sampled_from(["046d:c31c", "05e0:1200", "05e0:1900", "05e0:1701", "04b8:0202", "1234:5678"])
devices = st.builds(
    lambda found, id, serial, port: device(",".join(found), id=id, serial=serial, port=port),
    kinds,
    some_ids,
    st.sampled_from(["", "A1", "stolen"]),
    st.sampled_from(["1-1", "1-2", "1-3"]),
)


@given(devices, st.lists(devices, max_size=3))
def test_nothing_is_open_that_no_rule_allows(what: UsbDevice, before: list[UsbDevice]) -> None:
    decision = decide(POLICY, what, before)
    first = next((rule for rule in POLICY.rules if rule.matches(what)), None)
    assert decision.rule == first
    if decision.allowed:
        assert first is not None
        assert first.allows
        assert first.interfaces == what.interfaces
    if first is not None and first.allows and not before and first.is_registration:
        assert decision.allowed
