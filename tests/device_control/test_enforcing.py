"""Opening and closing in this process, where the agent's process would take too long."""

from __future__ import annotations

from pathlib import Path

import pytest

from madoguchi.device_control import journal as journal_module
from madoguchi.device_control.enforcing import Enforcement
from madoguchi.device_control.journal import Journal
from madoguchi.device_control.patient import PatientBus
from madoguchi.device_control.policy import parse_rules
from madoguchi.device_control.sysfs import SysfsBus
from tests.device_control.conftest import RULES
from tests.support.usb_tree import UsbTree


def test_a_device_that_comes_and_goes_keeps_no_keyboard_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MOST_RECORDS", 50)
    tree = UsbTree(tmp_path / "root")

    def started() -> tuple[Enforcement, Journal]:
        bus = PatientBus(SysfsBus(tree.root / "sys", tree.root / "proc/sys/kernel/random/boot_id"))
        journal = Journal(tmp_path / "records", "counter-7", bytes(32), lambda: "now")
        return Enforcement(bus, journal, parse_rules(RULES), rescue=False), journal

    enforcement, journal = started()
    for _ in range(60):
        tree.plug()
        enforcement.look("1-1")
        tree.unplug()
        enforcement.look("1-1")
    assert journal.unsent == 40
    tree.plug("03:01:01", id="046d:c31c", port="1-2")
    # also after a restart: who signs in with it has the records sent
    enforcement, journal = started()
    enforcement.look_at_all()
    assert tree.is_usable("1-2")
    assert journal.fault == ""
