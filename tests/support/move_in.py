"""Files as an old system gives them, and a library of either database that they are moved into."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from madoguchi.app.admin.commands import run
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.movein.columns import COLUMNS, File
from madoguchi.app.server.engine import embedded_url, make_engine
from tests.support.debian_cluster import DebianCluster

MAPS = ("--map", "category:1=resident", "--map", "branch:01=sogo", "--map", "kind:B=book")
"""What the codes of these files mean."""

Row = dict[str, str]

_COUNTED = re.compile(r"(\w+\.csv): read ([\d,]+) = good ([\d,]+) \+ refused ([\d,]+);.*")


@dataclass
class Files:
    """Rows of the four files. The first half of each is referred to, the rest by nobody."""

    rows: dict[File, list[Row]] = field(default_factory=dict)
    raw: dict[tuple[File, int], Callable[[bytes], bytes]] = field(default_factory=dict)

    @classmethod
    def of(cls, number: int) -> Files:
        """So many titles, items and patrons, the first half with a loan; nothing is wrong with any."""
        made = cls({file: [] for file in File})
        for n in range(1, number + 1):
            made.rows[File.TITLES].append(
                {
                    "title_id": f"T{n}", "title": f"見本の本 {n}",
                    "title_kana": "ミホン ノ ホン",
                    "creators": "見本 太郎 ; 見本 花子", "creators_kana": "ミホン タロウ", "volume": "１",
                    "publisher": "見本書房", "year": "平成30", "isbn": "", "ndc": "913.6",
                }
            )  # fmt: skip
            title = n if 2 * n <= number else 1
            made.rows[File.ITEMS].append(
                {
                    "item_number": f"1{n:09}", "title_id": f"T{title}", "branch": "01", "kind": "B",
                    "reference_only": "0", "note": "",
                }
            )  # fmt: skip
            made.rows[File.PATRONS].append(
                {
                    "card_number": f"2{n:09}", "name": f"見本 花子{n}", "kana": f"ﾐﾎﾝ {_kana(n)}",
                    "birth_date": "S55.4.1", "category": "1", "registered_on": "2019/5/12",
                    "lost_cards": f"29{n:08}", "branch": "minami", "postal_code": "251-0000",
                    "address": "藤沢市見本町\r\n１丁目２番３号", "telephone": "(0466)00-0000",
                    "email": "mihon@example.jp", "notice_by": "mail", "proof": "licence",
                    "proof_seen_on": "R1.5.1", "note": "電話は夕方以降",
                }
            )  # fmt: skip
            if 2 * n <= number:
                made.rows[File.LOANS].append(
                    {
                        "item_number": f"1{n:09}", "card_number": f"2{n:09}", "branch": "01",
                        "lent_on": "2026-01-05", "due_on": "2026-01-19", "renewals": "1",
                    }
                )  # fmt: skip
        return made

    def write(self, folder: Path, encoding: str = "utf-8") -> Path:
        """Writes them into a folder, which it answers."""
        folder.mkdir(parents=True, exist_ok=True)
        for file, rows in self.rows.items():
            names = list(rows[0]) if rows else list(COLUMNS[file])
            lines = [_line(names)] + [_line([row.get(name, "") for name in names]) for row in rows]
            encoded = [line.encode(encoding.removesuffix("-sig")) for line in lines]
            for place in range(len(encoded)):
                encoded[place] = self.raw.get((file, place + 1), bytes)(encoded[place])
            bom = b"\xef\xbb\xbf" if encoding == "utf-8-sig" else b""
            (folder / file.csv).write_bytes(bom + b"".join(encoded))
        return folder


def _kana(n: int) -> str:
    """A given name that nobody else has, however it is folded."""
    return "".join("カキクケコサシスセソ"[int(digit)] for digit in str(n))


def _line(values: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()


@dataclass
class Place:
    """A library that is moved into by the command, as the administrator does it."""

    folder: Path
    file: Path | None
    debian: DebianCluster | None
    database: str = ""

    @property
    def where(self) -> tuple[str, str]:
        """The options that name it."""
        return ("--file", str(self.file)) if self.file else ("--database", self.database)

    @property
    def report(self) -> Path:
        """Where the report is written."""
        return self.folder / "report.csv"

    def arguments(self, step: str, *arguments: str) -> list[str]:
        """What is typed behind ``madoguchi-server``."""
        report = ["--report", str(self.report)] if step in ("stage", "check") else []
        home = self.debian.home.folder if self.debian else self.folder / "home"
        return ["--home", str(home), "move-in", step, *arguments, *report, *self.where]

    def command(self, step: str, *arguments: str) -> tuple[int, list[str]]:
        """Runs a step here: its exit status and lines, or the one it refused with."""
        if self.debian is not None:
            return self.debian.command(*self.arguments(step, *arguments)[2:])
        lines: list[str] = []
        try:
            return run(self.arguments(step, *arguments), lines.append), lines
        except CannotDo as error:
            return 1, [*lines, str(error)]

    def done(self, step: str, *arguments: str) -> list[str]:
        """The same, for what must be done."""
        status, lines = self.command(step, *arguments)
        assert status == 0, "\n".join(lines)
        return lines

    def refused(self, step: str, *arguments: str) -> str:
        """The same, for what must be refused; the last line says why."""
        status, lines = self.command(step, *arguments)
        assert status == 1, "\n".join(lines)
        return lines[-1]

    @cached_property
    def engine(self) -> sa.Engine:
        """The administrator's own way in."""
        if self.file is not None:
            return make_engine(embedded_url(self.file))
        assert self.debian is not None
        return self.debian.engine(self.database)

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        """What a query of a test's own brings."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query).all()]

    def sql_do(self, statement: str) -> None:
        """A change of a test's own."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def staged(self, table: str) -> str:
        """The name of a staging table."""
        return f"movein_{table}" if self.file else f"movein.{table}"

    def exists(self, table: str) -> bool:
        """Whether a staging table is there."""
        schema = None if self.file else "movein"
        return sa.inspect(self.engine).has_table(self.staged(table).removeprefix("movein."), schema=schema)

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.sql(f"select count(*) from {table}")[0][0])

    def told(self) -> list[tuple[str, int, str, str]]:
        """The report: file, row, column and problem of each line."""
        with self.report.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        return [(row["file"], int(row["row"]), row["column"], row["problem"]) for row in rows]

    def counted(self, lines: Sequence[str]) -> dict[str, tuple[int, int, int]]:
        """Of each file: read, good and refused, as the command says it."""
        found = {}
        for line in lines:
            if said := _COUNTED.fullmatch(line):
                read, good, refused = (int(number.replace(",", "")) for number in said.groups()[1:])
                found[said[1]] = (read, good, refused)
        return found
