"""``move-in`` from the first file to the end, on both databases: what is told, what adds up, what is left."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest

from madoguchi.app.movein.columns import COLUMNS, File
from madoguchi.app.movein.problems import NOTICES, SENTENCES, Problem
from madoguchi.app.server.tables.accounts import STAFF_ROLES
from tests.admin.move_in_faults import FAULTS, plant
from tests.support.debian_cluster import DebianCluster
from tests.support.move_in import MAPS, Files, Place

ROOT = Path(__file__).parents[2]
TABLES = (
    "title",
    "title_creator",
    "item",
    "patron",
    "card",
    "patron_note",
    "loan",
    "title_search",
    "patron_search",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_what_the_files_say_is_in_the_library(place: Place, tmp_path: Path, encoding: str) -> None:
    folder = Files.of(4).write(tmp_path / "old", encoding)
    lines = place.done("stage", str(folder), *MAPS)
    assert place.counted(lines) == {
        "titles.csv": (4, 4, 0), "items.csv": (4, 4, 0), "patrons.csv": (4, 4, 0), "loans.csv": (2, 2, 0),
    }  # fmt: skip
    assert place.told() == []
    assert all(place.count(table) == 0 for table in TABLES)
    would = "title 4, title_creator 8, item 4, patron 4, card 8, patron_note 4, loan 2"
    assert place.done("check")[-1] == f"would be switched: {would}"
    lines = place.done("switch")
    assert lines[0] == f"in the library, as many as were staged: {would}"
    assert [place.count(table) for table in TABLES] == [4, 8, 4, 4, 8, 4, 2, 4, 4]
    born, proof_seen, lent = dt.date(1980, 4, 1), dt.date(2019, 5, 1), dt.date(2026, 1, 5)
    registered = dt.date(2019, 5, 12)
    patrons = place.sql(
        "select p.name, p.kana, p.birth_date, p.category, p.postal_code, p.address, p.telephone, p.email,"
        " p.notice_by, p.proof, p.proof_seen_on, p.registered_on, p.last_used_on, b.code, n.text, n.login,"
        " n.made_on, p.version from patron p join branch b on b.id = p.branch_id"
        " join patron_note n on n.patron_id = p.id order by p.id"
    )
    assert [tuple(map(str, patron)) for patron in patrons[:1]] == [
        (
            "見本 花子1", "ミホン キ", str(born), "resident", "2510000", "藤沢市見本町 １丁目２番３号",
            "0466-00-0000", "mihon@example.jp", "mail", "licence", str(proof_seen), str(registered),
            str(lent), "minami", "電話は夕方以降", "", str(registered), "1",
        )
    ]  # fmt: skip
    # who has no loan was last there when they registered
    assert [str(patron[12]) for patron in patrons] == [str(lent)] * 2 + [str(registered)] * 2
    cards = place.sql("select number, state, issued_on from card order by number")
    assert [card[:2] for card in cards[:1] + cards[-1:]] == [("2000000001", "active"), ("2900000004", "lost")]
    loans = place.sql(
        "select i.number, c.number, b.code, l.lent_on, l.due_on, l.renewals, m.title, i.kind from loan l"
        " join item i on i.id = l.item_id join title m on m.id = i.title_id"
        " join card c on c.patron_id = l.patron_id and c.state = 'active' join branch b on b.id = l.branch_id"
        " order by 1"
    )
    assert [tuple(map(str, loan)) for loan in loans] == [
        ("1000000001", "2000000001", "sogo", "2026-01-05", "2026-01-19", "1", "見本の本 1", "book"),
        ("1000000002", "2000000002", "sogo", "2026-01-05", "2026-01-19", "1", "見本の本 2", "book"),
    ]
    assert place.sql("select volume, year, statement, ndc from title")[0] == (
        "1", 2018, "見本 太郎・見本 花子", "913.6",
    )  # fmt: skip
    assert place.sql("select position, name, reading from title_creator order by title_id, position")[:2] == [
        (1, "見本 太郎", "ミホン タロウ"),
        (2, "見本 花子", ""),
    ]
    # what comes later counts on from there, and the search is kept by the triggers as before
    place.sql_do("insert into title (title) values ('あとから')")
    assert place.count("title_search") == 5
    assert "nothing is staged" in place.refused("switch")
    assert "nothing is staged" in place.refused("check")
    if place.debian is not None:
        notes = place.sql("select who, subject::text from audit.record where act = 'move in'")
        assert notes == [
            (
                "postgres",
                '{"card": 8, "item": 4, "loan": 2, "title": 4, "patron": 4, "patron_note": 4,'
                ' "title_creator": 8}',
            )
        ]
        assert place.sql("select count(*) from audit.problems()") == [(0,)]
    # a second time these numbers are taken: nothing is written
    place.done("stage", str(folder), *MAPS)
    status, lines = place.command("check")
    assert status == 1
    assert lines[-3:] == [
        "NOT OK: the library has 4 of the cards already",
        "NOT OK: the library has 4 of the lost cards already",
        "NOT OK: the library has 4 of the items already",
    ]
    assert "the library has 4 of the cards already; nothing was changed" in place.refused("switch")
    assert place.count("patron") == 4
    assert place.done("forget") == ["what was staged is erased"]
    assert place.done("forget") == ["nothing was staged"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_each_fault_is_told_at_its_row_with_its_sentence_and_nothing_else(
    place: Place, tmp_path: Path, encoding: str
) -> None:
    # everything that refers to nothing is behind the rows that are referred to: a fault each
    most = max(sum(fault.file is file for fault in FAULTS) for file in File)
    files = Files.of(4 * most + 2)
    planted = [
        plant(files, fault, place_of) for place_of, fault in enumerate(sorted(FAULTS, key=lambda f: f.file))
    ]
    folder = files.write(tmp_path / "old", encoding)
    lines = place.done("stage", str(folder), *MAPS, "--encoding", encoding, "--batch", "7")
    assert sorted(place.told()) == sorted(planted)
    refused = {(file, row) for file, row, _, problem in planted if Problem(problem) not in NOTICES}
    for file in File:
        out = sum(name == file.csv for name, _ in refused)
        read = len(files.rows[file])
        assert place.counted(lines)[file.csv] == (read, read - out, out)
    # each kind of problem that a row can have of itself is among them
    compound = {
        Problem.UNKNOWN_COLUMN, Problem.TITLE_REFUSED, Problem.ITEM_REFUSED, Problem.PATRON_REFUSED,
    }  # fmt: skip
    assert {fault.problem for fault in FAULTS} == set(Problem) - compound
    report = place.report.read_text(encoding="utf-8-sig")
    for problem in {fault.problem for fault in FAULTS}:
        assert SENTENCES[problem].replace('"', '""') in report
    # not a value of any row: neither said nor in the report
    assert "見本" not in report + "\n".join(lines)
    assert "2000000001" not in report + "\n".join(lines)
    lines = place.done("switch")
    assert place.count("patron") == place.counted(place_counts(files, refused))["patrons.csv"][1]
    assert lines[1] == f"left out, as the report says: {len(refused)} rows"


def place_counts(files: Files, refused: set[tuple[str, int]]) -> list[str]:
    """The lines that the command would say of these."""
    lines = []
    for file in File:
        out = sum(name == file.csv for name, _ in refused)
        read = len(files.rows[file])
        lines.append(f"{file.csv}: read {read} = good {read - out} + refused {out}; notices 0")
    return lines


def test_what_refers_to_a_refused_row_is_told_apart_and_heals_with_it(place: Place, tmp_path: Path) -> None:
    files = Files.of(4)
    files.rows[File.TITLES][1]["title"] = ""
    files.rows[File.PATRONS][0]["birth_date"] = "S64.4.31"
    folder = files.write(tmp_path / "old")
    place.done("stage", str(folder), *MAPS)
    assert place.told() == [
        ("titles.csv", 3, "title", "needed"),
        ("items.csv", 3, "title_id", "title_refused"),
        ("patrons.csv", 2, "birth_date", "not_a_date"),
        ("loans.csv", 2, "card_number", "patron_refused"),
        ("loans.csv", 3, "item_number", "item_refused"),
    ]
    files.rows[File.TITLES][1]["title"] = "見本"
    files.rows[File.PATRONS][0]["birth_date"] = "S64.1.7"
    files.write(folder)
    # the files were changed: what is staged is not mixed with what they say now
    assert "it is another file than staging began with" in place.refused("stage", str(folder))
    assert place.count(place.staged("patron")) == 3
    lines = place.done("stage", str(folder), *MAPS, "--again")
    assert place.told() == []
    assert place.counted(lines)["loans.csv"] == (2, 2, 0)


def test_a_loan_by_a_card_that_was_lost_since_is_its_owners(place: Place, tmp_path: Path) -> None:
    files = Files.of(2)
    files.rows[File.LOANS][0]["card_number"] = "2900000002"
    place.done("stage", str(files.write(tmp_path / "old")), *MAPS)
    place.done("switch")
    owner = "select c.number from loan l join card c on c.patron_id = l.patron_id and c.state = 'active'"
    assert place.sql(owner) == [("2000000002",)]


def test_the_map_is_typed_or_a_file_and_leads_to_codes_of_the_library(place: Place, tmp_path: Path) -> None:
    folder = str(Files.of(2).write(tmp_path / "old"))
    place.done("stage", folder)
    assert {problem for *_, problem in place.told()} == {"unknown_code"}
    assert "--map is another than staging began with" in place.refused("stage", folder, *MAPS)
    mapping = tmp_path / "map.csv"
    mapping.write_bytes("column,old,new\r\ncategory,1,resident\r\nbranch,０１,sogo\r\n".encode("cp932"))
    place.done("stage", folder, "--again", "--map-file", str(mapping), "--map", "kind:B=book")
    assert place.told() == []
    for arguments, sentence in {
        ("--map", "category:1=citizen"): "--map category:1=citizen: the library has no category citizen",
        ("--map", "category=1"): "--map category=1: it is COLUMN:OLD=NEW, as in category:1=resident",
        ("--map", "name:1=2"): "--map: the column is one of branch, category, kind, notice_by, proof",
        ("--map", "kind:1=cd", "--map", "kind:1=dvd"): "--map: kind 1 is to mean two things",
        ("--map-file", str(tmp_path / "none")): "none: it cannot be read (No such file or directory)",
        ("--map-file", f"{folder}/titles.csv"): "its first row is column,old,new",
    }.items():
        assert place.refused("stage", folder, "--again", *arguments).endswith(sentence)
    # what was staged before is staged still
    assert place.done("check")[-1].startswith("would be switched: title 2")


def test_no_member_of_staff_reaches_what_is_staged_and_nothing_of_it_stays(
    place: Place, tmp_path: Path
) -> None:
    files = Files.of(2)
    files.rows[File.PATRONS][0]["name"] = "秘密 なまえ"
    place.done("stage", str(files.write(tmp_path / "old")), *MAPS)
    if place.file is not None:
        assert "秘密 なまえ".encode() in held_by(place.file)
        place.done("forget")
        # erased is overwritten, and nothing waits beside the file
        assert "秘密 なまえ".encode() not in held_by(place.file)
        return
    owners = "select distinct tableowner from pg_tables where schemaname = 'movein'"
    assert place.sql(owners) == [("madoguchi_owner",)]
    for role in (*STAFF_ROLES, "staff_login", "madoguchi_watch", "madoguchi_web"):
        assert place.sql(f"select has_schema_privilege('{role}', 'movein', 'usage')") == [(False,)]
        assert place.sql(f"select has_table_privilege('{role}', 'movein.patron', 'select')") == [(False,)]
    place.done("forget")
    assert place.sql("select count(*) from pg_namespace where nspname = 'movein'") == [(0,)]


def held_by(file: Path) -> bytes:
    """All bytes of a library's file and of what lies beside it."""
    return b"".join(each.read_bytes() for each in sorted(file.parent.glob(file.name + "*")))


