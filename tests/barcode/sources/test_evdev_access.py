"""The rule that gives an account one scanner, and the check that it has no more. In the kernel: tests/usb."""

from __future__ import annotations

import grp
import logging
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from madoguchi.barcode.scan import Source
from madoguchi.barcode.sources.evdev_access import Exposure, exposure, udev_rule, warn_of_exposure
from madoguchi.barcode.sources.evdev_devices import Keyboards
from madoguchi.barcode.sources.source import Device
from tests.support.evdev import PRODUCT, VENDOR, MadeUpSysfs

SCANNER = Device(Source.EVDEV, VENDOR, PRODUCT, "S1", "1-4.2")


def test_a_scanner_with_a_serial_number_is_told_by_it() -> None:
    keys, reports = udev_rule(SCANNER).splitlines()
    assert keys == (
        'SUBSYSTEM=="input", KERNEL=="event*", SUBSYSTEMS=="usb", ATTRS{idVendor}=="0c2e", '
        'ATTRS{idProduct}=="0901", ATTRS{serial}=="S1", GROUP="madoguchi-scanner", MODE="0660", '
        'ENV{LIBINPUT_IGNORE_DEVICE}="1"'
    )
    assert reports == (
        'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="0c2e", ATTR{idProduct}=="0901", '
        'ATTR{serial}=="S1", GROUP="madoguchi-scanner", MODE="0660"'
    )


def test_one_without_is_told_by_its_port() -> None:
    rule = udev_rule(Device(Source.EVDEV, VENDOR, PRODUCT, port="1-4.2"))
    assert 'KERNELS=="1-4.2"' in rule
    assert "serial" not in rule


@pytest.mark.parametrize(
    "text", ['S1", RUN+="/bin/sh', "S*", "S?", "[S]", "S1|S2", "$env{X}", "%k", "S1\nS2", "図書"]
)
def test_a_serial_number_that_would_mean_something_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a rule"):
        udev_rule(Device(Source.EVDEV, VENDOR, PRODUCT, text))
    with pytest.raises(ValueError, match="cannot stand in a rule"):
        udev_rule(Device(Source.EVDEV, VENDOR, PRODUCT, port=text))


@pytest.mark.parametrize("group", ["input", "", "Scanner", 'x"', "0"])
def test_it_is_never_given_to_the_group_of_all(group: str) -> None:
    with pytest.raises(ValueError, match="group"):
        udev_rule(SCANNER, group)


@pytest.mark.parametrize(("vendor", "product"), [(-1, 1), (1, -1), (0x10000, 1)])
def test_a_rule_is_for_one_device(vendor: int, product: int) -> None:
    with pytest.raises(ValueError, match="one device"):
        udev_rule(Device(Source.EVDEV, vendor, product, "S1"))


def test_a_keyboard_that_can_be_read_is_found_and_the_scanner_is_none(tmp_path: Path) -> None:
    sysfs, nodes = MadeUpSysfs(tmp_path), tmp_path / "input"
    sysfs.add_built_in(0)
    sysfs.add(7)
    nodes.mkdir()
    for name in ("event0", "event7"):
        (nodes / name).touch()
    keyboards = Keyboards(sysfs.root, nodes)
    assert exposure([SCANNER], keyboards).nodes == (str(nodes / "event0"),)
    assert exposure([], keyboards).nodes == (str(nodes / "event0"), str(nodes / "event7"))
    (nodes / "event0").unlink()
    assert exposure([SCANNER], keyboards).nodes == ()


def test_the_group_input_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keyboards = Keyboards(tmp_path)
    account = pwd.getpwuid(os.getuid()).pw_name
    members: list[str] = []
    number = 4_000_000
    # a machine without input devices may not have the group
    monkeypatch.setattr(
        grp, "getgrnam", {"input": grp.struct_group(("input", "x", number, members))}.__getitem__
    )
    monkeypatch.setattr(os, "getgroups", lambda: [number])
    assert exposure([], keyboards).in_input_group
    monkeypatch.setattr(os, "getgroups", lambda: [])
    assert not exposure([], keyboards).in_input_group
    # on record since this session began
    members.append(account)
    assert exposure([], keyboards).in_input_group


def test_it_is_said_so_loudly(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        warn_of_exposure(Exposure())
        assert caplog.records == []
        warn_of_exposure(Exposure(in_input_group=True, nodes=("/dev/input/event0",)))
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL] * 2
    assert "'input'" in caplog.text
    assert "/dev/input/event0" in caplog.text


@pytest.mark.parametrize("arguments", [["0c2e:0901:S1"], ["0C2E:0901:S1"]])
def test_the_administrators_command_writes_the_rule(arguments: list[str]) -> None:
    ran = run_command(*arguments)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, udev_rule(SCANNER), "")


@pytest.mark.parametrize("arguments", [[], ["0c2e"], ["0c2e:0901:S*"], ["0c2e:0901", "1-1", "more"]])
def test_asked_for_wrongly_it_writes_none(arguments: list[str]) -> None:
    ran = run_command(*arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr


def run_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = Path(__file__).parents[3] / "installer/scanner_rule.py"
    return subprocess.run([sys.executable, command, *arguments], capture_output=True, text=True, check=False)
