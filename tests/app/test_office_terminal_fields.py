"""A terminal's own settings as they are typed: made into values, or every wrong field named at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.devices.fields import virus_check_of
from madoguchi.app.office.checks import FieldProblem
from madoguchi.app.office.terminal_fields import command_of, command_text, terminal_settings

BRANCHES = ("sogo", "tsujido", "oba")
FIELDS = ("branch", "idle_seconds", "receipt_printer", "label_printer", "usb_group", "virus_check")
GOOD = dict.fromkeys(FIELDS, "") | {"branch": "oba"}
PRINTABLE = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.isprintable)


@given(text=st.text(max_size=40))
def test_no_text_breaks_a_field(text: str) -> None:
    found = terminal_settings(dict.fromkeys(FIELDS, text), branches=BRANCHES)
    assert found["branch"] is FieldProblem.NO_SUCH_BRANCH


def test_a_terminals_own_settings_and_what_it_has_none_of() -> None:
    typed = GOOD | {"receipt_printer": " 受付 ", "usb_group": " ｃｏｕｎｔｅｒｓ－２ "}
    typed["virus_check"] = ' /usr/bin/clamdscan --fdpass "--log=a b" {file} '
    assert terminal_settings(typed, branches=BRANCHES) == {
        "branch": "oba",
        "idle_seconds": None,
        "receipt_printer": "受付",
        "label_printer": None,
        "usb_group": "counters-2",
        "virus_check": ["/usr/bin/clamdscan", "--fdpass", "--log=a b", "{file}"],
    }
    none = terminal_settings(GOOD, branches=BRANCHES)
    assert none == dict.fromkeys(FIELDS) | {"branch": "oba"}
    wrong = {
        "branch": "x",
        "idle_seconds": "29",
        "receipt_printer": "a" * 101,
        "label_printer": "a\tb",
        "usb_group": "Counters",
        "virus_check": "clamdscan {file}",
    }
    assert terminal_settings(wrong, branches=BRANCHES) == {
        "branch": FieldProblem.NO_SUCH_BRANCH,
        "idle_seconds": FieldProblem.IDLE_SECONDS,
        "receipt_printer": FieldProblem.TOO_LONG,
        "label_printer": FieldProblem.NOT_PLAIN,
        "usb_group": FieldProblem.GROUP,
        "virus_check": FieldProblem.COMMAND,
    }


def test_a_check_that_is_not_asked_for_stays() -> None:
    typed = {key: value for key, value in GOOD.items() if key != "virus_check"}
    assert "virus_check" not in terminal_settings(typed, branches=BRANCHES)


@pytest.mark.parametrize(
    "typed",
    [
        "/usr/bin/clamdscan",
        "/usr/bin/clamdscan file",
        "{file} /usr/bin/clamdscan",
        "usr/bin/clamdscan {file}",
        "/usr/bin/clamdscan '{file}",
        "/usr/bin/clamdscan {file} \\",
        "/usr/bin/clamdscan {file} \u202e",
        "/usr/bin/clamdscan {file} ''",
        "/usr/bin/clamdscan {file}" + " x" * 19,
    ],
)
def test_what_is_no_command_is_said(typed: str) -> None:
    assert command_of(typed) is FieldProblem.COMMAND


@given(program=PRINTABLE, rest=st.lists(PRINTABLE, max_size=18))
def test_a_command_is_read_back_as_it_stood(program: str, rest: list[str]) -> None:
    command = virus_check_of(["/" + program, *rest, "{file}"])
    assert command_of(command_text(list(command))) == command


@pytest.mark.parametrize("value", [None, "/usr/bin/clamdscan {file}", [], ["clamdscan", "{file}"], 7])
def test_what_is_no_command_is_not_shown_as_one(value: object) -> None:
    assert command_text(value) == ""
