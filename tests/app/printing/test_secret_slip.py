"""The slip with a one-time password: what is on it, byte by byte, and what is not left behind."""

from __future__ import annotations

import datetime as dt
import pickle
import re

import pytest

from madoguchi.app.patrons.web_password import Secret, WebPassword, overwrite
from madoguchi.app.printing.secret_slip import COLUMNS, secret_slip
from tests.support.library import new_id

WORD = "abcd-efgh-2345"
EXPIRES = dt.datetime(2026, 5, 13, 9, 5)


def test_the_password_is_on_it_large_once_and_until_when_it_is_good() -> None:
    slip = bytes(secret_slip(Secret(WORD), EXPIRES, "南市民図書館"))
    # begun anew, in Shift_JIS with kanji on
    assert slip.startswith(b"\x1b@\x1cC\x01\x1c&")
    assert slip.count(WORD.encode()) == 1
    assert b"\x1d!\x11" + WORD.encode() + b"\n\x1d!\x00" in slip
    # cut, and nothing of it kept for a repeat
    assert slip.endswith(b"\x1bd\x04\x1dVB\x00\x1b@")
    plain = re.sub(rb"\x1b@|\x1cC\x01|\x1c&|\x1ba.|\x1d!.|\x1bd.|\x1dVB.", b"", slip).decode("cp932")
    assert "仮パスワード\n" in plain
    assert "2026年5月13日 09:05 まで\n" in plain
    assert "南市民図書館\n" in plain
    for line in plain.splitlines():
        assert len(line.encode("cp932")) <= COLUMNS, line
    assert len(WORD) * 2 <= COLUMNS


def test_a_branch_is_words_and_no_command() -> None:
    slip = bytes(secret_slip(Secret(WORD), EXPIRES, "\x1bp\x00図書室" + "あ" * 40 + "👪"))
    assert b"\x1bp" not in slip
    assert "図書室".encode("cp932") in slip


def test_a_secret_shows_itself_to_nobody_and_is_wiped() -> None:
    secret = Secret(WORD)
    made = WebPassword(new_id(), secret, EXPIRES)
    for shown in (repr(secret), str(secret), repr(made), f"{made}"):
        assert "abcd" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    copy = secret.reveal()
    assert copy == WORD.encode()
    overwrite(copy)
    assert copy == b""
    # still there until it is wiped itself
    assert secret.reveal() == WORD.encode()
    held = memoryview(secret._bytes)
    with pytest.raises(BufferError):
        # overwritten first, whoever looks at it meanwhile
        secret.wipe()
    assert bytes(held) == bytes(len(WORD))
    held.release()
    secret.wipe()
    with pytest.raises(LookupError, match="wiped"):
        secret.reveal()
    with pytest.raises(LookupError):
        secret_slip(secret, EXPIRES, "南")
