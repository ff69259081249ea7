"""What a terminal remembers though it is off: that it was cut off, and reports that wait for the line.

A report holds what its writer wrote, in plain text that this account alone can read: it must outlive the
keyring, and whoever looks into what happened must find it. The form asks for nobody to be named in it.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from madoguchi.app.files import make_folder, sync, write
from madoguchi.app.office.values import IncidentKind, IncidentReport

_log = logging.getLogger(__name__)

_CUT_OFF: Final = "cut-off"
_SUFFIX: Final = ".incident"
_LARGEST: Final = 65_536


class Safekeeping:
    """The folder, read when it is made. What was done is on the disk when it returns; for any thread."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._disk = threading.Lock()
        self._cut_off_since: dt.datetime | None = None
        self._waiting: dict[UUID, IncidentReport] = {}
        if folder is not None and folder.is_dir():
            self._load(folder)

    @property
    def cut_off_since(self) -> dt.datetime | None:
        """Since when this terminal is cut off; None: it is not."""
        return self._cut_off_since

    def waiting(self) -> tuple[IncidentReport, ...]:
        """Reports that the server has not taken yet, the earliest first."""
        return tuple(sorted(self._waiting.values(), key=lambda report: report.noticed_at))

    def cut_off(self, at: dt.datetime) -> None:
        """This terminal is cut off, also after a restart.

        Raises:
            OSError: it cannot be written; until the program ends it holds all the same.
        """
        self._cut_off_since = at
        self._write(_CUT_OFF, at.isoformat())

    def reconnect(self) -> None:
        """It is cut off no more.

        Raises:
            OSError: that cannot be written: after a restart it is cut off again.
        """
        self._cut_off_since = None
        self._remove(_CUT_OFF)

    def keep(self, report: IncidentReport) -> None:
        """Keeps a report until it is dropped.

        Raises:
            OSError: it cannot be written; until the program ends it waits all the same.
        """
        self._waiting[report.id] = report
        words = {
            "id": str(report.id),
            "noticed_at": report.noticed_at.isoformat(),
            "kind": report.kind.value,
            "content": report.content,
            "cause": report.cause,
            "damage": report.damage,
            "extent": report.extent,
        }
        self._write(f"{report.id}{_SUFFIX}", json.dumps(words, ensure_ascii=False))

    def drop(self, report_id: UUID) -> None:
        """The server has it. Raises OSError; told again, it answers the same."""
        self._waiting.pop(report_id, None)
        self._remove(f"{report_id}{_SUFFIX}")

    def _write(self, name: str, words: str) -> None:
        if self._folder is not None:
            with self._disk:
                make_folder(self._folder, 0o700)
                write(self._folder / name, words, 0o600)

    def _remove(self, name: str) -> None:
        if self._folder is not None and (self._folder / name).exists():
            with self._disk:
                (self._folder / name).unlink(missing_ok=True)
                sync(self._folder)

    def _load(self, folder: Path) -> None:
        for file in sorted(folder.glob(f"*{_SUFFIX}")):
            try:
                if file.stat().st_size > _LARGEST:
                    raise ValueError("too large for a report")
                report = _report(json.loads(file.read_text(encoding="utf-8")))
            except (OSError, ValueError, KeyError, TypeError, RecursionError):
                # it stays there: somebody has to look at it
                _log.warning("a report of an incident cannot be read: %s", file.name)
                continue
            self._waiting[report.id] = report
        mark = folder / _CUT_OFF
        if mark.exists():
            # whatever it says, it is there
            self._cut_off_since = dt.datetime.now(dt.UTC)
            try:
                self._cut_off_since = dt.datetime.fromisoformat(mark.read_text(encoding="utf-8")).astimezone()
            except (OSError, ValueError):
                _log.warning("since when this terminal is cut off cannot be read")


def _report(words: dict[str, Any]) -> IncidentReport:
    noticed_at = dt.datetime.fromisoformat(words["noticed_at"])
    if noticed_at.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return IncidentReport(
        UUID(words["id"]),
        noticed_at,
        IncidentKind(words["kind"]),
        *(str(words[name]) for name in ("content", "cause", "damage", "extent")),
    )
