"""A policy for Windows: what is written, that nothing gets wider, and that what is lost is said.

Nobody has run this on Windows: `installs` below is what its documents say that it does with the values.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.device_control.device import UsbDevice
from madoguchi.device_control.policy import Policy, Rule, parse_rules
from madoguchi.device_control.windows import (
    CONTROLLERS,
    KEY,
    LISTS,
    Cannot,
    Compiled,
    compile_policy,
    reg_bytes,
    reg_text,
)
from tests.device_control.devices import HUB, KEYBOARD, MOUSE, MTP, POS, PRINTER, STORAGE, classes, device

OF_ALL = [Cannot.ONE_AT_A_TIME, Cannot.WHOLE_COMPUTER, Cannot.INSTALLED_BEFORE]


def rules(*lines: str) -> Policy:
    return parse_rules("".join(f'{line} as "x" because "x"\n' for line in lines))


def entries(compiled: Compiled, name: str) -> list[str]:
    return [str(value.value) for value in compiled.values if value.key == f"{KEY}\\{name}"]


def switches(compiled: Compiled) -> dict[str, int | str]:
    return {value.name: value.value for value in compiled.values if value.key == KEY}


def found(compiled: Compiled) -> list[tuple[Rule, Cannot]]:
    """Of rules; that the three of the whole policy stand at the end is looked at here."""
    assert [each.what for each in compiled.findings if each.rule is None] == OF_ALL
    return [(each.rule, each.what) for each in compiled.findings if each.rule is not None]


def installs(compiled: Compiled, what: UsbDevice) -> bool:
    """Whether Windows would install a device itself, as its documents say (not what comes below it)."""
    hardware = f"USB\\VID_{what.vendor_id:04X}&PID_{what.product_id:04X}"
    compatible = [f"USB\\Class_{what.interfaces[0].base:02X}"] if len(what.interfaces) == 1 else []
    instance = f"{hardware}\\{what.serial_untrusted}".lower()
    here = switches(compiled)
    assert (here["DenyUnspecified"], here["AllowDenyLayered"], here["DenyRemovableDevices"]) == (1, 0, 0)
    if {hardware, *compatible} & {*entries(compiled, "DenyDeviceIDs")}:
        return False
    if instance in [each.lower() for each in entries(compiled, "DenyInstanceIDs")]:
        return False
    return hardware in entries(compiled, "AllowDeviceIDs") or instance in [
        each.lower() for each in entries(compiled, "AllowInstanceIDs")
    ]


def test_an_empty_policy_closes_everything_but_controllers() -> None:
    compiled = compile_policy(Policy(()))
    assert found(compiled) == []
    assert switches(compiled) == {
        "DenyUnspecified": 1,
        "AllowDenyLayered": 0,
        "AllowAdminInstall": 0,
        "DenyRemovableDevices": 0,
        "AllowDeviceIDs": 1,
        "AllowInstanceIDs": 0,
        "AllowDeviceClasses": 0,
        "DenyDeviceIDs": 1,
        "DenyDeviceIDsRetroactive": 1,
        "DenyInstanceIDs": 0,
        "DenyInstanceIDsRetroactive": 0,
        "DenyDeviceClasses": 0,
        "DenyDeviceClassesRetroactive": 0,
    }
    assert entries(compiled, "AllowDeviceIDs") == list(CONTROLLERS)
    assert entries(compiled, "DenyDeviceIDs") == [f"USB\\Class_{number:02X}" for number in range(1, 256)]


def test_a_keyboard_is_allowed_with_what_windows_makes_of_it() -> None:
    policy = rules("allow id 046d:c31c interfaces 03:01:01")
    compiled = compile_policy(policy)
    assert found(compiled) == [(policy.rules[0], Cannot.INTERFACES)]
    assert entries(compiled, "AllowDeviceIDs") == [
        *CONTROLLERS,
        r"USB\VID_046D&PID_C31C",
        r"HID\VID_046D&PID_C31C",
        *(rf"HID\VID_046D&PID_C31C&Col0{number}" for number in range(1, 9)),
    ]
    assert r"USB\Class_03" not in entries(compiled, "DenyDeviceIDs")
    assert {r"USB\Class_08", r"USB\Class_06", r"USB\Class_09", r"USB\Class_EF"} <= {
        *entries(compiled, "DenyDeviceIDs")
    }


def test_of_a_composite_device_each_part_is_allowed() -> None:
    compiled = compile_policy(rules("allow id 05e0:1701 interfaces 02:02:01,03:01:01"))
    allowed = entries(compiled, "AllowDeviceIDs")
    assert {
        r"USB\VID_05E0&PID_1701",
        r"USB\VID_05E0&PID_1701&MI_00",
        r"USB\VID_05E0&PID_1701&MI_01",
        r"HID\VID_05E0&PID_1701&MI_01",
        r"HID\VID_05E0&PID_1701&MI_01&Col02",
    } <= {*allowed}
    assert r"USB\VID_05E0&PID_1701&MI_02" not in allowed
    denied = entries(compiled, "DenyDeviceIDs")
    assert not {r"USB\Class_02", r"USB\Class_03", r"USB\Class_EF"} & {*denied}
    assert r"USB\Class_0A" in denied


def test_one_device_is_allowed_by_its_instance() -> None:
    compiled = compile_policy(rules('allow id 05e0:1900 serial "A-1/b" interfaces 03:00:00'))
    assert entries(compiled, "AllowInstanceIDs") == [r"USB\VID_05E0&PID_1900\A-1/b"]
    assert r"USB\VID_05E0&PID_1900" not in entries(compiled, "AllowDeviceIDs")
    assert r"HID\VID_05E0&PID_1900" in entries(compiled, "AllowDeviceIDs")
    assert installs(compiled, device(POS, id="05e0:1900", serial="A-1/b"))
    assert not installs(compiled, device(POS, id="05e0:1900", serial="A-2"))
    assert not installs(compiled, device(POS, id="05e0:1900"))


@pytest.mark.parametrize(
    ("line", "cannot"),
    [
        ("allow id 046d:* interfaces 03:01:01", Cannot.VENDOR),
        ('allow id 046d:* serial "A" interfaces 03:01:01', Cannot.VENDOR),
        ('allow interfaces 03:01:01 port "1-1"', Cannot.PORT),
        ('allow id 046d:c31c interfaces 03:01:01 port "1-1"', Cannot.PORT),
        ('allow id 046d:c31c serial "A,1" interfaces 03:01:01', Cannot.SERIAL),
        ('allow id 046d:c31c serial "A 1" interfaces 03:01:01', Cannot.SERIAL),
        ('allow id 046d:c31c serial "番号" interfaces 03:01:01', Cannot.SERIAL),
        ("allow id 0951:1666 interfaces 08:06:50", Cannot.STORAGE),
        ("allow id 0951:1666 interfaces 03:01:01,08:06:50", Cannot.STORAGE),
    ],
)
def test_what_windows_cannot_be_told_is_left_out(line: str, cannot: Cannot) -> None:
    policy = rules(line)
    compiled = compile_policy(policy)
    assert found(compiled) == [(policy.rules[0], cannot)]
    assert compiled.findings[0].is_left_out
    assert compiled.values == compile_policy(Policy(())).values


@pytest.mark.parametrize(
    ("interfaces", "is_said"), [(PRINTER, True), ("e0:01:01", True), (HUB, False), ("ff:00:00", False)]
)
def test_what_comes_below_and_has_no_known_name_is_said(interfaces: str, is_said: bool) -> None:
    compiled = compile_policy(rules(f"allow id 04b8:0202 interfaces {interfaces}"))
    assert (Cannot.CHILDREN in [what for _, what in found(compiled)]) is is_said
    assert entries(compiled, "AllowDeviceIDs") == [*CONTROLLERS, r"USB\VID_04B8&PID_0202"]


def test_a_block_before_is_a_deny() -> None:
    policy = rules(
        'block id 046d:c31c serial "lost"', "block id 1234:5678", "allow id 046d:c31c interfaces 03:01:01"
    )
    compiled = compile_policy(policy)
    assert found(compiled) == [(policy.rules[2], Cannot.INTERFACES)]
    assert entries(compiled, "DenyInstanceIDs") == [r"USB\VID_046D&PID_C31C\lost"]
    assert entries(compiled, "DenyDeviceIDs")[0] == r"USB\VID_1234&PID_5678"
    assert switches(compiled)["DenyInstanceIDsRetroactive"] == 1
    assert installs(compiled, device())
    assert not installs(compiled, device(serial="lost"))


def test_a_block_after_does_not_close_what_stands_above_it() -> None:
    policy = rules('allow id 046d:c31c serial "A" interfaces 03:01:01', "block id 046d:c31c", "block")
    compiled = compile_policy(policy)
    assert found(compiled) == [
        (policy.rules[0], Cannot.INTERFACES),
        (policy.rules[1], Cannot.BY_DEFAULT),
        (policy.rules[2], Cannot.BY_DEFAULT),
    ]
    assert installs(compiled, device(serial="A"))
    assert not installs(compiled, device(serial="B"))


@pytest.mark.parametrize(
    "block",
    [
        "block id 046d:*",
        'block serial "A"',
        "block interfaces 03:01:01",
        'block port "1-1"',
        "block",
        'block id 046d:c31c serial "番号"',
    ],
)
def test_behind_a_block_that_cannot_be_told_nothing_like_it_is_allowed(block: str) -> None:
    policy = rules(block, "allow id 046d:c31c interfaces 03:01:01")
    compiled = compile_policy(policy)
    assert found(compiled) == [(policy.rules[0], Cannot.BY_DEFAULT), (policy.rules[1], Cannot.AFTER_BLOCK)]
    assert not installs(compiled, device())
    other = compile_policy(
        rules('block id 1234:* interfaces 07:01:02 port "1-1"', "allow id 046d:c31c interfaces 03:01:01")
    )
    assert installs(other, device())


@pytest.mark.parametrize("more", [" interfaces 03:01:01", ' port "1-1"'])
def test_a_block_of_some_of_a_make_blocks_all(more: str) -> None:
    policy = rules(f"block id 046d:c31c{more}", "allow id 05e0:1200 interfaces 03:01:01")
    compiled = compile_policy(policy)
    assert found(compiled)[0] == (policy.rules[0], Cannot.BROADER)
    assert entries(compiled, "DenyDeviceIDs")[0] == r"USB\VID_046D&PID_C31C"


def test_the_file_is_what_reg_imports() -> None:
    policy = parse_rules('allow id 05e0:1900 serial "A1" interfaces 03:00:00 as "読取機" because "窓口"\n')
    compiled = compile_policy(policy)
    text = reg_text(compiled)
    lines = text.split("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert lines[0] == "Windows Registry Editor Version 5.00"
    assert lines[2] == "; Made from a policy; never run on Windows."
    assert f"; interfaces: {policy.rules[0]}" in lines
    assert "; whole_computer: the whole policy" in lines
    for name in LISTS:
        assert lines.index(f"[-{KEY}\\{name}]") < lines.index(f"[{KEY}]")
    section = lines.index(f"[{KEY}\\AllowInstanceIDs]")
    assert lines[section + 1] == r'"1"="USB\\VID_05E0&PID_1900\\A1"'
    assert '"DenyUnspecified"=dword:00000001' in lines
    assert reg_bytes(compiled).decode("utf-16") == text
    assert reg_bytes(compiled).startswith(b"\xff\xfeW\x00")


def test_every_list_is_numbered_from_one() -> None:
    compiled = compile_policy(rules("allow id 046d:c31c interfaces 03:01:01", "block id 1234:5678"))
    for one, other in pairwise(compiled.values):
        if one.key == other.key != KEY:
            assert int(other.name) == int(one.name) + 1
        elif other.key != KEY:
            assert other.name == "1"


ids = st.sampled_from(["046d:c31c", "046d:c31d", "05e0:1200"])
serials = st.sampled_from(["", "A", "B"])
kinds = st.sampled_from([KEYBOARD, MOUSE, POS, STORAGE, MTP, HUB, f"{POS},{MOUSE}"])
ports = st.sampled_from(["1-1", "1-2"])
some_devices = st.builds(
    lambda kind, id, serial, port: device(kind, id=id, serial=serial, port=port), kinds, ids, serials, ports
)


@st.composite
def some_rules(draw: st.DrawFn) -> Rule:
    allows = draw(st.booleans())
    vendor, product = draw(ids).split(":")
    has_id = draw(st.booleans())
    return Rule(
        allows,
        "x",
        "x",
        int(vendor, 16) if has_id or allows else None,
        int(product, 16) if has_id and draw(st.booleans()) else None,
        draw(serials) or None,
        classes(draw(kinds)) if allows or draw(st.booleans()) else None,
        draw(ports) if draw(st.booleans()) else None,
    )


@given(st.lists(some_rules(), max_size=5).map(lambda made: Policy(tuple(made))), some_devices)
def test_windows_lets_nothing_in_that_no_rule_allows_by_its_id_and_class(
    policy: Policy, what: UsbDevice
) -> None:
    compiled = compile_policy(policy)
    if not installs(compiled, what):
        return
    # Sets are held by class alone: some device of this id, serial and port must be let in by the policy.
    allowed = [rule for rule in policy.rules if rule.allows and rule.interfaces]
    as_allowed = [
        device(
            ",".join(map(str, rule.interfaces or ())),
            id=what.id_text,
            serial=what.serial_untrusted,
            port=what.port,
        )
        for rule in allowed
    ]
    assert any((first := policy.first_match(each)) is not None and first.allows for each in as_allowed)
    bases = {each.base for rule in allowed for each in rule.interfaces or ()}
    assert len(what.interfaces) > 1 or {each.base for each in what.interfaces} <= bases
