"""A virtual machine with a real xHCI controller, in which USB devices are plugged in and out.

    with VirtualMachine(ready_image()) as machine:
        machine.put({Path("madoguchi"): "/opt/code/madoguchi"})
        told = machine.run("python3", "-c", "import usb.core", account="clerk")

QEMU emulates it in software: no KVM is needed, and no root. It has no network. The first start on a machine
boots, and keeps a snapshot beside the image; every later one goes on from there, within a second. What the
guest writes is in its memory and gone with it.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import shutil
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.usb.channel import ANSWER_SECONDS, Channel, GuestError, GuestProgram, MachineError, Ran
from tests.usb.guest_files import AGENT_PORT
from tests.usb.image import Image
from tests.usb.monitor import Monitor, MonitorError

_BOOT_SECONDS = 600.0
_POLL_SECONDS = 0.02
_MEMORY_MB = 512
# Before the snapshot: every device settled, and Python's own files compiled, so that no test waits for it.
_WARM_UP = (
    "udevadm settle; ldconfig; "
    'python3 -c "import argparse, ctypes.util, dataclasses, fcntl, grp, json, logging, pwd, queue, typing"; '
    "true"
)


class VirtualMachine:
    """One running guest, started by the constructor.

    `kernel_arguments` are added to the kernel's command line (each set has a snapshot of its own). With
    `fresh` it boots in any case, for what must be seen from the beginning: with the files that `added` packed
    (`packed`), and with what `before` plugged in while nothing ran yet. `close()` (or leaving the `with`
    block) ends it; so does the end of this process. Raises MachineError, ImageError.
    """

    def __init__(
        self,
        image: Image,
        *,
        kernel_arguments: str = "",
        fresh: bool = False,
        added: bytes = b"",
        before: Callable[[VirtualMachine], None] | None = None,
    ) -> None:
        self._image = image
        self._kernel_arguments = kernel_arguments
        self._directory = Path(tempfile.mkdtemp(prefix="madoguchi-usb-"))
        self._before = before
        # of what is plugged in: how QEMU takes its other half away
        self._halves: dict[str, tuple[str, dict[str, str]]] = {}
        self._first_root = image.first_root
        if added:
            self._first_root = self._directory / "initrd.img"
            self._first_root.write_bytes(image.first_root.read_bytes() + _archive(added, self._directory))
        self._qemu: subprocess.Popen[bytes] | None = None
        self._asks: Monitor | None = None
        self._agent: Channel | None = None
        began = time.monotonic()
        try:
            if fresh:
                self._start(None)
            else:
                self._start(self._snapshot())
        except BaseException:
            self.close()
            raise
        self.start_seconds = time.monotonic() - began

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- programs and files --------------------------------------------------------------------------

    def start(
        self, *arguments: str, account: str = "root", directory: str = "/", listens: bool = False
    ) -> GuestProgram:
        """Start a program in the guest, as `account`; with `listens` it can be spoken to (`say`)."""
        answers, number = self._channel.ask(
            "start", {"arguments": arguments, "account": account, "directory": directory, "listens": listens}
        )
        return GuestProgram(self._channel, answers, number)

    def run(self, *arguments: str, account: str = "root", seconds: float = ANSWER_SECONDS) -> Ran:
        """Run a program in the guest to its end, for at most `seconds`; any status is taken."""
        return self.start(*arguments, account=account).wait(seconds)

    def sh(self, script: str, account: str = "root", seconds: float = ANSWER_SECONDS) -> str:
        """Run a shell script; return what it wrote. Raises GuestError if its status is not 0."""
        ran = self.run("bash", "-c", script, account=account, seconds=seconds)
        if ran.status:
            raise GuestError(f"{script!r} ended with {ran.status}: {ran.stdout}{ran.stderr}")
        return ran.stdout

    def put(self, files: Mapping[Path, str]) -> None:
        """Copy files and directories into the guest: from where they lie here, to which path there."""
        self._channel.answer("put", {"directory": "/"}, packed(files))

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file in the guest."""
        self._channel.answer("put", {"directory": "/"}, packed({}, {path: content}))

    # -- devices ----------------------------------------------------------------------------------------

    def gadget(self, act: str, **arguments: Any) -> Any:
        """`up`, `down`, `send` or `read` of `tests.usb.guest.gadget`, done in the guest."""
        return self._channel.answer(f"gadget_{act}", arguments)

    def plug(
        self, kind: str, name: str, *, disk: bytes = b"", bus: str = "xhci.0", **properties: Any
    ) -> None:
        """Plug in a device that QEMU emulates: `kbd`, `mouse`, `tablet`, `hub`, `serial`, `mtp`, `storage`.

        A storage's medium is `disk`, or eight empty megabytes. `name` unplugs it; `properties` are QEMU's own
        (`serial`, `port`); `bus` is another controller's (`plug_controller`).
        """
        if kind == "storage":
            medium = self._directory / f"{name}.disk"
            medium.write_bytes(disk or bytes(8 << 20))
            self._monitor.ask("blockdev-add", {
                "driver": "raw", "node-name": f"disk-{name}",
                "file": {"driver": "file", "filename": str(medium)},
            })  # fmt: skip
            self._halves[name] = ("blockdev-del", {"node-name": f"disk-{name}"})
            properties |= {"drive": f"disk-{name}", "removable": True}
        elif kind == "mtp":
            shown = self._directory / f"{name}.files"
            shown.mkdir(exist_ok=True)
            (shown / "photo.jpg").write_bytes(b"a file to be taken")
            properties |= {"rootdir": str(shown)}
        elif kind == "serial":
            self._monitor.ask("chardev-add", {"id": f"line-{name}", "backend": {"type": "null", "data": {}}})
            self._halves[name] = ("chardev-remove", {"id": f"line-{name}"})
            properties |= {"chardev": f"line-{name}", "always-plugged": True}
        self._monitor.ask("device_add", {"driver": f"usb-{kind}", "id": name, "bus": bus, **properties})

    def plug_controller(self, name: str) -> str:
        """Add a USB controller to the running machine (once); return its `bus`, for `plug`."""
        self._monitor.ask("device_add", {"driver": "qemu-xhci", "id": name, "bus": "later"})
        return f"{name}.0"

    def unplug(self, name: str) -> None:
        """Unplug what `plug` named so, and take its medium away with it."""
        self._monitor.ask("device_del", {"id": name})
        self._pull(name)

    def medium(self, name: str) -> bytes:
        """What is on the disk of a storage now, plugged in or not."""
        return (self._directory / f"{name}.disk").read_bytes()

    def close(self) -> None:
        """End the machine. Does nothing a second time."""
        if self._qemu is not None:
            with contextlib.suppress(OSError, MachineError, MonitorError):
                self._monitor.ask("quit")
            try:
                self._qemu.wait(5)
            except subprocess.TimeoutExpired:
                self._qemu.kill()
                self._qemu.wait()
            self._qemu = None
        if self._asks is not None:
            self._asks.close()
            self._asks = None
        if self._agent is not None:
            self._agent.close()
            self._agent = None
        shutil.rmtree(self._directory, ignore_errors=True)

    def _pull(self, name: str) -> None:
        """QEMU lets a medium go a moment after its device."""
        half = self._halves.pop(name, None)
        end = time.monotonic() + ANSWER_SECONDS
        while half is not None:
            try:
                self._monitor.ask(*half)
            except MonitorError:
                if time.monotonic() > end:
                    raise
                time.sleep(_POLL_SECONDS)
            else:
                return

    # -- how it comes up ------------------------------------------------------------------------------

    @property
    def _monitor(self) -> Monitor:
        if self._asks is None:
            raise MachineError("the machine has ended")
        return self._asks

    @property
    def _channel(self) -> Channel:
        if self._agent is None:
            raise MachineError("the machine has ended")
        return self._agent

    def _snapshot(self) -> Path:
        # of the machine as it is made, too: memory that is put into another one does not run
        made_of = "\n".join(self._command(None)).replace(str(self._directory), "")
        name = hashlib.sha256(made_of.encode()).hexdigest()[:12]
        kept = self._image.directory / f"snapshot-{name}"
        with self._image.locked():
            if not kept.exists():
                with VirtualMachine(
                    self._image, kernel_arguments=self._kernel_arguments, fresh=True
                ) as first:
                    first.run("bash", "-c", _WARM_UP, seconds=_BOOT_SECONDS)
                    first._save(kept)
        return kept

    def _save(self, target: Path) -> None:
        """Keep what is in the guest's memory: the disk is never written to, so that is all of it."""
        unfinished = target.with_suffix(".unfinished")
        self._monitor.ask("stop")
        self._monitor.ask("migrate-set-parameters", {"max-bandwidth": 1 << 33})
        self._monitor.ask("migrate", {"uri": f"exec:cat >'{unfinished}'"})
        while (state := self._monitor.ask("query-migrate").get("status")) != "completed":
            if state in {"failed", "cancelled"}:
                raise MachineError("the snapshot could not be written")
            time.sleep(_POLL_SECONDS)
        unfinished.rename(target)

    def _start(self, snapshot: Path | None) -> None:
        log = self._directory / "qemu.log"
        with log.open("wb") as written:
            self._qemu = subprocess.Popen(
                # it ends with us, however we end
                ["setpriv", "--pdeathsig", "KILL", *self._command(snapshot)],
                stdin=subprocess.DEVNULL, stdout=written, stderr=written,
            )  # fmt: skip
        self._asks = Monitor(self._connect("monitor"))
        self._agent = Channel(self._connect("agent"))
        end = time.monotonic() + _BOOT_SECONDS
        if self._before is not None:
            self._before(self)
            self._monitor.ask("cont")
        if snapshot is not None:
            while self._monitor.ask("query-status")["status"] == "inmigrate":
                time.sleep(_POLL_SECONDS)
            self._monitor.ask("cont")
            self._agent.answer("clock", {"seconds": time.time()})
            return
        while not self._agent.is_up.wait(0.2):
            if self._qemu.poll() is not None or time.monotonic() > end:
                raise MachineError(f"the guest did not come up: {self._said()}")

    def _connect(self, name: str) -> socket.socket:
        end = time.monotonic() + ANSWER_SECONDS
        while True:
            channel = socket.socket(socket.AF_UNIX)
            try:
                channel.connect(str(self._directory / name))
            except OSError as error:
                channel.close()
                if self._qemu is None or self._qemu.poll() is not None or time.monotonic() > end:
                    raise MachineError(f"QEMU did not start: {self._said()}") from error
                time.sleep(_POLL_SECONDS)
            else:
                return channel

    def _said(self) -> str:
        files = (self._directory / name for name in ("qemu.log", "console.log"))
        return "\n".join(path.read_text(errors="replace")[-2000:] for path in files if path.exists())

    def _command(self, snapshot: Path | None) -> Sequence[str]:
        here, image = self._directory, self._image
        line = (
            "console=ttyS0 quiet loglevel=4 mitigations=off nokaslr panic=-1 8250.nr_uarts=1 "
            # no log-in and no bus: whoever needs one starts it
            "systemd.show_status=0 systemd.unit=basic.target"
        )
        command = [
            *("qemu-system-x86_64", "-machine", "q35", "-accel", "tcg", "-cpu", "qemu64", "-smp", "1"),
            *("-m", str(_MEMORY_MB), "-nodefaults", "-no-reboot", "-display", "none", "-nic", "none"),
            *("-kernel", str(image.kernel), "-initrd", str(self._first_root)),
            *("-append", f"{line} {self._kernel_arguments}".strip()),
            *("-drive", f"file={image.disk},format=raw,if=virtio,readonly=on"),
            *("-serial", f"file:{here}/console.log"),
            *("-chardev", f"socket,id=monitor,path={here}/monitor,server=on,wait=off"),
            *("-mon", "chardev=monitor,mode=control", "-device", "virtio-serial-pci"),
            *("-chardev", f"socket,id=agent,path={here}/agent,server=on,wait=off"),
            *("-device", f"virtserialport,chardev=agent,name={AGENT_PORT}"),
            *("-device", "virtio-rng-pci", "-device", "qemu-xhci,id=xhci,p2=8,p3=8"),
            # a place for a controller that comes while the machine runs
            *("-device", "pcie-root-port,id=later,chassis=1,slot=1"),
        ]
        if self._before is not None:
            command.append("-S")
        return command if snapshot is None else [*command, "-incoming", f"exec:cat '{snapshot}'"]


def packed(files: Mapping[Path, str], written: Mapping[str, str | bytes] | None = None) -> bytes:
    """A tar of files and directories (from where, to which path there), and of what is written out."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for source, target in files.items():
            archive.add(source, target.lstrip("/"), filter=_without_compiled)
        for path, content in (written or {}).items():
            data = content.encode() if isinstance(content, str) else content
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size = len(data)
            entry.mode = 0o644
            archive.addfile(entry, io.BytesIO(data))
    return made.getvalue()


def _archive(added: bytes, directory: Path) -> bytes:
    """A second archive for the initramfs: the kernel unpacks it after the first, `guest_files` its tar."""
    (directory / "added.tar").write_bytes(added)
    made = subprocess.run(
        ["cpio", "--create", "--format=newc", "--owner=+0:+0", "--quiet"],
        cwd=directory, input=b"added.tar\n", stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    (directory / "added.tar").unlink()
    return made.stdout


def _without_compiled(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return None if "__pycache__" in entry.name else entry
