"""Files that no old system would give: empty, missing, of odd bytes, of one long line, of no header."""

from __future__ import annotations

import csv
import io
import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.app.clock import LibraryClock
from madoguchi.app.movein.columns import COLUMNS, LONGEST_RECORD, File
from madoguchi.app.movein.csv_rows import NotReadable, Rows, Source, fields_of, look_through
from madoguchi.app.movein.problems import Problem
from madoguchi.app.movein.row_checks import Checker, Codes
from tests.support.move_in import MAPS, Files, Place

CODES = Codes(
    {
        "branch": {"01": 1, "minami": 2},
        "category": {"1": "resident"},
        "kind": {"B": "book"},
        "notice_by": {"mail": "mail"},
        "proof": {"licence": "licence"},
    }
)
HEADER = ",".join(COLUMNS[File.LOANS])


def source(folder: Path, content: bytes, encoding: str | None = None) -> Source:
    """Loans of such bytes, looked through."""
    (folder / "loans.csv").write_bytes(content)
    return look_through(folder, File.LOANS, encoding)


@pytest.fixture
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A library in a file: what is refused here never comes to a database."""
    file = tmp_path / "library.sqlite"
    shutil.copyfile(request.getfixturevalue("library_file"), file)
    return Place(tmp_path, file, None)


def test_a_file_that_cannot_be_moved_in_is_refused_with_a_sentence(here: Place, tmp_path: Path) -> None:
    folder = Files.of(2).write(tmp_path / "old")
    patrons = folder / "patrons.csv"
    good = patrons.read_bytes()
    header, first_row = good.split(b"\r\n", 1)

    def refused() -> str:
        sentence = here.refused("stage", str(folder), *MAPS)
        assert not here.exists("file")
        assert "見本" not in sentence
        return sentence

    patrons.unlink()
    assert refused() == f"{patrons}: it cannot be read (No such file or directory)"
    patrons.mkdir()
    assert refused() == f"{patrons}: it cannot be read (Is a directory)"
    patrons.rmdir()
    sentences = {
        b"": "it is empty; its first row names the columns",
        b"\xef\xbb\xbf": "its first row cannot be read",
        b"\r\n\r\n": "its first row cannot be read",
        # somebody's own row where the header should be is not repeated
        first_row: "its first row does not name card_number, name, kana,",
        header.replace(b"kana", b"KANA2"): "its first row does not name kana; it names the columns as",
        header.replace(b"kana,", b"name,"): "its first row names the column name twice",
        b'"card_number': "its first row cannot be read",
        b"x" * 30_000: "its first row cannot be read",
        header + b"\r\n\xff\xfe\xfd\x80\x81\r\n": "it is neither UTF-8 nor CP932 throughout",
        good.decode().encode("utf-16"): "it is neither UTF-8 nor CP932 throughout",
    }
    for content, sentence in sentences.items():
        patrons.write_bytes(content)
        assert sentence in refused()
    assert here.refused("stage", str(tmp_path / "none")) == f"{tmp_path / 'none'}: there is no such folder"
    # a header alone is a file without rows
    patrons.write_bytes(header.upper() + b"\r\n")
    lines = here.done("stage", str(folder), *MAPS)
    assert here.counted(lines)["patrons.csv"] == (0, 0, 0)


def test_columns_that_nobody_knows_are_told_by_their_place(here: Place, tmp_path: Path) -> None:
    files = Files.of(2)
    for row in files.rows[File.LOANS]:
        row |= {"見本 花子": "見本 花子", "": "x"}
    here.done("stage", str(files.write(tmp_path / "old", "cp932")), *MAPS)
    assert here.told() == [("loans.csv", 1, "7", "unknown_column"), ("loans.csv", 1, "8", "unknown_column")]
    assert "見本" not in here.report.read_text(encoding="utf-8-sig")


def test_a_row_is_what_a_spreadsheet_would_take_for_one(tmp_path: Path) -> None:
    content = (
        f"{HEADER}\r\n"
        '1,2,"a\r\nb\nc",4,5,6\r\n'
        "\r\n"
        '1,"""2""",3,4,5,6\r\n'
        '1,5" x,3,4,5,6\r\n'
        '1,"open,3,4,5,6\r\n'
        "1,2,3,4,5,6\r\n"
        '1,"x"y,3,4,5,6\r\n'
        f"{'9' * LONGEST_RECORD}\r\n"
        f"{'9' * (LONGEST_RECORD - 1)}\r\n"
        f'1,"{"9" * 30_000},3,4,5,6\r\n'
        "1,2,3,4,5,6,,\r\n"
        "1,2,3,4,5,6,7\r\n"
        "1,2\r\n"
        "1,2,3,4,5,6"
    )
    rows = Rows(source(tmp_path, content.encode()))
    header = rows.header()
    found: list[Any] = []
    for number, record in rows:
        fields = record if isinstance(record, Problem) else fields_of(record, header)
        found.append((number, fields if isinstance(fields, Problem) else fields["card_number"]))
    assert found == [
        (2, "2"),
        (4, '"2"'),
        (5, '5" x'),
        (6, Problem.NOT_A_ROW),
        (7, "2"),
        (8, Problem.NOT_A_ROW),
        (9, Problem.ROW_TOO_LONG),
        (10, Problem.FIELD_COUNT),
        (11, Problem.ROW_TOO_LONG),
        (12, "2"),
        (13, Problem.FIELD_COUNT),
        (14, Problem.FIELD_COUNT),
        (15, "2"),
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("見本 花子", "utf-8"), ("見本 花子", "cp932"), ("ﾐﾎﾝ ①㈱", "cp932"), ("plain", "utf-8")],
)
def test_the_encoding_is_told_by_reading_all_of_the_file(tmp_path: Path, text: str, encoding: str) -> None:
    assert source(tmp_path, f"{HEADER}\n{text},2,3,4,5,6\n".encode(encoding)).encoding == encoding


def test_memory_stays_the_same_whatever_the_file_holds(tmp_path: Path) -> None:
    with (tmp_path / "loans.csv").open("wb") as opened:
        opened.write(HEADER.encode() + b"\r\n")
        for _ in range(2):
            opened.write(b"1" * 1_000_000 + b"\r\n")
            opened.write(b'1,"' + b"2,\n" * 2_000)
            opened.write(b"\x00" * 300_000 + b"\r\n")
            opened.write(b"1,2,3,4,5,6\r\n" * 1_500)
    found = look_through(tmp_path, File.LOANS, None)
    tracemalloc.start()
    try:
        read = sum(1 for _ in Rows(found))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read > 3_000
    assert peak < 2_000_000


def test_a_file_that_grows_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    rows = iter(Rows(source(tmp_path, f"{HEADER}\n1,2,3,4,5,6\n".encode())))
    next(rows)
    with (tmp_path / "loans.csv").open("ab") as opened:
        opened.write(b"1,2,3,4,5,6\n")
    with pytest.raises(NotReadable, match="it changed while it was read"):
        list(rows)


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "cp932"]))
def test_no_bytes_raise_anything_but_a_sentence(tmp_path_factory: Any, content: bytes, encoding: Any) -> None:
    folder = tmp_path_factory.mktemp("odd", numbered=True)
    try:
        found = source(folder, HEADER.encode() + b"\n" + content, encoding)
        rows = Rows(found)
        header = rows.header()
        numbers = []
        for number, record in rows:
            numbers.append(number)
            if not isinstance(record, Problem):
                fields_of(record, header)
    except NotReadable:
        assert encoding is None
        return
    assert numbers == sorted(set(numbers))


@settings(max_examples=60)
@given(st.sampled_from(list(File)), st.dictionaries(st.integers(0, 20), st.text(max_size=60), max_size=20))
def test_no_fields_raise_anything_and_what_is_good_fits_the_columns(
    file: File, texts: dict[int, str]
) -> None:
    names = list(COLUMNS[file])
    sample = dict(Files.of(2).rows[file][0])
    fields = sample | {names[place % len(names)]: text for place, text in texts.items()}
    checked = Checker(file, CODES, LibraryClock().local().date())(2, fields)
    assert all(column in names for column, _ in checked.found)
    if checked.values is not None:
        for value in (*checked.values, *(cell for row in checked.more for cell in row)):
            # what parts rows and fields on their way to a server is in none of them
            assert not (isinstance(value, str) and set(value) & set("\x00\x1d\x1e\x1f\r\n"))


@given(st.lists(st.lists(st.text(alphabet='ab,"\r\n 花', max_size=6), min_size=6, max_size=6), max_size=6))
def test_what_a_csv_writer_writes_is_read_as_it_was(tmp_path_factory: Any, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([HEADER.split(","), *rows])
    found = source(tmp_path_factory.mktemp("csv", numbered=True), text.getvalue().encode())
    assert [record for _, record in Rows(found)] == rows
