"""A scanner that was learned at the terminal is written into its ``settings.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from madoguchi.app import files
from madoguchi.app.settings import SettingsError
from madoguchi.barcode.sources.scanner import Scanner
from madoguchi.barcode.sources.tables import BadScanner, scanners_of, table_text

_MODE: Final = 0o644
"""No secret stands in the settings."""


def add_scanner(file: Path, scanner: Scanner) -> None:
    """Appends a scanner's table; what stands in the file stays, comments too; its lines end as ours do.

    Raises:
        SettingsError: what the file would then be is not right, and it is left alone.
        OSError: it cannot be read or written.
    """
    try:
        before = file.read_text(encoding="utf-8-sig") if file.exists() else ""
        after = (before.rstrip("\n") + "\n\n" if before.strip() else "") + table_text(scanner)
        scanners_of(tomllib.loads(after).get("scanner", ()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, BadScanner) as error:
        raise SettingsError(f"{file}: {error}") from error
    if not file.parent.exists():
        files.make_folder(file.parent, 0o755)
    files.write(file, after, file.stat().st_mode & 0o7777 if file.exists() else _MODE)
