"""``synth``: a library to measure with, on a server and in a file; what is refused, what a kill leaves."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.app.clock import LibraryClock
from madoguchi.app.server import schema
from madoguchi.app.training.house import fill_rules
from tests.support.debian_cluster import DebianCluster

ROOT = Path(__file__).parents[2]
NAME = "synth_small"


@pytest.fixture
def name(debian: DebianCluster) -> Iterator[str]:
    """The name of a database that is not there, and is gone after the test."""
    yield NAME
    debian.psql(f"drop database if exists {NAME} with (force)", database="postgres")


def started(debian: DebianCluster, *arguments: str) -> subprocess.Popen[str]:
    """The command in a process of its own, which says on its stderr how far it is."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "madoguchi.server_main",
            "--home",
            str(debian.home.folder),
            "synth",
            *arguments,
        ],
        env={**debian.environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def killed_when(said: str, process: subprocess.Popen[str]) -> None:
    """Kills it once it has said that a part is done."""
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(said):
            break
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def test_a_database_of_the_server_is_made_once_and_everything_fits(debian: DebianCluster, name: str) -> None:
    lines = debian.done("synth", "--scale", "0.001", "--database", name)
    assert lines[-2].startswith("title 900, title_creator ")
    engine = debian.engine(name)
    assert schema.current(engine) == schema.head()
    assert schema.differences(engine) == []
    found = (
        "select (select count(*) from item), (select count(*) from audit.problems()),"
        " (select count(*) from pg_trigger where not tgisinternal and tgenabled <> 'O'),"
        " (select count(*) > 5 from pg_statistic where starelid = 'title'::regclass)"
    )
    assert debian.psql(found, database=name) == "1394|0|0|t"
    assert "holds something" in debian.refused("synth", "--scale", "0.001", "--database", name)
    assert debian.psql(found, database=name) == "1394|0|0|t"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--scale", "0"), "--scale"),
        (("--scale", "2.5"), "--scale"),
        (("--scale", "nan"), "--scale"),
    ],
)
def test_a_scale_out_of_range_is_refused(
    debian: DebianCluster, tmp_path: Path, arguments: tuple[str, ...], word: str
) -> None:
    assert word in debian.refused("synth", *arguments, "--file", str(tmp_path / "library.sqlite"))
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_name_is_refused(debian: DebianCluster) -> None:
    assert "--database" in debian.refused("synth", "--scale", "0.001", "--database", "Robert'); drop")


def test_where_it_is_made_has_to_be_said(debian: DebianCluster) -> None:
    with pytest.raises(SystemExit):
        debian.command("synth", "--scale", "0.001")


def test_a_server_left_in_the_middle_holds_nothing_and_is_filled_by_a_second_run(
    debian: DebianCluster, name: str
) -> None:
    killed_when("item", started(debian, "--scale", "0.002", "--database", name))
    deadline = time.monotonic() + 20
    sessions = f"select count(*) from pg_stat_activity where datname = '{name}'"
    while debian.psql(sessions, database="postgres") != "0":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    held = " union all ".join(f"select 1 from {table}" for table in ("branch", "staff", "title", "item"))
    assert debian.psql(f"select count(*) from ({held}) held", database=name) == "0"
    # as init leaves it: with rules, which stay as they are
    with debian.engine(name).connect() as connection:
        fill_rules(connection, LibraryClock().local().date())
        prefix = connection.exec_driver_sql("select command_prefix from policy").scalar_one()
    debian.done("synth", "--scale", "0.0005", "--database", name)
    assert debian.psql("select command_prefix from policy", database=name) == prefix


def test_a_file_that_is_left_in_the_middle_is_not_there(debian: DebianCluster, tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    killed_when("item", started(debian, "--scale", "0.002", "--file", str(path)))
    assert not path.exists()
    lines = debian.done("synth", "--scale", "0.0005", "--file", str(path))
    assert lines[-1].startswith("made in ")
    assert [entry.name for entry in tmp_path.iterdir()] == ["library.sqlite"]
    opened = sqlite3.connect(path)
    assert opened.execute("select count(*) from item").fetchone() == (697,)
    opened.close()
