"""The slip with a one-time web password, as the bytes a receipt printer takes (ESC/POS, Shift_JIS).

For the patron, so it is in Japanese whatever the counter speaks. It names nobody: whose password it is, the
patron knows, and a slip that is left lying about says nothing to whoever finds it.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from madoguchi.app.patrons.web_password import Secret, overwrite

_BEGIN: Final = b"\x1b@"  # ESC @: as after switching on; what was left in the printer's line is gone
_KANJI: Final = b"\x1cC\x01\x1c&"  # FS C 1: Shift_JIS; FS &: kanji on
_CENTRE, _LEFT = b"\x1ba\x01", b"\x1ba\x00"
_LARGE, _NORMAL = b"\x1d!\x11", b"\x1d!\x00"  # GS !: twice as wide and as high
_CUT: Final = b"\x1bd\x04\x1dVB\x00"  # ESC d 4: four lines on; GS V B: cut where it can be torn off

COLUMNS: Final = 32
"""Narrow characters in a line of the narrowest paper, 58 mm."""


def secret_slip(secret: Secret, expires: dt.datetime, branch: str) -> bytearray:
    """The slip; whoever sends it overwrites it afterwards.

    Raises:
        LookupError: the secret was wiped.
    """
    until = f"{expires.year}年{expires.month}月{expires.day}日 {expires:%H:%M}"
    head = b"".join(
        (
            _BEGIN,
            _KANJI,
            _CENTRE,
            _line("仮パスワード"),
            _line("（インターネット利用）"),
            b"\n",
            _LARGE,
        )
    )
    tail = b"".join(
        (
            b"\n",
            _NORMAL,
            b"\n",
            _line(f"{until} まで"),
            _LEFT,
            b"\n",
            _line("図書館のホームページで、"),
            _line("利用者番号とこのパスワードで"),
            _line("ログインし、すぐに"),
            _line("新しいパスワードに変えて"),
            _line("ください。"),
            _line("前のパスワードは使えません。"),
            _line("職員はパスワードを見ません。"),
            b"\n",
            _line(branch),
            _CUT,
            # nothing of it is left in what the printer repeats
            _BEGIN,
        )
    )
    revealed = secret.reveal()
    # made once at its full length: a buffer that grows leaves copies behind
    slip = bytearray(len(head) + len(revealed) + len(tail))
    slip[: len(head)] = head
    slip[len(head) : len(head) + len(revealed)] = revealed
    slip[len(head) + len(revealed) :] = tail
    overwrite(revealed)
    return slip


def _line(text: str) -> bytes:
    """A line of text, cut to the paper's width; what the printer has no sign for is a question mark."""
    seen = "".join(letter for letter in text if letter.isprintable())
    encoded = b""
    for letter in seen:
        more = encoded + letter.encode("cp932", "replace")
        if len(more) > COLUMNS:
            break
        encoded = more
    return encoded + b"\n"
