"""The audit in a file that proves itself: records, where their chains begin and end, and a signature.

One JSON object a line. The first says what the file is. Then for each chain one with ``chain``, ``before``
(the hash before its first record here) and ``head`` (number and hash of the chain's last record on the
server); then its records, each ``text`` (what was hashed, to the letter) and ``hash``: SHA-256 of the hash
before and the text.
The signature, in a file beside it, is Ed25519 over SHA-256 of the whole file.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import sqlalchemy as sa

from madoguchi.app.admin.said import CannotDo
from madoguchi.app.admin.signing import is_signed, sign
from madoguchi.app.files import write
from madoguchi.app.office.audit_file import KIND

_ROWS_AT_ONCE: Final = 5000

_CHAINS: Final = """
    select h.chain, h.seq, encode(h.hash, 'hex') as hash,
           (select min(r.seq) from audit.record r where r.chain = h.chain and r.at >= :first) as first_seq,
           (select max(r.seq) from audit.record r where r.chain = h.chain and r.at < :last) as last_seq
    from audit.head h order by h.chain
"""
_BEFORE: Final = """
    select encode(coalesce((select r.hash from audit.record r where r.chain = :chain and r.seq = :seq - 1),
                           audit.beginning('audit', :chain)), 'hex')
"""
_RECORDS: Final = """
    select r.seq, encode(r.hash, 'hex') as hash,
           jsonb_build_array(r.chain, r.seq, audit.moment(r.at), r.who, r.act, r.subject)::text as text
    from audit.record r where r.chain = :chain and r.seq between :first and :last order by r.seq
