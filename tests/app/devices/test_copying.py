"""Files go from and to a stick only checked: what is seen under its name is what was looked at."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from madoguchi.app.devices import copying
from madoguchi.app.devices.copying import (
    DEEPEST,
    MOST_BYTES,
    MOST_LISTED,
    Copied,
    Listed,
    Listing,
    clear_left,
    copy,
    listed,
    plain_name,
)
from madoguchi.app.devices.virus_check import CheckVerdict, VirusCheck
from tests.support.usb_tree import until_

LOOKS = "import sys; sys.exit(1 if b'EICAR' in open(sys.argv[1], 'rb').read() else 0)"
CLEAN = b"a list of books"
BAD = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


def scanner(**options: float) -> VirusCheck:
    """A virus scanner that knows one virus, and is a program of its own."""
    return VirusCheck((sys.executable, "-c", LOOKS, "{file}"), **options)


def by(program: str, **options: float) -> VirusCheck:
    return VirusCheck((sys.executable, "-c", program, "{file}"), **options)


class Notes:
    """A record of how many files of how many bytes; of each note, what was seen then in a folder."""

    def __init__(self, target: Path, *, together: int = 1, taken: int = 1000) -> None:
        self.notes: list[tuple[int, int]] = []
        self.seen: list[list[str]] = []
        self._target = target
        self._together, self._taken = together, taken
        self._waiting = 0

    def is_due(self, size: int) -> bool:
        self._waiting += 1
        return self._waiting >= self._together

    def note(self, files: int, size: int) -> bool:
        self._waiting = 0
        self.notes.append((files, size))
        self.seen.append(there(self._target))
        return len(self.notes) <= self._taken


def take(
    stick: Path, folder: Path, *names: str, check: VirusCheck | None = None, notes: Notes | None = None
) -> Copied:
    """Copies from a stick."""
    notes = notes or Notes(folder)
    return copy(stick, names, folder, folder, check or scanner(), threading.Event(), notes)


def write(stick: Path, folder: Path, *names: str, notes: Notes | None = None) -> Copied:
    """Copies to a stick."""
    return copy(folder, names, stick, folder, scanner(), threading.Event(), notes or Notes(stick))


def there(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def seen(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_what_is_clean_has_its_name_and_nothing_else_stays(stick: Path, folder: Path) -> None:
    (stick / "list.csv").write_bytes(CLEAN)
    (stick / "deep" / "er").mkdir(parents=True)
    (stick / "deep" / "er" / "more.csv").write_bytes(CLEAN * 2)
    done = take(stick, folder, "list.csv", "deep/er/more.csv")
    assert done == Copied(CheckVerdict.CLEAN, ("list.csv", "more.csv"), 3 * len(CLEAN))
    assert seen(folder) == {"list.csv": CLEAN, "more.csv": CLEAN * 2}
    assert there(folder) == ["list.csv", "more.csv"]


def test_a_virus_is_never_seen_and_ends_it(stick: Path, folder: Path) -> None:
    for name, content in (("1.csv", CLEAN), ("2.exe", BAD), ("3.csv", CLEAN)):
        (stick / name).write_bytes(content)
    done = take(stick, folder, "1.csv", "2.exe", "3.csv")
    assert (done.verdict, done.names, done.size) == (CheckVerdict.FOUND, ("1.csv",), len(CLEAN))
    assert there(folder) == ["1.csv"]


def fill(folder: Path, count: int) -> list[str]:
    """So many files, the first of one byte, each of one more."""
    names = [f"{number}.csv" for number in range(1, count + 1)]
    for number, name in enumerate(names, 1):
        (folder / name).write_bytes(b"x" * number)
    return names


@pytest.mark.parametrize("way", [take, write])
def test_files_are_noted_together_before_any_of_them_is_seen(
    stick: Path, folder: Path, way: Callable[..., Copied]
) -> None:
    source, target = (stick, folder) if way is take else (folder, stick)
    names = fill(source, 5)
    notes = Notes(target, together=2)
    assert way(stick, folder, *names, notes=notes) == Copied(CheckVerdict.CLEAN, tuple(names), 15)
    assert notes.notes == [(2, 3), (2, 7), (1, 5)]
    # of what is hidden meanwhile nothing has a name
    seen = [[name for name in each if not name.startswith(".")] for each in notes.seen]
    assert seen == [[], names[:2], names[:4]]


@pytest.mark.parametrize("way", [take, write])
def test_what_cannot_be_noted_is_not_seen(stick: Path, folder: Path, way: Callable[..., Copied]) -> None:
    source, target = (stick, folder) if way is take else (folder, stick)
    names = fill(source, 5)
    notes = Notes(target, together=2, taken=1)
    assert way(stick, folder, *names, notes=notes) == Copied(CheckVerdict.CANCELLED, ("1.csv", "2.csv"), 3)
    assert notes.notes == [(2, 3), (2, 7)]
    assert there(target) == ["1.csv", "2.csv"]


@pytest.mark.parametrize("last", ["virus", "unreadable"])
def test_what_was_clean_before_the_one_that_ends_it_is_noted_and_seen(
    stick: Path, folder: Path, last: str
) -> None:
    names = fill(stick, 3)
    if last == "virus":
        (stick / "4.csv").write_bytes(BAD)
    notes = Notes(folder, together=10)
    done = take(stick, folder, *names, "4.csv", notes=notes)
    assert (done.verdict, done.names) == (
        CheckVerdict.FOUND if last == "virus" else CheckVerdict.FAILED, tuple(names),
    )  # fmt: skip
    assert (done.why == "") is (last == "virus")
    assert notes.notes == [(3, 6)]
    assert there(folder) == names


def test_what_cannot_be_written_is_not_noted_again(
    stick: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = fill(folder, 3)
    monkeypatch.setattr(copying, "_rename", _fails_from_the_second())
    notes = Notes(stick, together=3)
    done = write(stick, folder, *names, notes=notes)
    assert done == Copied(CheckVerdict.FAILED, ("1.csv",), 1, os.strerror(errno.EIO))
    assert notes.notes == [(3, 6)]
    assert there(stick) == ["1.csv"]


def _fails_from_the_second() -> Callable[[Path, Path], None]:
    real, renamed = copying._rename, []

    def rename(unfinished: Path, named: Path) -> None:
        if renamed:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        renamed.append(named)
        real(unfinished, named)

    return rename


def test_a_stick_has_room_for_what_waits_too(
    stick: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = fill(folder, 3)
    real = shutil.disk_usage

    def usage(path: Path) -> object:
        # as long as nothing is written there
        return real(path)._replace(free=4) if path == stick else real(path)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    notes = Notes(stick, together=10)
    done = write(stick, folder, *names, notes=notes)
    assert (done.verdict, done.why) == (CheckVerdict.FAILED, os.strerror(errno.ENOSPC))
    assert done.names == ("1.csv", "2.csv")
    assert notes.notes == [(2, 3)]


def test_while_it_is_checked_nobody_finds_it_by_name(stick: Path, folder: Path, tmp_path: Path) -> None:
    (stick / "list.csv").write_bytes(CLEAN)
    begun, told = tmp_path / "begun", tmp_path / "told"
    slow = by(
        "import pathlib, sys, time\n"
        f"pathlib.Path({str(begun)!r}).write_text(sys.argv[1])\n"
        f"while not pathlib.Path({str(told)!r}).exists(): time.sleep(0.01)\n"
    )
    thread = threading.Thread(target=take, args=(stick, folder, "list.csv"), kwargs={"check": slow})
    thread.start()
    while not begun.exists() or not begun.read_text():
        pass
    assert seen(folder) == {}
    hidden = Path(begun.read_text()).parent
    assert hidden.stat().st_mode & 0o777 == 0o700
    assert "list" not in "".join(there(hidden))
    told.write_text("")
    thread.join()
    assert seen(folder) == {"list.csv": CLEAN}


@pytest.mark.parametrize(
    "check",
    [
        VirusCheck(("/no/such/scanner", "{file}")),
        by("import sys; sys.exit(2)"),
        by("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
        by("import time; time.sleep(60)", seconds=0.2),
    ],
    ids=["missing", "error", "killed", "hanging"],
)
def test_a_check_that_says_nothing_lets_nothing_by(stick: Path, folder: Path, check: VirusCheck) -> None:
    (stick / "list.csv").write_bytes(CLEAN)
    assert take(stick, folder, "list.csv", check=check) == Copied(CheckVerdict.FAILED)
    assert there(folder) == []


def test_cancelled_in_the_middle_of_a_check_all_of_it_ends(stick: Path, folder: Path, tmp_path: Path) -> None:
    (stick / "list.csv").write_bytes(CLEAN)
    child = tmp_path / "child"
    # what the command starts ends with it
    hanging = by(
        "import pathlib, subprocess, sys, time\n"
        "made = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(child)!r}).write_text(str(made.pid))\n"
        "time.sleep(60)\n"
    )
    cancelled, done, notes = threading.Event(), [], Notes(folder)
    thread = threading.Thread(
        target=lambda: done.append(copy(stick, ["list.csv"], folder, folder, hanging, cancelled, notes))
    )
    thread.start()
    while not child.exists() or not child.read_text():
        pass
    cancelled.set()
    thread.join()
    assert done == [Copied(CheckVerdict.CANCELLED)]
    assert there(folder) == []
    # a signal is sent at once, and takes its time; nobody else would end it for a minute
    until_(lambda: _gone(int(child.read_text())))


def _gone(pid: int) -> bool:
    try:
        # nobody waits for it but init: what has ended may still stand there as a zombie
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def test_no_shell_reads_a_name(stick: Path, folder: Path, tmp_path: Path) -> None:
    name = "$(touch pwned);`touch pwned` && touch pwned.csv"
    (stick / name).write_bytes(CLEAN)
    before = set(there(Path.cwd()))
    assert take(stick, folder, name).verdict is CheckVerdict.CLEAN
    assert set(there(Path.cwd())) == before
    assert not (tmp_path / "pwned").exists()


def test_what_is_there_is_not_written_over(stick: Path, folder: Path) -> None:
    (stick / "list.csv").write_bytes(CLEAN)
    (folder / "list.csv").write_bytes(b"mine")
    assert take(stick, folder, "list.csv").names == ("list (2).csv",)
    assert seen(folder) == {"list.csv": b"mine", "list (2).csv": CLEAN}


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "link", "inner/outside", "pipe", "inner", ""])
def test_nothing_but_a_file_of_the_stick_is_read(
    stick: Path, folder: Path, tmp_path: Path, path: str
) -> None:
    (tmp_path / "outside").write_bytes(CLEAN)
    (stick / "link").symlink_to(tmp_path / "outside")
    (stick / "inner").symlink_to(tmp_path)
    os.mkfifo(stick / "pipe")
    done = take(stick, folder, path)
    assert (done.verdict, done.names) == (CheckVerdict.FAILED, ())
    assert done.why
    assert there(folder) == []
    assert listed(stick) == Listing((), more=True)


def test_what_a_dead_program_left_is_cleared_and_nothing_else(folder: Path) -> None:
    (folder / "list.csv").write_bytes(CLEAN)
    (folder / ".checking-0a").mkdir()
    (folder / ".checking-0a" / "left").write_bytes(BAD)
    clear_left(folder)
    assert there(folder) == ["list.csv"]
    clear_left(folder / "none")


def test_a_copy_leaves_alone_what_another_one_checks(stick: Path, folder: Path, tmp_path: Path) -> None:
    (stick / "list.csv").write_bytes(CLEAN)
    begun, told = tmp_path / "begun", tmp_path / "told"
    slow = by(
        "import pathlib, sys, time\n"
        f"pathlib.Path({str(begun)!r}).touch()\n"
        f"while not pathlib.Path({str(told)!r}).exists(): time.sleep(0.01)\n"
        "open(sys.argv[1]).read()\n"
    )
    done: list[Copied] = []
    thread = threading.Thread(target=lambda: done.append(take(stick, folder, "list.csv", check=slow)))
    thread.start()
    while not begun.exists():
        pass
    assert take(stick, folder, "list.csv").verdict is CheckVerdict.CLEAN
    told.touch()
    thread.join()
    assert done[0].names == ("list (2).csv",)


class Seen(threading.Event):
    """Is set as soon as something of it can be seen in a folder: somebody leaves just then."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def is_set(self) -> bool:
        return any(path.stat().st_size for path in self._folder.iterdir())


