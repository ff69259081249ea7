"""What the guest has that no package's file brings: accounts, one service, and how it begins."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

AGENT_PORT: Final = "madoguchi.agent"
"""The name of the virtio port that the guest's agent listens on."""

CLERK: Final = "clerk"
"""The unprivileged account: uid 1000, of no group but its own."""

_MERGED: Final = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_PLACES: Final = (
    "proc",
    "sys",
    "dev",
    "run",
    "tmp",
    "root",
    "home/clerk",
    "mnt",
    "etc",
    "var/lib",
    "var/tmp",
)
_GROUPS: Final = ("input", "kvm", "render", "sgx", "messagebus", "systemd-journal", "systemd-network", CLERK)
# They would cost minutes under emulation on a busy machine, and none of them is about USB.
_LEFT_OUT: Final = (
    *("apt-daily.timer", "dpkg-db-backup.timer", "fstrim.timer", "systemd-tmpfiles-clean.timer"),
    *("systemd-pstore.service", "systemd-random-seed.service", "systemd-update-utmp.service"),
    *("systemd-hwdb-update.service", "systemd-sysusers.service", "systemd-binfmt.service"),
    *("systemd-modules-load.service", "systemd-sysctl.service", "systemd-remount-fs.service"),
    *("systemd-journal-flush.service", "systemd-tmpfiles-setup.service", "systemd-timesyncd.service"),
    *("systemd-tmpfiles-setup-dev.service", "kmod-static-nodes.service", "systemd-networkd.service"),
    *("modprobe@.service", "dev-hugepages.mount", "dev-mqueue.mount", "proc-sys-fs-binfmt_misc.automount"),
    *("sys-kernel-debug.mount", "sys-kernel-tracing.mount", "sys-kernel-config.mount"),
    "sys-fs-fuse-connections.mount",
)

FIRST_INIT: Final = """#!/bin/sh
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module"; done </modules/order
tries=0; while [ ! -b /dev/vda ] && [ $tries -lt 600 ]; do sleep 0.05; tries=$((tries + 1)); done
mount -t squashfs -o ro /dev/vda /below
mount -t tmpfs -o size=60% tmpfs /above; mkdir /above/files /above/work
mount -t overlay -o lowerdir=/below,upperdir=/above/files,workdir=/above/work overlay /root
[ ! -e /added.tar ] || { busybox tar -xf /added.tar -C /root; busybox rm /added.tar; }
mount --move /proc /root/proc; mount --move /sys /root/sys; mount --move /dev /root/dev
exec switch_root /root /sbin/init
"""

_AGENT_UNIT: Final = """[Unit]
Description=Runs what the tests ask for
DefaultDependencies=no
After=systemd-udevd.service local-fs.target
Conflicts=shutdown.target
[Service]
ExecStart=/usr/bin/python3 /opt/guest/agent.py
Restart=always
RestartSec=0.2
"""

# Of what the kernel found before udev ran: a hundred consoles and memory blocks need no rule.
_TRIGGER: Final = """[Service]
ExecStart=
ExecStart=udevadm trigger --prioritized-subsystem=virtio --action=add --type=devices {matches}
"""
_SUBSYSTEMS: Final = ("pci", "virtio", "virtio-ports", "usb", "hid", "input", "block", "scsi")


def make_places(root: Path) -> None:
    """Make the directories that packages are unpacked into."""
    for name in _MERGED:
        (root / "usr" / name).mkdir(parents=True)
        (root / name).symlink_to(f"usr/{name}")
    for name in _PLACES:
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("tmp", "var/tmp"):
        (root / name).chmod(0o1777)


def configure(root: Path) -> None:
    """Write what the packages' scripts would have, as far as a USB test needs it."""
    etc = root / "etc"
    accounts, groups = (
        (root / f"usr/share/base-passwd/{name}.master").read_text() for name in ("passwd", "group")
    )
    accounts = accounts.replace("root:*:", "root::")
    numbers = {name: 990 - number for number, name in enumerate(_GROUPS)} | {CLERK: 1000}
    accounts += f"messagebus:x:{numbers['messagebus']}:{numbers['messagebus']}::/:/usr/sbin/nologin\n"
    accounts += f"{CLERK}:x:1000:1000::/home/{CLERK}:/bin/bash\n"
    groups += "".join(f"{name}:x:{number}:\n" for name, number in numbers.items())
    (etc / "passwd").write_text(accounts)
    (etc / "group").write_text(groups)
    (etc / "hostname").write_text("counter\n")
    # known from the first start: a machine without one would set itself up
    (etc / "machine-id").write_text("6d61646f67756368692d746573747301\n")
    for updated in (etc / ".updated", root / "var/.updated"):
        updated.touch()
    system = etc / "systemd/system"
    wants = system / "sysinit.target.wants"
    wants.mkdir(parents=True, exist_ok=True)
    (system / "guest-agent.service").write_text(_AGENT_UNIT)
    (wants / "guest-agent.service").symlink_to("../guest-agent.service")
    for unit in _LEFT_OUT:
        (system / unit).unlink(missing_ok=True)
        (system / unit).symlink_to("/dev/null")
    trigger = system / "systemd-udev-trigger.service.d"
    trigger.mkdir()
    matches = " ".join(f"--subsystem-match={name}" for name in _SUBSYSTEMS)
    (trigger / "few.conf").write_text(_TRIGGER.format(matches=matches))
    journal = etc / "systemd/journald.conf.d"
    journal.mkdir(parents=True, exist_ok=True)
    (journal / "memory.conf").write_text("[Journal]\nStorage=volatile\n")
    shutil.copytree(Path(__file__).parent / "guest", root / "opt/guest", ignore=lambda *_: ["__pycache__"])
