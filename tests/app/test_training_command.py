"""`madoguchi training --reset`: made from good records, refused in one sentence for others, on any day."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from madoguchi.__main__ import main
from madoguchi.app.catalogue.ndl import BibRecord, shipped_records
from madoguchi.app.clock import LibraryClock
from madoguchi.app.lending.answers import CheckedOut, Renewed, VisitOpened
from madoguchi.app.lending.checkout import check_out, open_visit
from madoguchi.app.lending.materials import MaterialKind
from madoguchi.app.lending.renewal import renew
from madoguchi.app.server.engine import embedded_url
from madoguchi.app.training.library import Built, TooFewRecords, reset
from madoguchi.app.training.situations import Case, ItemCase, case_number
from tests.app.catalogue.ndl_answers import PAPER, TITLE, answer
from tests.support.library import JST, TODAY, SmallLibrary, new_id

ROOT = Path(__file__).parents[2]
RESIDENT = "一般・市内在住"

# category, loans of each group, limit of print, days overdue, blocked, idle, reservations that are ready
VISITS = {
    Case.GOOD: (RESIDENT, (0, 0, 0), 10, 0, False, False, 0),
    Case.AT_PRINT_LIMIT: (RESIDENT, (10, 0, 0), 10, 0, False, False, 0),
    Case.AT_AUDIO_LIMIT: (RESIDENT, (0, 5, 0), 10, 0, False, False, 0),
    Case.AT_VIDEO_LIMIT: (RESIDENT, (0, 0, 2), 10, 0, False, False, 0),
    Case.OVERDUE_3: (RESIDENT, (2, 0, 0), 10, 3, False, False, 0),
    Case.OVERDUE_31: (RESIDENT, (2, 0, 0), 10, 31, True, False, 0),
    Case.IDLE_CARD: (RESIDENT, (0, 0, 0), 10, 0, False, True, 0),
    Case.REPLACED_CARD: (RESIDENT, (0, 0, 0), 10, 0, False, False, 0),
    Case.CHILD: ("児童・市内在住", (1, 0, 0), 10, 0, False, False, 0),
    Case.WIDE_AREA: ("広域利用", (0, 0, 0), 10, 0, False, False, 0),
    Case.WITH_NOTE: (RESIDENT, (0, 0, 0), 10, 0, False, False, 0),
    Case.RESERVATION_READY: (RESIDENT, (0, 0, 0), 10, 0, False, False, 1),
    Case.RENEWALS: (RESIDENT, (4, 0, 0), 10, 0, False, False, 0),
    Case.GROUP: ("団体", (0, 0, 0), 100, 0, False, False, 0),
    Case.COMMUTER: ("市内在勤・在学", (0, 0, 0), 10, 0, False, False, 0),
    Case.IN_QUEUE: (RESIDENT, (0, 0, 0), 10, 0, False, False, 0),
}


def made_on(path: Path, day: dt.date, records: list[BibRecord] | None = None) -> Built:
    """A training library of a day."""
    morning = dt.datetime.combine(day, dt.time(10), JST)
    return reset(
        path, shipped_records().records if records is None else records, LibraryClock(lambda: morning)
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training library, to be copied."""
    path = tmp_path_factory.mktemp("training") / "made.sqlite"
    made_on(path, TODAY)
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A training library alone in its folder."""
    path = tmp_path / "home" / "training.sqlite"
    path.parent.mkdir()
    shutil.copyfile(made, path)
    return path


@pytest.fixture
def library(path: Path) -> Iterator[SmallLibrary]:
    """The same, opened."""
    opened = SmallLibrary(embedded_url(path))
    yield opened
    opened.close()


def contents(path: Path) -> list[str]:
    """All that a library's file says; nothing else lies beside it."""
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        # the search's index of pairs holds no text to be read; what it is made of does
        read = "select name from sqlite_master where type = 'table' and sql not like 'create virtual%'"
        names = [name for (name,) in connection.execute(f"{read} order by name")]
        dump = [f"{name}: {row}" for name in names for row in connection.execute(f'select * from "{name}"')]
    finally:
        connection.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    return dump


def lend(library: SmallLibrary) -> object:
    """Lends a book to the ordinary patron."""
    return library.server().run(
        partial(
            check_out,
            operation=new_id(),
            visit=new_id(),
            card_number=case_number(Case.GOOD),
            item_number=ItemCase.BOOK_A.number,
            desk=library.desk(login="kunren"),
        )
    )


def visits(library: SmallLibrary) -> dict[Case, tuple[object, ...]]:
    """What the card of each case shows, as `VISITS` lists it."""
    server, found = library.server(), {}
    for case in Case:
        card, desk = case_number(case), library.desk(login="kunren")
        opened = server.run(partial(open_visit, visit=new_id(), card_number=card, desk=desk))
        assert isinstance(opened, VisitOpened)
        patron = opened.patron
        found[case] = (
            patron.category,
            tuple(use.open_loans for use in patron.uses),
            patron.uses[0].max_loans,
            opened.overdue_days,
            opened.blocked,
            opened.card_idle,
            patron.ready_reservations,
        )
    return found


# -- on any day, from few records, over what a crash left ---------------------------------------------


