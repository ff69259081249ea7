"""The keys of USB agents and of policies, and a policy from the register to the terminals."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from madoguchi.app.admin.said import CannotDo
from madoguchi.app.admin.terminals import read_settings
from madoguchi.device_control.device import STORAGE
from madoguchi.device_control.policy import parse_rules
from madoguchi.device_control.sealed import key_of, mac
from tests.support.debian_cluster import DebianCluster
from tests.support.enrolled import Enrolled
from tests.support.keyring_backend import MemoryKeyring, ring

__all__ = ["ring"]


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_a_key_is_made_once_into_a_closed_file_and_nowhere_else(
    debian: DebianCluster, tmp_path: Path, ring: MemoryKeyring
) -> None:
    Enrolled(debian, tmp_path / "there", "USB 1番").ask()
    file = tmp_path / "agent.key"
    # the server is that of other tests, too
    on_record = "select count(*) from audit.record where act = 'usb agent key'"
    before = int(debian.psql(on_record))
    said = debian.done("usb-agent-key", "USB 1番", "--out", str(file))
    key = file.read_text(encoding="ascii")
    assert mode(file) == 0o600
    assert key.strip() not in "".join(said)
    # it is the one that the server proves things with
    terminal = debian.psql("select id from account.terminal where name = 'USB 1番'")
    assert debian.psql(f"select web.usb_mac({terminal}, 'text')") == mac(key_of(key), "text")
    assert "is there already" in debian.refused("usb-agent-key", "USB 1番", "--out", str(file))
    assert file.read_text(encoding="ascii") == key
    other = tmp_path / "other.key"
    assert "--again" in debian.refused("usb-agent-key", "USB 1番", "--out", str(other))
    assert "no such terminal" in debian.refused("usb-agent-key", "どこにもない", "--out", str(other))
    assert not other.exists()
    # a key that cannot be written is not made
    nowhere = tmp_path / "no such folder" / "agent.key"
    debian.refused("usb-agent-key", "USB 1番", "--again", "--out", str(nowhere))
    assert debian.psql(f"select web.usb_mac({terminal}, 'text')") == mac(key_of(key), "text")
    debian.done("usb-agent-key", "USB 1番", "--again", "--out", str(other))
    assert other.read_text(encoding="ascii") != key
    assert debian.psql(f"select epoch from account.usb_agent where terminal_id = {terminal}") == "2"
    assert int(debian.psql(on_record)) == before + 2
    log = "".join(
        found.read_text(encoding="utf-8", errors="replace")
        for found in (debian.folder / "log").rglob("*.log")
    )
    assert log
    assert key.strip() not in log


def test_a_policy_from_the_register_to_the_terminals(debian: DebianCluster, tmp_path: Path) -> None:
    for kind, usb_id, serial, interfaces, label in (
        ("stick", "0951', '1666", "60A44C413FAE", "08:06:50", "貸出用 1号"),
        ("scanner", "0c2e', '0b61", "", "03:00:00,03:01:01", "読取機　１"),
        ("other", "046d', 'c31c", "X 1", "03:01:01", "窓口の鍵盤"),
        ("other", "046d', 'c31d", "", "03:01:01", "古い鍵盤"),
    ):
        debian.psql(
            f"select account.enrol_usb_device('{kind}', '{usb_id}', '{serial}', '{{{interfaces}}}',"
            f" '{label}', '総務課')"
        )
    old = debian.psql("select id from account.usb_device where label = '古い鍵盤'")
    debian.psql(f"select account.dispose_usb_device({old}, library_day(0), '内容なし', '情報課')")
    private, public, rules = tmp_path / "policy.key", tmp_path / "policy.pub", tmp_path / "rules.txt"
    signed = tmp_path / "policy.txt"
    debian.done("usb-policy", "new-key", "--private", str(private), "--public", str(public))
    assert (mode(private), mode(public)) == (0o600, 0o644)
    again = debian.refused(
        "usb-policy", "new-key", "--private", str(private), "--public", str(tmp_path / "p")
    )
    assert "is there already" in again

    assert debian.done("usb-policy", "draft", "--out", str(rules)) == [f"{rules}: 2 rules"]
    drafted = parse_rules(rules.read_text(encoding="utf-8"))
    assert [(rule.label, rule.serial, rule.is_registration) for rule in drafted.rules] == [
        ("窓口の鍵盤", "X 1", True),
        ("読取機　１", None, True),
    ]
    assert all(rule.allows for rule in drafted.rules)

    def sign(version: str, key: Path = private) -> list[str]:
        signed.unlink(missing_ok=True)
        return [
            "usb-policy", "sign", str(rules), "--group", "counters", "--version", version, "--key", str(key),
            "--out", str(signed),
        ]  # fmt: skip

    debian.done(*sign("3"))
    checked = debian.done("usb-policy", "check", str(signed), "--public", str(public))
    assert checked == [f"{signed}: signed for counters, version 3, 2 allow, 0 block"]
    put = signed.read_text(encoding="utf-8")
    (said,) = debian.done("usb-policy", "put", str(signed))
    assert said.startswith("counters: version 3 is there")
    assert "not higher" in debian.refused("usb-policy", "put", str(signed))
    debian.done(*sign("2"))
    assert "not higher" in debian.refused("usb-policy", "put", str(signed))
    assert debian.done("usb-policy", "list")[0].split("\t")[:2] == ["counters", "3"]
    kept = debian.psql("select text from account.usb_policy where group_name = 'counters' and version = 3")
    assert kept == put.strip()

    # what can never be gone beyond is withdrawn, on record, and a lower version is put again
    debian.done(*sign("1000000000"))
    debian.done("usb-policy", "put", str(signed))
    debian.done(*sign("4"))
    assert "not higher" in debian.refused("usb-policy", "put", str(signed))
    assert "not there" in debian.refused("usb-policy", "withdraw", "counters", "5")
    (said,) = debian.done("usb-policy", "withdraw", "counters", "1000000000")
    assert said.startswith("counters: version 1000000000 is withdrawn")
    assert "before" in debian.refused("usb-policy", "withdraw", "counters", "1000000000")
    debian.done("usb-policy", "put", str(signed))
    listed = [line.split("\t") for line in debian.done("usb-policy", "list")]
    assert [(line[1], len(line)) for line in listed] == [("1000000000", 5), ("4", 4), ("3", 4)]
    assert listed[0][4].startswith("withdrawn ")
    assert debian.psql("select count(*) from audit.record where act = 'usb policy withdrawn'") == "1"

    # whatever was changed since is found, and a slip is said with its line
    signed.write_text(signed.read_text(encoding="utf-8").replace("0c2e", "0c2f"), encoding="utf-8")
    assert debian.refused("usb-policy", "check", str(signed), "--public", str(public)).endswith(": signature")
    assert "no signed policy" in debian.refused("usb-policy", "put", str(rules))
    rules.write_text('# gut\nallow as "alles" because "bequem"\n', encoding="utf-8")
    assert debian.refused(*sign("4")) == f"{rules}: line 2: no_condition"
    assert not signed.exists()
    private.chmod(0o644)
    assert "chmod 600" in debian.refused(*sign("4"))
    private.chmod(0o600)
    no_key = tmp_path / "no.key"
    no_key.write_text("no key\n", encoding="ascii")
    no_key.chmod(0o600)
    assert "not a private key" in debian.refused(*sign("4", no_key))
    (tmp_path / "put.txt").write_text(put, encoding="utf-8")
    said = debian.refused("usb-policy", "check", str(tmp_path / "put.txt"), "--public", str(no_key))
    assert "not a public key" in said


def test_no_rule_is_drafted_for_what_holds_files_nor_for_what_none_can_say(
    debian: DebianCluster, tmp_path: Path
) -> None:
    for kind, product, serial, interfaces, label in (
        ("other", "1666", "60A44C413FB0", "08:06:50", "ラベルプリンター"),
        ("scanner", "1667", "60A44C413FB1", "03:01:01,08:06:62", "読取機 記憶付き"),
        ("other", "1668", "X 2", "03:01:01", "児童室の鍵盤"),
        ("other", "1669", "X 3", "03:01:01", "二階の鍵盤"),
    ):
        debian.psql(
            f"select account.enrol_usb_device('{kind}', '0951', '{product}', '{serial}', '{{{interfaces}}}',"
            f" '{label}', '総務課')"
        )
    # as a version before might have taken it; this one does not
    debian.psql("update account.usb_device set serial = E'X\\u2028 3' where label = '二階の鍵盤'")
    number = {
        label: debian.psql(f"select id from account.usb_device where label = '{label}'")
        for label in ("ラベルプリンター", "読取機 記憶付き", "二階の鍵盤")
    }
    rules = tmp_path / "rules.txt"
    (said,) = debian.done("usb-policy", "draft", "--out", str(rules))
    assert said.endswith(" rules, 3 left out")
    text = rules.read_text(encoding="utf-8")
    drafted = parse_rules(text).rules
    assert "児童室の鍵盤" in {rule.label for rule in drafted}
    assert not number.keys() & {rule.label for rule in drafted}
    assert not any(each.base == STORAGE for rule in drafted for each in rule.interfaces or ())
    for label, why in (
        ("ラベルプリンター", "it can hold files"),
        ("読取機 記憶付き", "it can hold files"),
        ("二階の鍵盤", "no rule can say it"),
    ):
        assert f"# Left out: number {number[label]} of the register: {why}" in text


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("usb_group=Counters", "small letters, digits and hyphens"),
        ("virus_check=/usr/bin/true {file}", "a JSON list"),
        ('virus_check=["true", "{file}"]', "the program's whole path"),
        ('virus_check=["/usr/bin/true"]', "the program's whole path"),
        ('virus_check=["/usr/bin/true", "file"]', "the program's whole path"),
        ('virus_check={"a": "{file}"}', "the program's whole path"),
    ],
)
def test_a_terminal_is_not_set_to_what_it_could_not_use(word: str, said: str) -> None:
    with pytest.raises(CannotDo, match=said):
        read_settings([word])


def test_a_terminals_group_and_virus_check() -> None:
    assert read_settings(["usb_group=back-office", 'virus_check=["/usr/bin/clamdscan", "{file}"]']) == {
        "usb_group": "back-office",
        "virus_check": ["/usr/bin/clamdscan", "{file}"],
    }
    assert read_settings(["usb_group=", "virus_check="]) == {"usb_group": None, "virus_check": None}