def test_what_is_being_written_to_a_stick_has_no_name_and_ends_with_the_session(
    stick: Path, folder: Path
) -> None:
    size = 3 * 1024 * 1024
    (folder / "out.csv").write_bytes(b"x" * size)
    notes = Notes(stick)
    done = copy(folder, ["out.csv"], stick, folder, scanner(), Seen(stick), notes)
    assert done == Copied(CheckVerdict.CANCELLED)
    # it is noted before anything of it leaves
    assert (notes.notes, notes.seen) == ([(1, size)], [[]])
    assert there(stick) == []


def test_what_was_cut_off_on_a_stick_is_gone_with_the_next_copy(stick: Path, folder: Path) -> None:
    (folder / "out.csv").write_bytes(CLEAN)
    (stick / ".madoguchi-0a").write_bytes(CLEAN[:3])
    (stick / "out.csv").write_bytes(b"theirs")
    done = write(stick, folder, "out.csv")
    assert done == Copied(CheckVerdict.CLEAN, ("out (2).csv",), len(CLEAN))
    assert seen(stick) == {"out.csv": b"theirs", "out (2).csv": CLEAN}


def test_what_is_too_large_is_not_begun(stick: Path, folder: Path) -> None:
    with (stick / "large.img").open("wb") as made:
        made.truncate(MOST_BYTES + 1)
    notes = Notes(folder)
    with pytest.MonkeyPatch.context() as patch:
        # nothing of it is read
        patch.setattr(copying, "_PART", -2)
        done = take(stick, folder, "large.img", check=by("raise SystemExit(0)"), notes=notes)
    assert (done.verdict, done.why) == (CheckVerdict.FAILED, os.strerror(errno.EFBIG))
    assert notes.notes == []


