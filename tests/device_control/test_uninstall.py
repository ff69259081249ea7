"""The agent taken off a system's root again: what goes, what stays, and what the administrator is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from madoguchi.device_control import install, uninstall
from madoguchi.device_control.places import Places
from tests.device_control.test_install import arguments


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A terminal's, as it is while the agent runs."""
    (tmp_path / "root/etc/default/grub.d").mkdir(parents=True)
    assert install.main([*arguments(tmp_path), "--kernel-parameter"]) == 0
    made = tmp_path / "root"
    places = Places(made)
    wants = made / install.UNITS / "sysinit.target.wants"
    wants.mkdir()
    (wants / install.UNIT).symlink_to(f"/{install.UNITS}/{install.UNIT}")
    places.stick.mkdir(parents=True)
    places.records.mkdir(parents=True)
    for file in (places.socket, places.lease, places.records / "0000000000000001", places.state / "policy"):
        file.write_text("x")
    return made


def files(root: Path) -> list[str]:
    return sorted(str(file.relative_to(root)) for file in root.rglob("*") if not file.is_dir())


def test_key_and_records_stay_and_nothing_else(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = Places(root).key.read_text()
    assert uninstall.main(["--root", str(root)]) == 0
    assert files(root) == [
        "etc/madoguchi-usb/agent.key",
        "var/lib/madoguchi-usb/policy",
        "var/lib/madoguchi-usb/records/0000000000000001",
    ]
    assert not (root / install.UNITS / f"{install.UNIT}.d").exists()
    assert not Places(root).run.exists()
    assert Places(root).key.read_text() == key
    out = capsys.readouterr().out
    assert "`update-grub` and a restart" in out
    assert f"{Places(root).key} is left" in out


def test_installed_after_it_the_terminal_has_its_key_again(root: Path, tmp_path: Path) -> None:
    key = Places(root).key.read_text()
    uninstall.main(["--root", str(root)])
    assert install.main(arguments(tmp_path)) == 0
    assert Places(root).key.read_text() == key
    assert (Places(root).records / "0000000000000001").exists()


def test_with_all_nothing_stays(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert uninstall.main(["--root", str(root), "--all"]) == 0
    assert files(root) == []
    assert not (root / "etc/madoguchi-usb").exists()
    assert not Places(root).state.exists()
    assert "is left" not in capsys.readouterr().out
    # nothing to take off is no failure
    assert uninstall.main(["--root", str(root), "--all"]) == 0


def test_what_others_put_there_stays(root: Path) -> None:
    own = root / install.UNITS / f"{install.UNIT}.d/local.conf"
    own.write_text("[Service]\nLogLevelMax=info\n")
    mounted = Places(root).stick / "a file of a stick"
    mounted.write_text("x")
    assert uninstall.main(["--root", str(root), "--all"]) == 0
    assert files(root) == sorted(str(file.relative_to(root)) for file in (own, mounted))


def test_a_parameter_of_somebody_elses_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / install.GRUB).unlink()
    (root / "proc").mkdir()
    (root / "proc/cmdline").write_text("quiet usbcore.authorized_default=0\n")
    assert uninstall.main(["--root", str(root)]) == 0
    assert "usbcore.authorized_default=0 is on the kernel's command line" in capsys.readouterr().out


def test_what_cannot_be_taken_away_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unit = root / install.UNITS / install.UNIT
    unit.unlink()
    unit.mkdir()
    assert uninstall.main(["--root", str(root)]) == 1
    assert str(unit) in capsys.readouterr().err
    # the parameter went first
    assert not (root / install.GRUB).exists()


def test_what_was_installed_takes_itself_off(root: Path) -> None:
    program = root / install.PROGRAM
    ran = subprocess.run(
        [sys.executable, "-I", str(program), "uninstall", "--root", str(root)],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert not program.exists()
