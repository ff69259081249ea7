"""What a terminal remembers though it is off: whole or not at all, for its own account, whatever is there."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.office.values import IncidentKind, IncidentReport
from madoguchi.app.terminal.safekeeping import Safekeeping

NOW = dt.datetime(2026, 11, 29, 10, 0, tzinfo=dt.UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


def report(number: int = 1, **changes: object) -> IncidentReport:
    """A report."""
    values: dict[str, object] = {
        "id": UUID(int=number),
        "noticed_at": NOW + dt.timedelta(minutes=number),
        "kind": IncidentKind.LOSS,
        "content": "かばんを置き忘れた",
    }
    return IncidentReport(**(values | changes))  # type: ignore[arg-type]


def test_reports_wait_for_the_next_start_the_earliest_first(tmp_path: Path) -> None:
    folder = tmp_path / "safe"
    first = Safekeeping(folder)
    first.keep(report(2))
    first.keep(report(1))
    again = Safekeeping(folder)
    assert again.waiting() == (report(1), report(2))
    again.drop(UUID(int=1))
    assert Safekeeping(folder).waiting() == (report(2),)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


@given(content=TEXTS, cause=TEXTS, damage=TEXTS, extent=TEXTS)
def test_every_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, content: str, cause: str, damage: str, extent: str
) -> None:
    folder = tmp_path_factory.mktemp("safe")
    kept = report(content=content, cause=cause, damage=damage, extent=extent)
    Safekeeping(folder).keep(kept)
    assert Safekeeping(folder).waiting() == (kept,)


def test_cut_off_it_stays_so_until_it_is_put_right(tmp_path: Path) -> None:
    safe = Safekeeping(tmp_path)
    safe.cut_off(NOW)
    again = Safekeeping(tmp_path)
    assert again.cut_off_since == NOW
    again.reconnect()
    assert again.cut_off_since is None
    assert Safekeeping(tmp_path).cut_off_since is None


@pytest.mark.parametrize("words", ["", "yesterday", "\x00"])
def test_a_mark_that_cannot_be_read_counts_all_the_same(tmp_path: Path, words: str) -> None:
    (tmp_path / "cut-off").write_text(words)
    assert Safekeeping(tmp_path).cut_off_since is not None


@pytest.mark.parametrize(
    "words",
    [
        "",
        "[]",
        "{}",
        "[" * 10_000,
        json.dumps({"id": "x"}),
        json.dumps(
            {
                "id": str(UUID(int=1)),
                "noticed_at": "2026-11-29",
                "kind": "loss",
                **dict.fromkeys(("content", "cause", "damage", "extent"), ""),
            }
        ),
        "x" * 100_000,
    ],
    ids=["empty", "list", "nothing in it", "deep", "another's", "no time zone", "large"],
)
def test_a_report_that_cannot_be_read_stays_for_somebody_to_look_at(tmp_path: Path, words: str) -> None:
    damaged = tmp_path / f"{UUID(int=9)}.incident"
    damaged.write_text(words)
    safe = Safekeeping(tmp_path)
    safe.keep(report())
    assert safe.waiting() == (report(),)
    assert damaged.read_text() == words


def test_a_disk_that_cannot_be_written_is_said_and_it_holds_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    safe = Safekeeping(tmp_path / "a file" / "safe")
    with pytest.raises(OSError, match=r"."):
        safe.keep(report())
    with pytest.raises(OSError, match=r"."):
        safe.cut_off(NOW)
    assert safe.waiting() == (report(),)
    assert safe.cut_off_since == NOW


def test_without_a_folder_nothing_is_written() -> None:
    safe = Safekeeping(None)
    safe.keep(report())
    safe.cut_off(NOW)
    safe.reconnect()
    safe.drop(UUID(int=1))
    assert (safe.waiting(), safe.cut_off_since) == ((), None)


def test_no_text_of_a_report_stands_in_its_repr() -> None:
    assert "かばん" not in repr(report())
