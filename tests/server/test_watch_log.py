"""The server's log: read once and wholly, over rotation and restart, and believed in its own words alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from madoguchi.app.admin.log_reader import FailedSignIn, LogReader, Position, failed_sign_in

AT = "2026-11-28 20:10:11.123 UTC"
GOOD = f'{AT} [123] 10.0.0.5 FATAL:  password authentication failed for user "clerk"'


def told(login: str, second: int = 0) -> str:
    """A line of the log."""
    return (
        f"2026-11-28 20:10:{second:02}.000 UTC [7] 10.0.0.5 FATAL:  "
        f'password authentication failed for user "{login}"\n'
    )


def test_a_bad_sign_in_is_read_with_time_process_and_address() -> None:
    at = dt.datetime(2026, 11, 28, 20, 10, 11, 123000, dt.UTC)
    assert failed_sign_in(GOOD.encode()) == FailedSignIn("clerk", at, 123, "10.0.0.5")
    sixth = GOOD.replace("10.0.0.5", "fe80::1%eth0")
    assert failed_sign_in(sixth.encode()) == FailedSignIn("clerk", at, 123, "fe80::1%eth0")


@pytest.mark.parametrize(
    "line",
    [
        "\t" + GOOD,
        " " + GOOD,
        GOOD + "\r",
        GOOD + " ",
        GOOD.replace("clerk", 'clerk"'),
        GOOD.replace("clerk", 'x" "clerk'),
        GOOD.replace("clerk", "Clerk"),
        GOOD.replace("clerk", "ｃｌｅｒｋ"),
        GOOD.replace("clerk", "cl"),
        GOOD.replace("clerk", ""),
        GOOD.replace("FATAL:  ", "LOG:  "),
        GOOD.replace("FATAL:  ", "FATAL: "),
        GOOD.replace("FATAL:  ", "LOG:  FATAL:  "),
        GOOD.replace("10.0.0.5", "[local]"),
        GOOD.replace("10.0.0.5", "10.0.0.5(5432)"),
        GOOD.replace("10.0.0.5", "cafe"),
        GOOD.replace("10.0.0.5 ", ""),
        GOOD.replace("2026-11-28", "2026-13-28"),
        GOOD.replace("UTC", "JST"),
        "",
    ],
)
def test_what_is_not_wholly_the_servers_own_sentence_is_none(line: str) -> None:
    assert failed_sign_in(line.encode()) is None


def read_all(reader: LogReader) -> list[str]:
    """Logins, until there is no more."""
    logins: list[str] = []
    while True:
        before = reader.position
        logins += [failed.login for failed in reader.read()]
        if reader.position == before:
            return logins


def test_a_line_is_read_when_it_is_whole_and_once(tmp_path: Path) -> None:
    log = tmp_path / "postgresql-2026-11-28.log"
    log.write_text(told("one")[:60])
    reader = LogReader(tmp_path, Position(), host="a")
    assert read_all(reader) == []
    log.write_text(told("one") + told("two") + told("three")[:-1])
    assert read_all(reader) == ["one", "two"]
    assert read_all(reader) == []
    log.write_text(told("one") + told("two") + told("three"))
    assert read_all(LogReader(tmp_path, reader.position, host="a")) == ["three"]


def test_rotated_files_are_read_to_the_end_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "postgresql-2026-11-28.log").write_text(told("one"))
    reader = LogReader(tmp_path, Position(), host="a")
    assert read_all(reader) == ["one"]
    (tmp_path / "postgresql-2026-11-28.log").write_text(told("one") + told("two"))
    (tmp_path / "postgresql-2026-11-29.log").write_text(told("three"))
    (tmp_path / "postgresql-2026-11-30.log").write_text(told("four"))
    kept = LogReader(tmp_path, reader.position, host="a")
    assert read_all(kept) == ["two", "three", "four"]
    (tmp_path / "postgresql-2026-11-30.log").unlink()
    (tmp_path / "postgresql-2026-12-01.log").write_text(told("five"))
    assert read_all(LogReader(tmp_path, kept.position, host="a")) == ["five"]


def test_a_file_begun_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    log = tmp_path / "postgresql-Sat.log"
    log.write_text(told("one") + told("two"))
    reader = LogReader(tmp_path, Position(), host="a")
    assert read_all(reader) == ["one", "two"]
    log.write_text(told("three"))
    assert read_all(reader) == ["three"]


def test_the_position_in_another_hosts_log_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "postgresql-2026-11-27.log").write_text(told("old"))
    (tmp_path / "postgresql-2026-11-28.log").write_text(told("one") + told("two"))
    first = LogReader(tmp_path, Position(), host="a")
    assert read_all(first) == ["one", "two"]
    assert read_all(LogReader(tmp_path, first.position, host="a")) == []
    assert read_all(LogReader(tmp_path, first.position, host="b")) == ["one", "two"]


def test_what_was_not_given_out_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "postgresql-2026-11-28.log").write_text(told("one") + told("two"))
    reader = LogReader(tmp_path, Position(), host="a")
    stretch = reader.read()
    assert next(stretch).login == "one"
    stretch.close()
    assert [failed.login for failed in reader.read()] == ["one", "two"]


def test_no_line_begins_in_the_middle_of_a_very_long_one(tmp_path: Path) -> None:
    forged = told("victim").encode()
    block = 1 << 20
    # a line made so that wherever a reader might cut it, a sentence would seem to begin
    long = b"x" * block + forged[:-1] + b"x" * (block - len(forged) + 1) + forged
    (tmp_path / "postgresql-2026-11-28.log").write_bytes(told("one").encode() + long + told("two").encode())
    reader = LogReader(tmp_path, Position(), host="a")
    assert read_all(reader) == ["one", "two"]
    (tmp_path / "postgresql-2026-11-28.log").write_bytes(long + told("two").encode())
    assert read_all(LogReader(tmp_path, Position(), host="a")) == ["two"]


def test_no_log_at_all_is_an_error_and_not_peace(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(LogReader(tmp_path, Position(), host="a").read())