"""


def export(
    connection: sa.Connection, signing: Path, file: Path, *, first: dt.date | None, last: dt.date | None
) -> int:
    """Writes the records of the days ``first`` to ``last`` and the signature; returns how many there are.

    Days are the library's own. The connection's transaction has done nothing yet.

    Raises:
        CannotDo: there is no key to sign with, or the file is there already.
        OSError: it cannot be written.
    """
    for there in (file, signature_file(file)):
        if there.exists():
            raise CannotDo(f"{there}: it is there already; an export replaces none")
    sign(signing, b"")  # said before the work, not after it
    # one view of records and heads
    connection.exec_driver_sql("set transaction isolation level repeatable read, read only")
    unfinished = file.with_name(f".{file.name}.unfinished")
    count = 0
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as opened:
            unfinished.chmod(0o600)
            for line in _lines(connection, first, last):
                count += "text" in line
                opened.write(json.dumps(line, ensure_ascii=False) + "\n")
        digest = _digest(unfinished)
        signed = {"kind": KIND, "sha256": digest.hex(), "signature": _base64(sign(signing, digest))}
        write(signature_file(file), json.dumps(signed) + "\n", 0o600)
        unfinished.rename(file)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return count


def signature_file(file: Path) -> Path:
    """Where the signature of an export is."""
    return file.with_name(file.name + ".sig")


def check_export(file: Path, public_key: Path | None) -> list[str]:
    """What is wrong with an export; nothing: it is as it was signed, and its chains hold.

    Without a key it is one that a terminal wrote: only its chains can be told to hold.

    Raises:
        CannotDo: a file cannot be read.
    """
    problems = []
    if public_key is not None and not _is_as_signed(file, public_key):
        problems.append("the signature is not this key's over this file")
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            problems.extend(_broken(opened))
    except OSError as error:
        raise CannotDo(f"{error.filename}: cannot be read ({error.strerror})") from error
    return problems


def digest_of(file: Path) -> str:
    """SHA-256 of the file, as it stands on record where a terminal wrote it. Raises OSError."""
    return _digest(file).hex()


def _is_as_signed(file: Path, public_key: Path) -> bool:
    try:
        digest = _digest(file)
        signed = json.loads(signature_file(file).read_text(encoding="utf-8"))
        signature = base64.b64decode(signed["signature"], validate=True)
    except OSError as error:
        raise CannotDo(f"{error.filename}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        digest, signature = b"", b""
    return is_signed(public_key, digest, signature)


def _lines(
    connection: sa.Connection, first: dt.date | None, last: dt.date | None
) -> Iterator[dict[str, Any]]:
    bounds = connection.execute(
        sa.text(
            "select current_database() as database, clock_timestamp() as made_at,"
            " coalesce(cast(:first as timestamp) at time zone p.time_zone, '-infinity')::text as first,"
            " coalesce(cast(:last as timestamp) at time zone p.time_zone, 'infinity')::text as last"
            " from policy p"
        ),
        {
            "first": None if first is None else first.isoformat(),
            "last": None if last is None else (last + dt.timedelta(days=1)).isoformat(),
        },
    ).one()
    yield {
        "kind": KIND,
        "database": bounds.database,
        "made_at": bounds.made_at.isoformat(),
        "from": None if first is None else first.isoformat(),
        "to": None if last is None else last.isoformat(),
    }
    between = {"first": bounds.first, "last": bounds.last}
    typed = sa.text(_CHAINS.replace(":first", "cast(:first as timestamptz)")
                    .replace(":last", "cast(:last as timestamptz)"))  # fmt: skip
    for chain in connection.execute(typed, between).all():
        first_seq, last_seq = chain.first_seq, chain.last_seq
        if first_seq is None or last_seq is None or first_seq > last_seq:
            continue
        before = connection.execute(sa.text(_BEFORE), {"chain": chain.chain, "seq": first_seq}).scalar_one()
        yield {"chain": chain.chain, "before": before, "head": {"seq": chain.seq, "hash": chain.hash}}
        for start in range(first_seq, last_seq + 1, _ROWS_AT_ONCE):
            until = min(last_seq, start + _ROWS_AT_ONCE - 1)
            found = connection.execute(
                sa.text(_RECORDS), {"chain": chain.chain, "first": start, "last": until}
            )
            for record in found.all():
                yield {"text": record.text, "hash": record.hash}


def _broken(lines: IO[str]) -> Iterator[str]:
    """What is wrong with the chains of an export, computed without any server."""
    to_the_end = False
    chain: dict[str, Any] | None = None
    before, seq = b"", None
    for number, raw in enumerate(lines, start=1):
        try:
            line = json.loads(raw)
            if number == 1:
                if line["kind"] != KIND:
                    raise ValueError("another kind of file")
                to_the_end = line["to"] is None
                continue
            if "chain" in line:
                yield from _unfinished(chain, seq, before, to_the_end)
                chain, before, seq = line, bytes.fromhex(line["before"]), None
                continue
            if chain is None:
                raise ValueError("a record of no chain")
            said = json.loads(line["text"])
            if said[0] != chain["chain"] or (seq is None and said[1] == 1 and before != _beginning(said[0])):
                yield f"line {number}: the record is not of this chain"
            if seq is not None and said[1] != seq + 1:
                yield f"line {number}: records are missing before it"
            computed = hashlib.sha256(before + line["text"].encode()).digest()
            if computed.hex() != line["hash"]:
                yield f"line {number}: it was changed, or does not follow the one before"
            before, seq = bytes.fromhex(line["hash"]), said[1]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            yield f"line {number}: it cannot be read"
    yield from _unfinished(chain, seq, before, to_the_end)


def _unfinished(
    chain: dict[str, Any] | None, seq: int | None, last: bytes, to_the_end: bool
) -> Iterator[str]:
    if chain is None:
        return
    head = chain["head"]
    at_the_end = seq == head["seq"]
    if (to_the_end and not at_the_end) or (at_the_end and last.hex() != head["hash"]):
        yield f"chain {chain['chain']}: its end is missing or was changed"


def _beginning(chain: int) -> bytes:
    return hashlib.sha256(f"madoguchi audit {chain}".encode()).digest()


def _digest(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
