"""The audit: every way of tampering with it is found, on the server and in an export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.app.admin.audit_export import check_export, signature_file
from madoguchi.app.admin.signing import make_signing_key, public_key_file
from tests.support.debian_cluster import DebianCluster


@pytest.fixture
def kept(debian: DebianCluster) -> Iterator[DebianCluster]:
    """A server with records in two chains of the audit and two of the views; all is put back at the end."""
    debian.psql(
        "do $$ begin for c in 901..902 loop for n in 1..6 loop"
        " perform audit.note(c, 'who', 'act ' || n, jsonb_build_object('n', n, 'と', 1.50));"
        " perform audit.note_view(c, 'who', n, null, 'card'); end loop; end loop; end $$"
    )
    yield debian
    tamper(
        debian,
        "; ".join(f"delete from audit.{table} where chain in (901, 902)" for table in
                  ("record", "head", "viewed", "viewed_head")),
    )  # fmt: skip


def tamper(debian: DebianCluster, sql: str) -> None:
    """As the superuser, with the triggers that would refuse it out of the way."""
    debian.psql(f"set session_replication_role = replica; {sql}")


def insert(table: str, chain: int, seq: str, at_seq: int) -> str:
    return (
        f"insert into audit.{table} select (jsonb_populate_record(r, jsonb_build_object('seq', {seq}))).*"
        f" from audit.{table} r where chain = {chain} and seq = {at_seq}"
    )


CASES = {
    "changed": "update audit.{t} set who = 'somebody' where chain = 901 and seq = 3",
    "changed a little": "update audit.{t} set at = at + interval '1 ms' where (chain, seq) = (901, 6)",
    "changed, its hash too": "update audit.{t} set who = 'x', hash = 'x' where (chain, seq) = (901, 3)",
    "deleted": "delete from audit.{t} where chain = 901 and seq = 3",
    "the first deleted": "delete from audit.{t} where chain = 901 and seq = 1",
    "inserted": "update audit.{t} set seq = seq + 100 where chain = 901 and seq > 3;"
    " update audit.{t} set seq = seq - 99 where chain = 901 and seq > 100; " + insert("{t}", 901, "4", 3),
    "added at the end": insert("{t}", 901, "7", 6),
    "reordered": "update audit.{t} set seq = -1 where chain = 901 and seq = 3;"
    " update audit.{t} set seq = 3 where chain = 901 and seq = 4;"
    " update audit.{t} set seq = 4 where chain = 901 and seq = -1",
    "put into another chain": "delete from audit.{t} where chain = 902 and seq = 6;"
    " update audit.{t} set chain = 902 where chain = 901 and seq = 6",
    "tail cut": "delete from audit.{t} where chain = 901 and seq > 4",
    "a whole chain gone": "delete from audit.{t} where chain = 901",
    "the head gone": "delete from audit.{h} where chain = 901",
    "tail cut, the head with it": "delete from audit.{t} where chain = 901 and seq > 4;"
    " update audit.{h} set seq = 4 where chain = 901",
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("table", "head"), [("record", "head"), ("viewed", "viewed_head")])
def test_tampering_is_found(kept: DebianCluster, case: str, table: str, head: str) -> None:
    tamper(kept, CASES[case].replace("{t}", table).replace("{h}", head))
    status, lines = kept.command("audit", "verify")
    assert status == 1
    kind = "audit" if table == "record" else "views"
    assert all(line.startswith(f"NOT OK {kind} chain 90") for line in lines)


def test_what_the_triggers_refuse_even_the_superuser(kept: DebianCluster) -> None:
    for sql in (
        "update audit.record set who = 'x' where chain = 901",
        "delete from audit.record where chain = 901",
        "truncate audit.record",
        "update audit.viewed set who = 'x' where chain = 901",
        "truncate audit.viewed",
    ):
        with pytest.raises(AssertionError, match="only ever added to"):
            kept.psql(sql)


def test_a_clock_set_back_breaks_no_chain(kept: DebianCluster) -> None:
    """Acts that waited for each other, a clock put right: no record is earlier than the one before."""
    tamper(kept, "update audit.head set at = at + interval '1 hour' where chain = 901")
    kept.psql("select audit.note(901, 'who', 'after', '{}')")
    assert kept.done("audit", "verify")
    assert (
        kept.psql("select seq, at > now() from audit.record where chain = 901 order by seq desc limit 1")
        == "7|t"
    )


# -- exported ------------------------------------------------------------------------------------------------


@pytest.fixture
def exported(kept: DebianCluster, tmp_path: Path) -> Path:
    file = tmp_path / "audit.jsonl"
    kept.done("audit", "export", str(file))
    return file


def test_an_export_proves_itself_without_the_server(kept: DebianCluster, exported: Path) -> None:
    assert kept.done("audit", "check-export", str(exported)) == ["ok signature and chains"]
    assert exported.stat().st_mode & 0o777 == 0o600
    records = [json.loads(line) for line in exported.read_text(encoding="utf-8").splitlines()]
    texts = [json.loads(line["text"]) for line in records if "text" in line]
    assert len(texts) == int(kept.psql("select count(*) from audit.record"))
    assert [901, 6] in [text[:2] for text in texts]
    assert "already" in kept.refused("audit", "export", str(exported))


def test_an_export_of_some_days(kept: DebianCluster, tmp_path: Path) -> None:
    today = kept.psql("select library_day(0)")
    for place, (options, some) in enumerate(
        [
            (["--from", today], True),
            (["--to", today], True),
            (["--from", today, "--to", today], True),
            (["--to", "2020-01-01"], False),
            (["--from", "2100-01-01"], False),
        ]
    ):
        file = tmp_path / f"{place}.jsonl"
        kept.done("audit", "export", str(file), *options)
        assert kept.done("audit", "check-export", str(file))
        assert ('"text"' in file.read_text(encoding="utf-8")) is some


def line_of(lines: list[str], chain: int, seq: int) -> int:
    return next(
        place for place, line in enumerate(lines)
        if "text" in json.loads(line) and json.loads(json.loads(line)["text"])[:2] == [chain, seq]
    )  # fmt: skip


@pytest.mark.parametrize("case", ["changed", "deleted", "inserted", "reordered", "tail cut", "chain cut"])
def test_a_tampered_export_is_found_by_its_signature_and_by_its_chains(
    kept: DebianCluster, exported: Path, case: str
) -> None:
    lines = exported.read_text(encoding="utf-8").splitlines()
    at = line_of(lines, 901, 3)
    if case == "changed":
        lines[at] = lines[at].replace("act 3", "act 9")
    elif case == "deleted":
        del lines[at]
    elif case == "inserted":
        lines.insert(at, lines[at])
    elif case == "reordered":
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    elif case == "tail cut":
        del lines[line_of(lines, 901, 5) : line_of(lines, 901, 6) + 1]
    else:
        del lines[line_of(lines, 902, 1) :]
    exported.write_text("\n".join(lines) + "\n", encoding="utf-8")
    status, said = kept.command("audit", "check-export", str(exported))
    assert status == 1
    assert any("signature" in line for line in said)
    assert any("line " in line or "its end" in line for line in said)


def test_another_servers_key_signs_nothing_for_this_one(
    kept: DebianCluster, exported: Path, tmp_path: Path
) -> None:
    make_signing_key(tmp_path / "other")
    assert check_export(exported, public_key_file(tmp_path / "other"))
    signature_file(exported).write_text('{"signature": "AAAA"}', encoding="utf-8")
    assert check_export(exported, public_key_file(kept.home.signing))
    exported.write_bytes(b"\xff\xfe not json\n" + b"[" * 100_000 + b"\n")
    assert check_export(exported, public_key_file(kept.home.signing))
