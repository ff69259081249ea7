"""python-escpos, loaded without what it does besides: nothing of it is left in the temporary folder.

When it is loaded it reads a hundred kilobytes of printers' properties, which holds a counter up for
half a second, and leaves a pickle of it behind. No printer's properties are needed here: each is told what it
shall do. So it gets a profile of our own, and what it left is taken away.
"""

from __future__ import annotations

import os
import shutil
import threading
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

_FILE: Final = "ESCPOS_CAPABILITIES_FILE"
_loading = threading.Lock()


def printers() -> Any:
    """The module ``escpos.printer``."""
    # two slips, or a slip and a password, may be the first ones
    with _loading:
        return _load()


@cache
def _load() -> Any:
    ours = resources.files("madoguchi.resources").joinpath("slips", "escpos.json")
    before = os.environ.get(_FILE)
    with resources.as_file(ours) as path:
        os.environ[_FILE] = str(path)
        try:
            from escpos import capabilities, printer
        finally:
            if before is None:
                del os.environ[_FILE]
            else:
                os.environ[_FILE] = before
    if not os.environ.get("ESCPOS_CAPABILITIES_PICKLE_DIR"):
        shutil.rmtree(Path(capabilities.pickle_dir), ignore_errors=True)
    return printer
