"""The virtual machine's disk: a small Debian of the packages that the machine's own apt knows.

Nothing is installed, here or there: packages are fetched, checked by apt as always, and unpacked; what their
scripts would have set up, and a USB test needs, is written by `guest_files`. So it takes no root, and none of
the minutes that installing a system takes.

    python -m tests.usb.image       builds it, if it is not there, and says how long that took

It is kept below the user's cache directory (`MADOGUCHI_TEST_CACHE` names another) and made anew when this
recipe, the guest's own files or the machine's QEMU change.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from tests.usb import guest_files

_HERE: Final = Path(__file__).parent
_PACKAGES: Final = (
    *(
        "acl",
        "base-passwd",
        "bash",
        "busybox-static",
        "coreutils",
        "dash",
        "dbus",
        "findutils",
        "grep",
        "libc-bin",
    ),
    *(
        "dosfstools",
        "kmod",
        "libusb-1.0-0",
        "mount",
        "procps",
        "python3",
        "sed",
        "systemd-sysv",
        "udev",
        "util-linux",
    ),
    # instead of usrmerge, which would bring Perl
    "usr-is-merged",
)
_KERNEL: Final = "linux-image-amd64"
# What a USB test needs of the kernel's modules, which are nearly 400 MB in all.
_MODULES: Final = (
    *("drivers/usb", "drivers/hid", "drivers/input/evdev.ko", "drivers/virtio", "drivers/char/hw_random"),
    *("drivers/block/virtio_blk.ko", "drivers/block/loop.ko", "drivers/char/virtio_console.ko"),
    *("drivers/scsi/scsi_mod.ko", "drivers/scsi/scsi_common.ko", "drivers/scsi/sd_mod.ko"),
    *("drivers/scsi/sg.ko", "drivers/scsi/sr_mod.ko", "drivers/cdrom", "block"),
    *("fs/squashfs", "fs/overlayfs", "fs/configfs", "fs/fat", "fs/nls", "fs/exfat", "fs/autofs4", "fs/fuse"),
    *("lib", "crypto"),
)
_FIRST_MODULES: Final = ("virtio_pci", "virtio_blk", "squashfs", "overlay")
_NOT_WANTED: Final = tuple(
    f"./usr/share/{name}/*"
    for name in ("doc", "man", "locale", "info", "lintian", "bash-completion", "zoneinfo")
)
_SQUASH: Final = ("-comp", "lz4", "-all-root", "-noappend", "-no-progress", "-quiet")


class ImageError(Exception):
    """The image could not be built; the message has the failing command's own words."""


@dataclass(frozen=True, slots=True)
class Image:
    """A built image: a directory with what QEMU starts from, and the snapshots made of it."""

    directory: Path

    @property
    def kernel(self) -> Path:
        """Linux, as Debian builds it."""
        return self.directory / "vmlinuz"

    @property
    def first_root(self) -> Path:
        """The initramfs: finds the disk and lays memory over it."""
        return self.directory / "initrd.img"

    @property
    def disk(self) -> Path:
        """The root file system, never written to."""
        return self.directory / "root.squashfs"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time makes what is kept here."""
        with _locked(self.directory / "lock"):
            yield


def ready_image() -> Image:
    """Return the image, built first if it is not there yet. Raises ImageError."""
    kept = (
        Path(os.environ.get("MADOGUCHI_TEST_CACHE") or platformdirs.user_cache_path("madoguchi-tests"))
        / "usb"
    )
    kept.mkdir(parents=True, exist_ok=True)
    directory = kept / _key()
    with _locked(kept / "lock"):
        if not directory.is_dir():
            with tempfile.TemporaryDirectory(prefix="building-", dir=kept) as name:
                _build(Path(name))
                (Path(name) / "image").rename(directory)
    return Image(directory)


def _key() -> str:
    recipe = hashlib.sha256()
    for path in (_HERE / "image.py", _HERE / "guest_files.py", *sorted((_HERE / "guest").glob("*.py"))):
        recipe.update(path.read_bytes())
    recipe.update(_run("qemu-system-x86_64", "--version").encode())
    return recipe.hexdigest()[:16]


def _build(work: Path) -> None:
    root, made, packages = work / "root", work / "image", work / "apt"
    for directory in (root, made, packages / "archives" / "partial"):
        directory.mkdir(parents=True)
    apt = _Apt(packages)
    kernel_package, fetched = apt.fetch()
    guest_files.make_places(root)
    version = kernel_package.removeprefix("linux-image-")
    jobs = [(deb, root, _unpacking(deb, version)) for deb in fetched]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        # the largest first, so that none waits for it at the end
        list(pool.map(lambda job: _unpack(*job), sorted(jobs, key=lambda job: -job[0].stat().st_size)))
    shutil.rmtree(packages)
    shutil.move(root / "boot" / f"vmlinuz-{version}", made / "vmlinuz")
    _run("depmod", "--basedir", str(root), version)
    guest_files.configure(root)
    _make_first_root(root, version, work / "first", made / "initrd.img")
    _run("mksquashfs", str(root), str(made / "root.squashfs"), *_SQUASH)


class _Apt:
    """apt on a system that has nothing yet: a state of its own, the machine's own sources and keys."""

    def __init__(self, state: Path) -> None:
        (state / "status").touch()
        self._archives = state / "archives"
        self._lists = state / "lists"
        settings = {
            "Dir::State::status": state / "status",
            "Dir::Cache": state,
            "Dir::Cache::archives": self._archives,
            "APT::Install-Recommends": "false",
            # the cache directory may be closed to apt's own account
            "APT::Sandbox::User": "",
            "Debug::NoLocking": "true",
            "Acquire::Retries": "3",
        }
        self._settings = [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]

    def fetch(self) -> tuple[str, list[Path]]:
        """Fetch the guest's packages; return the kernel's name and all the files."""
        try:
            kernel = self._fetch()
        except ImageError:
            # The machine's package lists may be absent, or too old to find what they name.
            (self._lists / "partial").mkdir(parents=True)
            self._settings += ["-o", f"Dir::State::lists={self._lists}"]
            self._apt("apt-get", "update")
            kernel = self._fetch()
        return kernel, sorted(self._archives.glob("*.deb"))

    def _fetch(self) -> str:
        told = self._apt("apt-cache", "depends", "--important", _KERNEL)
        found = re.search(r"Depends: (linux-image-\S+)", told)
        if found is None:
            raise ImageError(f"apt knows no kernel as {_KERNEL}: {told}")
        self._apt("apt-get", "install", "--download-only", "--yes", *_PACKAGES)
        # alone: it is started by QEMU, and needs nothing of what would install it
        self._apt("apt-get", "download", found[1])
        return found[1]

    def _apt(self, command: str, *arguments: str) -> str:
        return _run(command, "-qq", *self._settings, *arguments, directory=self._archives)