def test_a_library_that_is_not_there_old_or_not_set_up_is_left_alone(place: Place, tmp_path: Path) -> None:
    folder = str(Files.of(2).write(tmp_path / "old"))
    place.sql_do("delete from loan_term")
    place.sql_do("delete from patron_category")
    sentence = "the library has no branches, categories or kinds yet; it has to be set up before"
    assert place.refused("stage", folder, *MAPS) == sentence
    place.sql_do("update alembic_version set version_num = '0001'")
    assert "the library's schema is 0001" in place.refused("stage", folder, *MAPS)
    if place.file is not None:
        place.file.unlink()
        assert place.refused("stage", folder, *MAPS) == f"{place.file}: there is no such library"
        assert not place.file.exists()
    else:
        place.database = "no_such_database"
        assert "the library's database is not there" in place.refused("stage", folder, *MAPS)


def test_a_branch_that_was_closed_since_staging_is_said_and_nothing_is_written(
    place: Place, tmp_path: Path
) -> None:
    place.sql_do("insert into patron_category (code, name) values ('old', '旧')")
    files = Files.of(2)
    files.rows[File.PATRONS][0]["category"] = "old"
    place.done("stage", str(files.write(tmp_path / "old")), *MAPS)
    place.sql_do("delete from patron_category where code = 'old'")
    said = "1 rows name a category that the library had when they were staged and has no more"
    assert place.refused("switch") == f"{said}; nothing was changed"
    assert place.command("check") == (1, place.command("check")[1])
    assert place.count("patron") == 0


