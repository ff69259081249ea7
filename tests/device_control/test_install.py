"""The agent put into a system's root, started from there, and asked by the administrator's command."""

from __future__ import annotations

import os
import pwd
import secrets
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from madoguchi.device_control import commands, install, lockdown
from madoguchi.device_control.floor import read_floor
from madoguchi.device_control.journal import Journal
from madoguchi.device_control.places import Places, read_settings
from madoguchi.device_control.signed import new_key, public_text
from tests.device_control.conftest import RULES
from tests.support.usb_tree import GROUP, TERMINAL, AgentOnTree, UsbTree

ACCOUNT = pwd.getpwuid(os.getuid()).pw_name


def arguments(folder: Path, **changed: str) -> list[str]:
    public = folder / "policy.pub"
    public.write_text(public_text(new_key().public_key()))
    key = folder / "first.key"
    key.write_text(secrets.token_hex(32))
    first = {} if Places(folder / "root").key.exists() else {"key": str(key)}
    said = {
        "terminal": TERMINAL,
        "group": GROUP,
        "account": ACCOUNT,
        "policy-key": str(public),
        "python": sys.executable,
        "root": str(folder / "root"),
        **first,
        **changed,
    }
    return [word for name, value in said.items() for word in (f"--{name}", value)]


def test_it_is_whole_and_only_roots_to_write(tmp_path: Path) -> None:
    assert install.main([*arguments(tmp_path), "--kernel-parameter"]) == 0
    root = tmp_path / "root"
    settings = read_settings(Places(root))
    assert (settings.group, settings.terminal, settings.window_account) == (GROUP, TERMINAL, ACCOUNT)
    assert len(settings.key) == 32
    assert stat.S_IMODE(Places(root).key.stat().st_mode) == 0o600
    for file in (root / install.PROGRAM).rglob("*"):
        assert not stat.S_IMODE(file.stat().st_mode) & 0o022, file
    assert (root / "etc/default/grub.d/madoguchi-usb.cfg").read_text().count(
        "usbcore.authorized_default=0"
    ) == 1
    unit = (root / "etc/systemd/system/madoguchi-usb.service").read_text()
    assert f"ExecStart={sys.executable} -I /usr/lib/madoguchi-usb agent" in unit
    # no desktop, and no program of the clerk's account by udisks, mounts a lent stick beside the agent
    udev = (root / "etc/udev/rules.d/90-madoguchi-usb.rules").read_text()
    assert udev.splitlines()[-1].startswith('SUBSYSTEM=="block", SUBSYSTEMS=="usb", ENV{UDISKS_IGNORE}="1"')
    assert 'ENV{UDISKS_SYSTEM}="1"' in udev
    command = root / "usr/local/sbin/madoguchi-usb"
    assert os.access(command, os.X_OK)
    assert "-I /usr/lib/madoguchi-usb" in command.read_text()
    group = pwd.getpwnam(ACCOUNT).pw_gid
    added = root / "etc/systemd/system/madoguchi-usb.service.d/window.conf"
    assert f"SupplementaryGroups={group}\n" in added.read_text()


def test_what_was_installed_runs_by_itself(tmp_path: Path) -> None:
    install.main(arguments(tmp_path))
    place = tmp_path / "root" / install.PROGRAM
    # no path of ours, no variable: what it imports is beside it, and nothing that only a policy needs
    line = (
        f"import sys; sys.path.insert(0, {str(place)!r}); import madoguchi.device_control.agent as agent;"
        "names = {name.partition('.')[0] for name in sys.modules};"
        "assert not names & {'cryptography', 'PySide6', 'sqlalchemy'}, names;"
        "print(agent.__file__)"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-c", line], check=True, capture_output=True, text=True, cwd="/"
    )
    assert ran.stdout.strip().startswith(str(place))
    lockdown = place / "madoguchi/device_control/lockdown.py"
    for rest in ([], ["--lease", "0" * 32]):
        subprocess.run([sys.executable, "-I", "-S", str(lockdown), *rest], check=True, cwd="/")
    usage = subprocess.run(
        [sys.executable, "-I", str(place), "none"], check=False, capture_output=True, cwd="/"
    )
    assert usage.returncode == 2
    assert b"madoguchi-usb status" in usage.stderr


def test_installed_again_it_keeps_its_key(tmp_path: Path) -> None:
    install.main(arguments(tmp_path))
    key = Places(tmp_path / "root").key.read_text()
    (tmp_path / "root" / install.PROGRAM / "madoguchi/device_control/old.py").touch()
    assert install.main(arguments(tmp_path)) == 0
    assert Places(tmp_path / "root").key.read_text() == key
    assert not (tmp_path / "root" / install.PROGRAM / "madoguchi/device_control/old.py").exists()
    other = tmp_path / "agent.key"
    other.write_text("ab" * 32)
    assert install.main(arguments(tmp_path, key=str(other))) == 0
    assert read_settings(Places(tmp_path / "root")).key == bytes.fromhex("ab" * 32)


def test_without_a_key_of_the_servers_nothing_is_installed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without = arguments(tmp_path)
    at = without.index("--key")
    del without[at : at + 2]
    assert install.main(without) == 1
    assert "usb-agent-key" in capsys.readouterr().err
    assert not (tmp_path / "root").exists()