def _unpacking(package: Path, version: str) -> Sequence[str]:
    """What tar is to take of a package."""
    if not package.name.startswith("linux-image-"):
        return [f"--exclude={pattern}" for pattern in _NOT_WANTED]
    modules = f"./lib/modules/{version}"
    wanted = [f"./boot/vmlinuz-{version}", f"{modules}/modules.*"]
    for name in _MODULES:
        wanted += [f"{modules}/kernel/{name}"] if name.endswith(".ko") else [f"{modules}/kernel/{name}/*"]
    return ["--wildcards", *wanted]


def _unpack(package: Path, root: Path, options: Sequence[str]) -> None:
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as contents:
        # /bin and its like are links into /usr, also where a package still says otherwise
        taken = subprocess.run(
            ["tar", "-x", "-C", root, "--keep-directory-symlink", "--no-same-owner", *options],
            stdin=contents.stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    # a kernel without one of the directories is told by whatever needs it
    missed = [line for line in taken.stderr.splitlines() if "Not found in archive" not in line]
    if contents.returncode or (taken.returncode and not package.name.startswith("linux-image-")):
        raise ImageError(f"{package.name} could not be unpacked: {' '.join(missed)}")


def _make_first_root(root: Path, version: str, first: Path, made: Path) -> None:
    for name in ("bin", "modules", "proc", "sys", "dev", "below", "above", "root"):
        (first / name).mkdir(parents=True)
    shutil.copy2(root / "bin/busybox", first / "bin/busybox")
    for name in ("sh", "mount", "insmod", "mkdir", "sleep", "switch_root"):
        (first / "bin" / name).symlink_to("busybox")
    order: dict[str, None] = {}
    for module in _FIRST_MODULES:
        told = _run("modprobe", "-d", str(root), "-S", version, "--show-depends", module)
        order.update({line.split()[1]: None for line in told.splitlines() if line.startswith("insmod ")})
    for path in order:
        shutil.copy2(path, first / "modules")
    (first / "modules/order").write_text("".join(f"{Path(path).name}\n" for path in order))
    (first / "init").write_text(guest_files.FIRST_INIT)
    (first / "init").chmod(0o755)
    names = "\n".join(str(path.relative_to(first)) for path in sorted(first.rglob("*")))
    with made.open("wb") as target:
        subprocess.run(
            ["cpio", "--create", "--format=newc", "--owner=+0:+0", "--quiet"],
            cwd=first, input=names.encode(), stdout=target, check=True,
        )  # fmt: skip


def _run(*command: str, directory: Path | None = None) -> str:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
    try:
        done = subprocess.run(
            command, cwd=directory, env=environment, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise ImageError(f"{command[0]} is not installed: installer/setup.sh test") from error
    if done.returncode:
        raise ImageError(f"{' '.join(command[:2])} failed: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    began = time.monotonic()
    built = ready_image()
    sizes = ", ".join(
        f"{path.name} {path.stat().st_size >> 20} MB" for path in sorted(built.directory.iterdir())
    )
    sys.stdout.write(f"{built.directory}: {sizes}; {time.monotonic() - began:.1f} s\n")