# a leap day, the last day of a year (closed), the first day open after it, a Monday (most are closed)
@pytest.mark.parametrize("day", ["2028-02-29", "2026-12-31", "2027-01-05", "2026-06-08"])
def test_every_card_shows_its_case_whatever_the_day_of_the_reset(tmp_path: Path, day: str) -> None:
    on = dt.date.fromisoformat(day)
    made_on(tmp_path / "library.sqlite", on)
    library = SmallLibrary(embedded_url(tmp_path / "library.sqlite"))
    library.set_clock(dt.datetime.combine(on, dt.time(10), JST))
    assert visits(library) == VISITS
    renewed = library.server().run(
        partial(
            renew,
            operation=new_id(),
            item_number=ItemCase.RENEWABLE.number,
            desk=library.desk(login="kunren"),
        )
    )
    assert isinstance(renewed, Renewed)
    library.close()


def plain(kind: MaterialKind, number: int) -> list[BibRecord]:
    """Made-up records of a kind, with nothing lying in them."""
    return [BibRecord(ndl_id=f"{kind.value}-{place}", title="題", kind=kind) for place in range(number)]


def test_the_fewest_records_that_do_make_a_whole_library(tmp_path: Path) -> None:
    """One title for each item case of its kind."""
    enough = plain(MaterialKind.BOOK, 17) + plain(MaterialKind.CD, 1) + plain(MaterialKind.DVD, 1)
    path = tmp_path / "library.sqlite"
    assert made_on(path, TODAY, enough) == Built(titles=19, items=1500, patrons=60)
    before = contents(path)
    with pytest.raises(TooFewRecords, match="book"):
        made_on(path, TODAY, enough[1:])
    assert contents(path) == before
    library = SmallLibrary(embedded_url(path))
    assert visits(library) == VISITS
    library.close()


def test_what_a_crashed_counter_left_is_not_read_into_the_new_library(
    path: Path, library: SmallLibrary, made: Path, tmp_path: Path
) -> None:
    assert isinstance(lend(library), CheckedOut)
    crashed = tmp_path / "crashed" / path.name
    crashed.parent.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(path.with_name(path.name + suffix), crashed.with_name(path.name + suffix))
    made_on(crashed, TODAY)
    after = SmallLibrary(embedded_url(crashed))
    assert visits(after) == VISITS
    after.close()
    contents(crashed)


# -- the command -------------------------------------------------------------------------------------


@pytest.fixture
def home(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A terminal's folder, with a training library in it."""
    monkeypatch.setenv("MADOGUCHI_HOME", str(path.parent))
    return path.parent


def one_sentence(error: str) -> str:
    """What the command said, which is one line and no traceback."""
    assert error.startswith("madoguchi: ")
    assert error.endswith("\n")
    assert error.count("\n") == 1
    return error.removeprefix("madoguchi: ").strip()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (answer(PAPER + TITLE).read(), "too few titles"),
        (answer().read(), "too few titles"),
        (answer(PAPER + TITLE).read()[:-20], "XMLとして読めません"),
        (b"", "XMLとして読めません"),
        (b"\x1f\x8b\x08\x00 not XML", "XMLとして読めません"),
        (b"<html><body/></html>", "国立国会図書館サーチの検索結果（OpenSearch）ではありません"),
    ],
    ids=["tiny", "no records", "cut off", "empty", "compressed", "another XML"],
)
def test_records_that_cannot_be_used_are_refused_in_one_sentence(
    home: Path, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    before = contents(path)
    records = tmp_path / "records.xml"
    records.write_bytes(content)
    assert main(["training", "--reset", "--records", str(records)]) == 1
    captured = capsys.readouterr()
    assert said in one_sentence(captured.err)
    assert captured.out == ""
    assert contents(path) == before


@pytest.mark.parametrize("there", [False, True], ids=["missing", "a folder"])
def test_records_that_are_no_file_are_named(
    home: Path, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], there: bool
) -> None:
    before = contents(path)
    records = tmp_path / "records.xml"
    if there:
        records.mkdir()
    assert main(["training", "--reset", "--records", str(records)]) == 1
    assert str(records) in one_sentence(capsys.readouterr().err)
    assert contents(path) == before


def test_a_library_in_use_is_refused_in_one_sentence(
    home: Path, path: Path, library: SmallLibrary, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(lend(library), CheckedOut)
    assert main(["training", "--reset"]) == 1
    assert str(path) in one_sentence(capsys.readouterr().err)
    assert library.open_loans(case_number(Case.GOOD)) == 1


def test_the_command_makes_a_library_where_there_is_none(
    home: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path.unlink()
    assert main(["training", "--reset"]) == 0
    captured = capsys.readouterr()
    assert "書誌 211・資料 1500・利用者 60" in captured.out
    assert captured.err == ""
    contents(path)


def test_the_program_itself_exits_with_one_and_one_sentence(home: Path, path: Path, tmp_path: Path) -> None:
    before = contents(path)
    ran = subprocess.run(
        [sys.executable, "-m", "madoguchi", "training", "--reset", "--records", str(tmp_path / "none.xml")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        cwd=ROOT,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "none.xml" in one_sentence(ran.stderr)
    assert contents(path) == before


@pytest.mark.parametrize("content", [b"no library at all, and long enough to be looked at" * 40, None])
def test_a_library_that_cannot_be_opened_is_one_sentence(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged file, or a folder in its place: the clerk is told what to do, not shown a traceback."""
    monkeypatch.setenv("MADOGUCHI_HOME", str(tmp_path))
    file = tmp_path / "training.sqlite"
    file.mkdir() if content is None else file.write_bytes(content)
    assert main(["training-sheet", str(tmp_path / "sheet.pdf")]) == 1
    said = capsys.readouterr().err.strip()
    assert "training --reset" in said
    assert len(said.splitlines()) == 1