def test_with_another_key_the_records_of_before_are_set_aside(tmp_path: Path) -> None:
    install.main(arguments(tmp_path))
    places = Places(tmp_path / "root")

    def journal() -> Journal:
        return Journal(places.records, TERMINAL, read_settings(places).key, lambda: "now")

    journal().append("started", {})
    # the same key: they stay
    assert install.main(arguments(tmp_path)) == 0
    assert journal().unsent == 1
    for place, key in enumerate(("ab", "cd"), 1):
        file = tmp_path / f"{key}.key"
        file.write_text(key * 32)
        assert install.main(arguments(tmp_path, key=str(file))) == 0
        again = journal()
        assert (again.fault, again.unsent) == ("", 0)
        again.append("started", {})
        assert [record.seq for record in again.after(0)] == [1]
        assert len(list((places.state / f"records.{place}").glob("[0-9]*"))) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"group": "Counters"}, "a group is"),
        ({"terminal": "a\nb"}, "terminal"),
        ({"terminal": 'a"b'}, "cannot be written"),
        ({"python": "/bin/false"}, "python3-cryptography"),
    ],
)
def test_what_is_not_right_installs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, str], said: str
) -> None:
    assert install.main(arguments(tmp_path, **changed)) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "root").exists()


def test_the_lockdown_closes_what_can_hold_files_and_nothing_else(tmp_path: Path) -> None:
    tree = UsbTree(tmp_path / "root")
    (tree.devices / "usb1/authorized_default").write_text("1\n")
    closed = {"1-1": "08:06:50", "1-2": "03:01:01,08:06:62"}
    stays = {"1-3": "03:01:01", "1-4": "07:01:02"}
    for port, interfaces in (closed | stays).items():
        tree.plug(interfaces, port=port, is_open=True)
    tree.plug(raw=b"\x12\x01\x00", port="1-5", is_open=True)
    program = Path(lockdown.__file__)
    line = f"import runpy; runpy.run_path({str(program)!r})['lock_down']({str(tree.root)!r})"
    subprocess.run([sys.executable, "-I", "-S", "-c", line], check=True, cwd="/")
    assert [port for port in (*closed, *stays, "1-5") if tree.is_usable(port)] == list(stays)
    assert (tree.devices / "usb1/authorized_default").read_text().strip() == "0"


def test_the_lockdown_waits_for_none_that_the_kernel_is_slow_with(tmp_path: Path) -> None:
    tree = UsbTree(tmp_path / "root")
    slow = [tree.plug(port="1-1", is_open=True), tree.plug(port="1-9", is_open=True)]
    others = [tree.plug(port=f"1-{number}", is_open=True) for number in range(2, 9)]
    for port in slow:
        # whoever opens it waits, as for the kernel, until somebody is at its other end
        (tree.devices / port / "authorized").unlink()
        os.mkfifo(tree.devices / port / "authorized")
    program = Path(lockdown.__file__)
    line = f"import runpy, sys; sys.exit(runpy.run_path({str(program)!r})['lock_down']({str(tree.root)!r}))"
    # no: some of them are not closed
    assert subprocess.run([sys.executable, "-I", "-S", "-c", line], check=False, cwd="/").returncode == 0
    assert [port for port in others if tree.is_usable(port)] == []
    for port in slow:
        (tree.devices / port / "authorized").write_text("0\n")


def test_the_lockdown_needs_no_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = UsbTree(tmp_path / "root")
    ports = [tree.plug(port=f"1-{number}", is_open=True) for number in range(1, 4)]

    def none() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", none)
    assert lockdown.lock_down(str(tree.root))
    assert [port for port in ports if tree.is_usable(port)] == []


def test_the_administrator_asks(
    tree: AgentOnTree, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tree.plug(serial="A1", name="stick'")
    tree.until(lambda: "blocked" in [record["what"] for record in tree.records()])
    assert commands.check(tree.places) == 0
    assert capsys.readouterr().out.endswith("protected\n")
    assert commands.status(tree.places) == 0
    out = capsys.readouterr().out
    assert f"{TERMINAL} ({GROUP}): protected, policy 1" in out
    assert "blocked  1-1      0951:1666 08:06:50 \"stick'\" 'A1' (no_rule)" in out
    file = tmp_path / "policy"
    file.write_text(tree.sign_policy(RULES + 'allow id 0951:1666 interfaces 08:06:50 as "s" because "t"\n'))
    assert commands.policy(str(file), tree.places) == 0
    assert capsys.readouterr().out == "in force: version 2\n"
    assert tree.is_usable()
    file.write_text(tree.sign_policy(RULES, version=1))
    assert commands.policy(str(file), tree.places) == 1
    assert capsys.readouterr().out == "refused: older\n"
    (tree.root / "proc/cmdline").write_text("quiet\n")
    tree.stop()
    assert commands.check(tree.places) == 1
    assert commands.status(tree.places) == 1
    assert "does not answer" in capsys.readouterr().out
    assert not read_floor(tree.root / "proc", tree.root / "sys").closed


def test_a_stick_is_watched_being_refused(tree: AgentOnTree) -> None:
    line = (
        "from pathlib import Path; from madoguchi.device_control import commands, places;"
        f"commands.watch(places.Places(Path({str(tree.root)!r})))"
    )
    with subprocess.Popen([sys.executable, "-c", line], stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        assert "protected" in watching.stdout.readline()
        tree.plug(serial="A1")
        lines = []
        while not any(line.startswith("blocked") for line in lines):
            lines.append(watching.stdout.readline())
            assert lines[-1]
        tree.unplug()
        while not lines[-1].startswith("gone"):
            lines.append(watching.stdout.readline())
            assert lines[-1]
        tree.kill()
        assert "the agent is gone" in watching.stdout.read()
        assert watching.wait(20) == 0
