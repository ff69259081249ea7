"""The units that the installer lays down: their command lines are taken, and the watcher's may do little."""

from __future__ import annotations

import argparse
import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from madoguchi.app.admin import hosts_command, watch
from madoguchi.app.admin.hosts import Peer, Server, make_standby
from madoguchi.app.admin.said import CannotDo
from madoguchi.app.server.odbc_connect import connection_string

INSTALLER = Path(__file__).parents[2] / "installer"
VALUES = {
    "MADOGUCHI_DATABASE": "madoguchi",
    "MADOGUCHI_PORT": "5433",
    "MADOGUCHI_LOG": "/var/log/postgresql",
    "MADOGUCHI_SECOND_HOST": "second",
    "MADOGUCHI_DATA": "/var/lib/postgresql/15/main",
    "MADOGUCHI_PEER": "second.library.example",
    "MADOGUCHI_PEER_PORT": "5433",
    "MADOGUCHI_CERT": "/etc/madoguchi/tls/standby.crt",
    "MADOGUCHI_KEY": "",
}


def unit(name: str) -> configparser.ConfigParser:
    """A unit of systemd's; of a key said twice the last counts here."""
    parser = configparser.ConfigParser(interpolation=None, strict=False, comment_prefixes="#")
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(INSTALLER / name, encoding="utf-8")
    return parser


def command(line: str, add_arguments: Any) -> tuple[str, argparse.Namespace]:
    """The subcommand of a unit's line, and its arguments as the program takes them."""
    program, name, *words = shlex.split(line)
    assert Path(program).name == "madoguchi-server"
    # systemd takes ${NAME} inside a word, and keeps it one word
    words = [re.sub(r"\$\{(\w+)\}", lambda found: VALUES[found[1]], word) for word in words]
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return name, parser.parse_args(words)


def test_the_watchers_unit_starts_the_watcher() -> None:
    service = unit("madoguchi-watch.service")["Service"]
    name, arguments = command(service["ExecStart"], watch.add_arguments)
    assert name == "watch"
    assert arguments.database == "madoguchi"
    assert arguments.port == 5433
    assert arguments.log_directory == Path("/var/log/postgresql")
    assert arguments.second_host == "second"
    named = dict(pair.split("=", 1) for pair in shlex.split(service["Environment"]))
    assert named.keys() == set(re.findall(r"\$\{(\w+)\}", service["ExecStart"]))
    assert (service["Restart"], service["User"], service["SupplementaryGroups"]) == (
        "always",
        "madoguchi-watch",
        "adm",
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("PrivateNetwork", "yes"),
        ("CapabilityBoundingSet", ""),
        ("RestrictAddressFamilies", "AF_UNIX"),
    ],
)
def test_the_watcher_is_shut_in(key: str, value: str) -> None:
    assert unit("madoguchi-watch.service")["Service"][key] == value


def test_the_fence_is_asked_before_postgresql_starts() -> None:
    service = unit("postgresql-madoguchi-fence.conf")["Service"]
    # a minus before the command would let PostgreSQL start all the same
    name, arguments = command(service["ExecStartPre"], hosts_command.add_fence_arguments)
    assert name == "fence"
    assert arguments.data == Path("/var/lib/postgresql/15/main")
    peer = hosts_command.peer_of(arguments)
    assert (peer.host, peer.port, peer.sslkey) == ("second.library.example", 5433, None)
    assert not arguments.alone


def test_no_password_stands_on_a_command_line_or_in_a_connection_string() -> None:
    peer = Peer("second", 5432, Path("/p"), Path("/ca"), Path("/c"), Path("/k"))
    assert "password" not in peer.conninfo(application_name="o'clock").replace("passfile", "")
    assert r"application_name='o\'clock'" in peer.conninfo(application_name="o'clock")


@pytest.mark.parametrize("name", ["", "a b", "a'", 'a"', "a,b", "*", "x" * 61, "名"])
def test_a_standby_has_a_name_that_can_stand_in_a_setting(name: str, tmp_path: Path) -> None:
    peer = Peer("second", 5432, Path("/p"), Path("/ca"))
    with pytest.raises(ValueError, match="not the name"):
        make_standby(Server(tmp_path, Path("/usr/bin")), peer, name=name)


def test_what_is_in_the_directory_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("15\n")
    peer = Peer("second", 5432, Path("/p"), Path("/ca"))
    with pytest.raises(CannotDo, match="--replace"):
        make_standby(Server(tmp_path, Path("/usr/bin")), peer, name="second")
    assert (tmp_path / "PG_VERSION").exists()


def test_each_of_two_hosts_has_its_part_of_an_acts_time() -> None:
    url = sa.URL.create("postgresql+pyodbc", username="x", host="a,b", database="d")
    assert "connect_timeout='2'" in connection_string(url)
    assert "connect_timeout='3'" in connection_string(url.set(host="a"))
    assert "connect_timeout='5'" in connection_string(url.update_query_dict({"connect_timeout": "5"}))
