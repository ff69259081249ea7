"""The audit taken along from a terminal, in the form that ``madoguchi-server audit check-export`` reads.

No key lies on a terminal that could sign it: instead the digest of the finished file goes on record at the
server, in the audit itself. ``check-export --unsigned`` checks the chains and says the digest to look for.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from madoguchi.app.office.values import ExportedFile, OfficeRefusal

if TYPE_CHECKING:
    from madoguchi.app.server.office import CentralOffice

KIND: Final = "madoguchi audit export 1"
AT_ONCE: Final = 1000
"""Records that the server gives in one call."""


class AuditFile:
    """An export under way: one call of the server a step, each safe to repeat. For one thread at a time.

    Days are the library's own, in ``zone``. The file is there when the last step is done, or not at all.
    """

    def __init__(self, file: Path, first: dt.date | None, last: dt.date | None, zone: dt.tzinfo) -> None:
        self._file = file
        self._days = first, last
        self._zone = zone
        self._opened: IO[str] | None = None
        self._digest = hashlib.sha256()
        self._chains: list[dict[str, Any]] = []
        self._next = 0
        self.records = 0
        self._written = False

    def step(self, office: CentralOffice) -> ExportedFile | OfficeRefusal | None:
        """Goes one call further; None: there is more to come.

        Raises:
            FileExistsError: there is a file of that name; an export replaces none.
            OSError: it cannot be written.
        """
        if self._opened is None and not self._written:
            return self._begin(office)
        while self._chains and self._next > self._chains[0]["last_seq"]:
            del self._chains[0]
            if self._chains:
                self._begin_chain()
        if self._chains:
            return self._go_on(office)
        if not self._written:
            self._finish()
        found = ExportedFile(self.records, self._digest.hexdigest())
        refused = office.note_export(found.sha256, found.records)
        return found if refused is None else refused

    def give_up(self) -> None:
        """Nothing of it stays."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        self._unfinished().unlink(missing_ok=True)

    def _begin(self, office: CentralOffice) -> OfficeRefusal | None:
        if self._file.exists():
            raise FileExistsError(str(self._file))
        first, last = self._days
        begin = self._midnight(first)
        end = self._midnight(None if last is None else last + dt.timedelta(days=1))
        answer = office.export_chains(begin, end)
        if isinstance(answer, OfficeRefusal):
            return answer
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._unfinished(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._opened = os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")
        self._write(
            {
                "kind": KIND,
                "database": answer["database"],
                "made_at": answer["made_at"],
                "from": None if first is None else first.isoformat(),
                "to": None if last is None else last.isoformat(),
            }
        )
        self._chains = list(answer["rows"])
        if self._chains:
            self._begin_chain()
        return None

    def _begin_chain(self) -> None:
        chain = self._chains[0]
        self._next = chain["first_seq"]
        head = {"seq": chain["head_seq"], "hash": chain["head_hash"]}
        self._write({"chain": chain["chain"], "before": chain["before"], "head": head})

    def _go_on(self, office: CentralOffice) -> OfficeRefusal | None:
        chain = self._chains[0]
        found = office.export_records(chain["chain"], self._next, chain["last_seq"])
        if isinstance(found, OfficeRefusal):
            return found
        for text, digest in found:
            self._write({"text": text, "hash": digest})
        self.records += len(found)
        # a chain has no gaps: fewer than there should be would be seen by whoever checks the file
        self._next = self._next + len(found) if found else chain["last_seq"] + 1
        return None

    def _finish(self) -> None:
        if self._opened is not None:
            self._opened.flush()
            os.fsync(self._opened.fileno())
            self._opened.close()
            self._opened = None
        try:
            # a link, not a renaming: it replaces nothing that has come meanwhile
            os.link(self._unfinished(), self._file)
            self._unfinished().unlink()
        except FileExistsError:
            raise
        except OSError:
            # a stick knows no links
            if self._file.exists():
                raise FileExistsError(str(self._file)) from None
            self._unfinished().rename(self._file)
        self._written = True

    def _write(self, line: dict[str, Any]) -> None:
        words = json.dumps(line, ensure_ascii=False) + "\n"
        if self._opened is not None:
            self._opened.write(words)
        self._digest.update(words.encode())

    def _midnight(self, day: dt.date | None) -> dt.datetime | None:
        return None if day is None else dt.datetime.combine(day, dt.time(), self._zone)

    def _unfinished(self) -> Path:
        return self._file.with_name(f".{self._file.name}.unfinished")
