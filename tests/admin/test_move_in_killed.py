"""``move-in`` killed with SIGKILL, anywhere, and started again as if it had not been; no half of a switch."""

from __future__ import annotations

import itertools
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from madoguchi.app.movein.columns import File
from tests.support.move_in import MAPS, Files, Place

LIBRARY = ("title", "title_creator", "item", "patron", "card", "patron_note", "loan", "title_search")
STAGED = ("title", "title_creator", "item", "patron", "lost_card", "loan", "problem", "refused", "file")


def in_a_process(place: Place, die_at: int | None, step: str, *arguments: str) -> int:
    """Starts a step in a process of its own, which kills itself before it sends the so-manieth statement."""
    child = os.fork()
    if child:
        return child
    try:
        if die_at is not None:
            _die_at(die_at)
        status, _ = place.command(step, *arguments)
        os._exit(status)
    except BaseException:  # noqa: BLE001 - a copy of the test's process must not go on with its tests
        os._exit(70)


def _die_at(last: int) -> None:
    numbers = itertools.count(1)

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def count(*_anything: Any) -> None:
        if next(numbers) >= last:
            os.kill(os.getpid(), signal.SIGKILL)


def ended(place: Place, child: int) -> int:
    """Waits for such a process: its exit status, or the signal that ended it, negative."""
    _, how = os.waitpid(child, 0)
    settle(place)
    return os.waitstatus_to_exitcode(how)


def killed(place: Place, statement: int, step: str, *arguments: str) -> int:
    """Runs a step until it kills itself before that statement; its exit status."""
    status = ended(place, in_a_process(place, statement, step, *arguments))
    assert status in (0, -signal.SIGKILL)
    return status


def settle(place: Place) -> None:
    """Waits until the server has seen that nobody is there any more."""
    if place.debian is None:
        return
    place.engine.dispose()
    others = (
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + 20
    while place.sql(others) != [(0,)]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def faulty() -> Files:
    """Rows of which some are refused, some by others."""
    files = Files.of(24)
    for at in (13, 20):
        files.rows[File.TITLES][at]["title"] = ""
        files.rows[File.PATRONS][at]["birth_date"] = "S64.2.1"
        files.rows[File.ITEMS][at]["item_number"] = files.rows[File.ITEMS][0]["item_number"]
    files.rows[File.PATRONS][2]["kana"] = "見本"
    return files


def staged(place: Place) -> dict[str, list[tuple[str, ...]]]:
    """Everything that is staged."""
    return {
        table: sorted(tuple(map(str, row)) for row in place.sql(f"select * from {place.staged(table)}"))
        for table in STAGED
    }


def test_staging_killed_anywhere_goes_on_where_it_was(place: Place, tmp_path: Path) -> None:
    folder = str(faulty().write(tmp_path / "old", "cp932"))
    place.done("stage", folder, *MAPS, "--batch", "5")
    whole, report = staged(place), place.told()
    place.done("forget")
    drawn = random.Random(7)
    came_to = []
    # before anything is there, while rows are read, and while they are compared
    for statement in (12, *(drawn.randrange(40, 70) for _ in range(5)), 90):
        # the map that the first run was told holds for the others
        maps = () if place.exists("file") else MAPS
        assert killed(place, statement, "stage", folder, *maps, "--batch", "5") == -signal.SIGKILL
        if place.exists("file"):
            came_to.append(place.sql(f"select sum(read) from {place.staged('file')}")[0][0])
            # whatever was taken is counted, and nothing is half taken
            for file, table in zip(File, ("title", "item", "patron", "loan"), strict=True):
                good = f"select count(*) from {place.staged(table)}"
                refused = (
                    f"select count(distinct at_row) from {place.staged('problem')}"
                    f" where file = '{file.value}' and not notice"
                )
                state = f"from {place.staged('file')} where name = '{file.value}'"
                assert place.sql(f"select read - ({good}) - ({refused}) {state}") == [(0,)]
    assert len(came_to) >= 3
    assert came_to == sorted(came_to)
    assert came_to[0] < came_to[-1]
    place.done("stage", folder)
    assert staged(place) == whole
    place.done("check")
    assert place.told() == report


def test_a_switch_that_is_killed_leaves_the_library_as_it_was(place: Place, tmp_path: Path) -> None:
    place.sql_do("insert into title (title) values ('前からある本')")
    before = {table: place.sql(f"select * from {table}") for table in LIBRARY}
    place.done("stage", str(faulty().write(tmp_path / "old")), *MAPS)
    whole = staged(place)
    drawn = random.Random(11)
    for statement in sorted(drawn.sample(range(25, 62), 4)):
        assert killed(place, statement, "switch") == -signal.SIGKILL
        assert {table: place.sql(f"select * from {table}") for table in LIBRARY} == before
        assert staged(place) == whole
    lines = place.done("switch")
    assert lines[0].startswith("in the library, as many as were staged: title 22, ")
    assert place.count("title") == 23
    assert place.count("title_search") == 23
    triggers = "select count(*) from pg_trigger where not tgisinternal and tgenabled <> 'O'"
    if place.debian is not None:
        assert place.sql(triggers) == [(0,)]


def test_a_kill_in_the_middle_of_a_long_row_of_batches(place: Place, tmp_path: Path) -> None:
    """From outside, at a moment that nobody chose."""
    folder = str(Files.of(1500).write(tmp_path / "old"))
    child = in_a_process(place, None, "stage", folder, *MAPS, "--batch", "20")
    deadline = time.monotonic() + 60
    while not place.exists("file") or place.sql(f"select sum(read) from {place.staged('file')}")[0][0] < 200:
        assert time.monotonic() < deadline
    os.kill(child, signal.SIGKILL)
    assert ended(place, child) == -signal.SIGKILL
    came_to = place.sql(f"select sum(read) from {place.staged('file')}")[0][0]
    assert 200 <= came_to < 5250
    lines = place.done("stage", folder)
    assert sum(read for read, _, _ in place.counted(lines).values()) == 5250
    assert place.told() == []
    place.done("switch")
    assert place.count("loan") == 750