@pytest.mark.parametrize("full", ["stick", "folder"])
def test_where_there_is_no_room_nothing_is_begun(
    stick: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    (folder / "out.csv").write_bytes(CLEAN)
    real = shutil.disk_usage

    def usage(path: Path) -> object:
        is_full = path.is_relative_to(stick if full == "stick" else folder)
        return real(path)._replace(free=len(CLEAN) - 1) if is_full else real(path)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    # nothing of it is read
    monkeypatch.setattr(copying, "_PART", -2)
    done = write(stick, folder, "out.csv")
    assert (done.verdict, done.why) == (CheckVerdict.FAILED, os.strerror(errno.ENOSPC))
    assert there(stick) == []


def test_what_leaves_is_checked_here_and_not_on_the_stick(stick: Path, folder: Path) -> None:
    (folder / "out.csv").write_bytes(CLEAN)
    (folder / "bad.exe").write_bytes(BAD)
    assert write(stick, folder, "out.csv").names == ("out.csv",)
    done = write(stick, folder, "bad.exe")
    assert done.verdict is CheckVerdict.FOUND
    assert there(stick) == ["out.csv"]


def test_the_list_is_bounded(stick: Path) -> None:
    for number in range(MOST_LISTED + 20):
        (stick / f"{number:04}.txt").write_bytes(b"")
    found = listed(stick)
    assert (len(found.files), found.more) == (MOST_LISTED, True)


def test_a_list_that_is_whole_says_so(stick: Path) -> None:
    (stick / "deep").mkdir()
    (stick / "deep" / "1.txt").write_bytes(b"1")
    assert listed(stick) == Listing((Listed("deep/1.txt", 1),))


@pytest.mark.parametrize("left_out", [".hidden", "1/2/3/4/deep.txt", "locked/1.txt"])
def test_what_the_list_leaves_out_is_said(stick: Path, left_out: str) -> None:
    (stick / "1.txt").write_bytes(b"1")
    (stick / left_out).parent.mkdir(parents=True, exist_ok=True)
    (stick / left_out).write_bytes(b"2")
    if left_out.startswith("locked"):
        # by whoever may read everything too: what is no folder any more when it is looked into
        (stick / left_out).unlink()
        (stick / "locked").rmdir()
        (stick / "locked").symlink_to("/no/such/folder")
    assert listed(stick) == Listing((Listed("1.txt", 1),), more=True)


def test_one_entry_that_cannot_be_read_hides_no_other(stick: Path) -> None:
    for name in ("1.txt", "2.txt", "3.txt"):
        (stick / name).write_bytes(b"1")
    real = os.scandir

    class Broken:
        """What the kernel answers of a directory entry on a worn stick."""

        def __init__(self, entry: os.DirEntry[str]) -> None:
            self.name, self.path = entry.name, entry.path
            self.is_file, self.is_dir = entry.is_file, entry.is_dir

        def stat(self, *, follow_symlinks: bool) -> os.stat_result:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    @contextmanager
    def worn(folder: Path) -> Iterator[list[object]]:
        with real(folder) as entries:
            yield [Broken(each) if each.name == "1.txt" else each for each in entries]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", worn)
        found = listed(stick)
    assert found == Listing((Listed("2.txt", 1), Listed("3.txt", 1)), more=True)


def test_folders_are_looked_into_only_so_deep(stick: Path) -> None:
    deep = stick
    for _ in range(DEEPEST + 1):
        (deep / "f").write_bytes(b"12")
        deep /= "d"
        deep.mkdir()
    assert [each.path_untrusted for each in listed(stick).files] == [
        "d/" * depth + "f" for depth in (3, 2, 1, 0)
    ]
    assert {each.size for each in listed(stick).files} == {2}


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("deep/名簿.csv", "名簿.csv"),
        ("\u202egpj.exe", "_gpj.exe"),
        ("a\nb\x00c\udcff.txt", "a_b_c_.txt"),
        (".bashrc", "bashrc"),
        (" .bashrc", "bashrc"),
        (". . .bashrc. ", "bashrc"),
        ("...", "_"),
        ("x" * 400 + ".csv", "x" * 146 + ".csv"),
        ("あ" * 200, "あ" * 49),
        ('a:b*c?"<>|\\d', "a_b_c______d"),
    ],
)
def test_a_name_from_outside_is_made_plain(given: str, plain: str) -> None:
    assert plain_name(given) == plain
