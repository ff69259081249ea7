"""What a terminal may be called in a certificate."""

from __future__ import annotations

import unicodedata
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

LONGEST_BYTES: Final = 59
"""Bytes of UTF-8. PostgreSQL keeps 63 of `/CN=` and the name, and would cut a longer one in a character."""


def subject(name: str) -> x509.Name:
    """The subject of a certificate or of a request for one: `name` and nothing else.

    Raises:
        ValueError: nothing, too long, or with characters that are not seen; the message is a sentence.
    """
    text = unicodedata.normalize("NFC", name).strip()
    # control characters, marks of direction, lone surrogates, unassigned ones; line and paragraph separators
    if not text or any(unicodedata.category(letter)[0] == "C" for letter in text):
        raise ValueError("端末の名前は、目に見える文字で1文字以上にしてください")
    if any(unicodedata.category(letter) in ("Zl", "Zp") for letter in text):
        raise ValueError("端末の名前に改行は使えません")
    if len(text.encode()) > LONGEST_BYTES:
        raise ValueError(f"端末の名前は{LONGEST_BYTES}バイト (漢字で{LONGEST_BYTES // 3}文字) までです")
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
