"""Which key the records in a folder were made with: a mark beside them, and what becomes of those of another.

A new key begins a new journal, here as at the server. What was made with the one before is kept as evidence.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path

from madoguchi.device_control.kept_files import keep, sync
from madoguchi.device_control.sealed import mac


class KeyMark:
    """The mark of a terminal's key in a folder of records.

    Attributes:
        aside: the name of the folder in which the records of another key are now; empty: there were none.
    """

    def __init__(self, folder: Path, terminal: str, key: bytes) -> None:
        """Puts the folder aside if it has another key's mark. Raises OSError."""
        self._file = folder / "key"
        self._mark = mac(key, f"madoguchi usb journal 1\n{terminal}\n")
        self.aside = ""
        try:
            found = self._file.read_text(encoding="ascii", errors="replace").strip()
        except FileNotFoundError:
            found = ""
        self._is_there = found == self._mark
        if found and not self._is_there:
            places = (folder.with_name(f"{folder.name}.{number}") for number in count(1))
            place = next(each for each in places if not each.exists())
            folder.rename(place)
            sync(folder.parent)
            self.aside = place.name

    def put(self) -> None:
        """Marks the folder, before the first record is in it. Raises OSError."""
        if not self._is_there:
            keep(self._file, f"{self._mark}\n")
            self._is_there = True
