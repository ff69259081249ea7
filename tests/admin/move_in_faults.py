"""Everything that can be wrong with a row, planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from madoguchi.app.movein.columns import File
from madoguchi.app.movein.problems import Problem
from tests.support.move_in import Files


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        value: what the column holds instead; None: what the first row has there.
        raw: what becomes of the row's bytes.
    """

    file: File
    column: str
    problem: Problem
    value: str | None = ""
    raw: Callable[[bytes], bytes] | None = None


def _of(file: File, problem: Problem, column: str, *values: str | None) -> list[Fault]:
    return [Fault(file, column, problem, value) for value in values]


_T, _I, _P, _L = File.TITLES, File.ITEMS, File.PATRONS, File.LOANS

FAULTS = [
    *_of(_T, Problem.NEEDED, "title", "", " \u3000 "),
    *_of(_T, Problem.TOO_LONG, "title", "あ" * 501, "あ" * 5000),
    *_of(_T, Problem.HIDDEN, "title", "あ\x07い", "\x00", "a\x1fb\x1ec\x1dd"),
    *_of(_T, Problem.DUPLICATE, "title_id", None),
    *_of(_T, Problem.NOT_A_NUMBER, "title_id", "題1"),
    *_of(_T, Problem.TOO_MANY_NAMES, "creators", ";".join(["見"] * 41), "太" * 201),
    *_of(_T, Problem.MORE_READINGS, "creators_kana", "ア;イ;ウ"),
    *_of(_T, Problem.OWN_CHARACTER, "title", "見\ue000本"),
    *_of(_T, Problem.ISBN_LEFT_OUT, "isbn", "9784000000008", "x"),
    *_of(_T, Problem.NDC_LEFT_OUT, "ndc", "九類"),
    *_of(_T, Problem.YEAR_LEFT_OUT, "year", "昭和99", "昔"),
    *_of(_I, Problem.NEEDED, "item_number", ""),
    *_of(_I, Problem.DUPLICATE, "item_number", None),
    *_of(_I, Problem.TOO_LONG, "item_number", "1" * 21),
    *_of(_I, Problem.NO_SUCH_TITLE, "title_id", "T999999"),
    *_of(_I, Problem.UNKNOWN_CODE, "branch", "99"),
    *_of(_I, Problem.UNKNOWN_CODE, "kind", "本"),
    *_of(_I, Problem.NOT_YES_OR_NO, "reference_only", "はい"),
    *_of(_P, Problem.NEEDED, "name", ""),
    *_of(_P, Problem.NEEDED, "birth_date", ""),
    *_of(_P, Problem.DUPLICATE, "card_number", None),
    *_of(_P, Problem.DUPLICATE, "lost_cards", None, "2000000001", "5;5"),
    *_of(_P, Problem.NOT_A_NUMBER, "card_number", "番号"),
    *_of(_P, Problem.NOT_A_NUMBER, "lost_cards", "番号", "1" * 21),
    *_of(_P, Problem.NOT_KANA, "kana", "見本 花子"),
    *_of(_P, Problem.NOT_A_DATE, "birth_date", "S64.1.8", "2023-02-29", "19800431", "昭和", "1.4.1980"),
    *_of(_P, Problem.IN_FUTURE, "birth_date", "2999-01-01"),
    *_of(_P, Problem.IN_FUTURE, "registered_on", "2999-01-01"),
    *_of(_P, Problem.BEFORE_BIRTH, "registered_on", "S54.4.1"),
    *_of(_P, Problem.UNKNOWN_CODE, "category", "9"),
    *_of(_P, Problem.UNKNOWN_CODE, "notice_by", "fax"),
    *_of(_P, Problem.UNKNOWN_CODE, "proof", "1234"),
    *_of(_P, Problem.NOT_A_POSTAL_CODE, "postal_code", "251"),
    *_of(_P, Problem.NOT_A_TELEPHONE, "telephone", "呼出"),
    *_of(_P, Problem.NOT_AN_EMAIL, "email", "mihon", "見本@example.jp"),
    *_of(_P, Problem.SAME_PERSON, "kana", None),
    *_of(_P, Problem.TOO_LONG, "note", "あ" * 301),
    *_of(_L, Problem.NEEDED, "due_on", ""),
    *_of(_L, Problem.NO_SUCH_ITEM, "item_number", "1999999999"),
    *_of(_L, Problem.NO_SUCH_PATRON, "card_number", "2999999999"),
    *_of(_L, Problem.SECOND_LOAN, "item_number", None),
    *_of(_L, Problem.DUE_BEFORE_LENT, "due_on", "2026-01-04"),
    *_of(_L, Problem.IN_FUTURE, "lent_on", "2999-01-01"),
    *_of(_L, Problem.IN_FUTURE, "due_on", "2999-01-01"),
    *_of(_L, Problem.NOT_A_COUNT, "renewals", "100", "一"),
    Fault(_P, "", Problem.NOT_A_ROW, raw=lambda _line: b'"2,x\r\n'),
    Fault(_T, "", Problem.NOT_A_ROW, raw=lambda _line: b'"x"y,z\r\n'),
    Fault(_P, "", Problem.ROW_TOO_LONG, raw=lambda line: b"x" * 1_000_000 + b"\r\n"),
    Fault(_I, "", Problem.FIELD_COUNT, raw=lambda line: b"a,b\r\n"),
    Fault(_L, "", Problem.FIELD_COUNT, raw=lambda line: line.rstrip() + b",1\r\n"),
    # lead bytes that are none, in either encoding
    Fault(_P, "name", Problem.ODD_BYTES, "X", raw=lambda line: line.replace(b"X", b"\xff\xfe", 1)),
]
"""Of each fault its file, its column and what has to be told of it; ISBN: 9784000000008 has a wrong digit."""


def plant(files: Files, fault: Fault, place: int) -> tuple[str, int, str, str]:
    """Plants a fault in a row that nothing refers to; what the report has to say of it.

    ``place``: another one for each fault of a run.
    """
    rows = files.rows[fault.file]
    # of the loans nobody refers to any; the first row is the one that others repeat
    first = 1 if fault.file is File.LOANS else len(rows) // 2
    at = first + place % (len(rows) - first)
    row = rows[at]
    value = rows[0][fault.column] if fault.value is None else fault.value
    if fault.value is None and fault.problem is Problem.SAME_PERSON:
        row["birth_date"] = "1980-04-01"
    if fault.column:
        row[fault.column] = value
    if fault.raw is not None:
        files.raw[fault.file, at + 2] = fault.raw
    return fault.file.csv, at + 2, fault.column, fault.problem.value
