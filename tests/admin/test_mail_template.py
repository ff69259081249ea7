"""The words of the mail that says something lies ready, shown and changed by the administrator."""

from __future__ import annotations

from pathlib import Path

from tests.support.debian_cluster import DebianCluster


def test_the_words_are_shown_changed_and_refused(debian: DebianCluster, tmp_path: Path) -> None:
    before = debian.done("mail-template", "show")
    assert before[0] == "【図書館】ご予約の資料が用意できました"
    assert any("{keep_until}" in line for line in before)
    file = tmp_path / "mail.txt"
    file.write_bytes("\ufeff{branch}から\r\n\r\n{keep_until}まで\r\nお待ちします。\r\n".encode())
    said = debian.done("mail-template", "set", str(file))
    assert said[:2] == ["A mail will read:", "総合市民図書館から"]
    assert said[2].endswith("）まで")
    changed = ["{branch}から", "{keep_until}まで", "お待ちします。"]
    assert debian.done("mail-template", "show") == changed
    # old and new are on record
    found = debian.psql(
        "select subject -> 'old' ->> 'subject', subject -> 'new' ->> 'subject' from audit.record"
        " where act = 'setting' and subject ->> 'table' = 'public.mail_template' order by seq desc limit 1"
    )
    assert found == f"{before[0]}|{changed[0]}"
    for text, sentence in (
        ("題\n{title}さま".encode(), "there is no {title}; there are {branch} and {keep_until}"),
        (b"\n\n", "the subject is empty"),
        ("題\n本文".encode("cp932"), "not in UTF-8"),
        (b"x" * 20_001, "larger than"),
    ):
        file.write_bytes(text)
        assert sentence in debian.refused("mail-template", "set", str(file))
    assert debian.done("mail-template", "show") == changed
    debian.psql("delete from mail_template")
    assert "mail-template set makes one" in debian.refused("mail-template", "show")
    file.write_text("\n".join([before[0], *before[1:]]), encoding="utf-8")
    debian.done("mail-template", "set", str(file))
    assert debian.done("mail-template", "show") == before