def test_what_the_database_refuses_is_said_without_its_words(place: Place, tmp_path: Path) -> None:
    place.done("stage", str(Files.of(2).write(tmp_path / "old")), *MAPS)
    if place.file is not None:
        place.sql_do(
            "create trigger no_more before insert on patron when new.name = '見本 花子2'"
            " begin select raise(abort, '見本 花子2'); end"
        )
    else:
        place.sql_do("alter table patron add constraint no_more check (name <> '見本 花子2')")
    said = place.refused("switch")
    assert said.startswith("the database refused it (")
    assert "見本" not in said
    assert place.count("patron") == place.count("title") == place.count("title_search") == 0
    assert place.count(place.staged("patron")) == 2
    if place.file is not None:
        with place.engine.connect() as other:
            other.exec_driver_sql("BEGIN IMMEDIATE")
            assert place.refused("switch") == "the library is open in another program; close it first"
            other.exec_driver_sql("ROLLBACK")


def test_the_page_lists_every_column_and_problem() -> None:
    page = (ROOT / "docs" / "move-in.md").read_text(encoding="utf-8")
    for file, columns in COLUMNS.items():
        assert f"`{file.csv}`" in page
        for column in columns.values():
            needed = "yes" if column.needed else ""
            example = f"`{column.example}`" if column.example else ""
            cells = (f"`{column.name}`", column.kind.value, str(column.longest), needed, example, column.says)
            assert f"| {' | '.join(cells)} |" in page, column.name
    for problem in Problem:
        assert f"| `{problem.value}` |" in page
    assert set(SENTENCES) == set(Problem)


def test_the_servers_own_check_tells_what_is_staged_and_backups_leave_it_out(
    debian: DebianCluster, tmp_path: Path
) -> None:
    place = Place(tmp_path, None, debian, debian.context().plan().database)
    place.done("stage", str(Files.of(2).write(tmp_path / "old")), *MAPS)
    _, lines = debian.command("check")
    problem = "NOT OK move-in: rows of patrons are staged; move-in switch or move-in forget erases them"
    assert problem in lines
    # said once, not for every table of it
    assert not [line for line in lines if "movein" in line]
    debian.done("backup", str(tmp_path / "backups"))
    (dump,) = (tmp_path / "backups").glob("*/database.dump")
    listed = subprocess.run(
        [debian.cluster().program("pg_restore"), "--list", dump], capture_output=True, text=True, check=True
    )
    assert "patron" in listed.stdout
    assert "movein" not in listed.stdout
    place.done("forget")
    assert "ok move-in" in debian.command("check")[1]
