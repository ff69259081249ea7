"""The form of a registration: everything that is wrong at once, what is right made into values."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.patrons.birth_dates import BirthDateProblem
from madoguchi.app.patrons.form import (
    LONGEST_TYPED,
    PatronField,
    PatronProblem,
    age_on,
    check_patron,
    proof_is_needed,
    suggested_category,
)
from madoguchi.app.patrons.person import Category, NoticeBy, Person, Proof
from madoguchi.app.training.situations import patron_number
from madoguchi.barcode.symbology import TRAINING_PLAN, ItemCode, Meaning, complete, parse

TODAY = dt.date(2026, 11, 29)
CARD = patron_number(77)
ITEM = next(complete(rule, 5) for rule in TRAINING_PLAN.rules if rule.means is Meaning.ITEM)
TYPED = {
    "card_number": CARD,
    "name": "山田　花子",
    "kana": "やまだ　はなこ",
    "birth_date": "S55.4.1",
    "postal_code": "251-0037",
    "address": "藤沢市鵠沼海岸１丁目２番３号",
    "telephone": "（０４６６）００－１２３４",
    "email": "",
    "category": "resident",
    "proof": "licence",
    "notice_by": "telephone",
}


def problems(**otherwise: str) -> dict[str, str]:
    found = check_patron(TYPED | otherwise, plan=TRAINING_PLAN, today=TODAY)
    return {} if isinstance(found, tuple) else {key.value: problem.value for key, problem in found.items()}


def person(**otherwise: str) -> Person:
    found = check_patron(TYPED | otherwise, plan=TRAINING_PLAN, today=TODAY)
    assert isinstance(found, tuple), found
    return found[0]


def test_what_is_right_becomes_a_person() -> None:
    assert check_patron(TYPED, plan=TRAINING_PLAN, today=TODAY) == (
        Person(
            name="山田 花子",
            kana="ヤマダ ハナコ",
            birth_date=dt.date(1980, 4, 1),
            category=Category.RESIDENT,
            postal_code="2510037",
            address="藤沢市鵠沼海岸1丁目2番3号",
            telephone="0466-00-1234",
            email="",
            notice_by=NoticeBy.TELEPHONE,
            proof=Proof.LICENCE,
        ),
        CARD,
    )


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert problems(**dict.fromkeys(TYPED, "")) == {
        "card_number": "needed",
        "name": "needed",
        "kana": "needed",
        "birth_date": "needed",
        "address": "needed",
        "telephone": "needed_for_notices",
        "category": "needed",
        "proof": "needed",
    }
    assert problems(**dict.fromkeys(TYPED, "?")) == {
        "card_number": "not_a_card",
        "kana": "not_kana",
        "birth_date": "not_a_date",
        "postal_code": "not_a_postal_code",
        "telephone": "not_a_telephone",
        "email": "not_an_email",
        "category": "not_a_choice",
        "proof": "not_a_choice",
        "notice_by": "not_a_choice",
    }


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("card_number", ITEM, "an_items_number"),
        ("card_number", CARD[:-1] + str((int(CARD[-1]) + 1) % 10), "card_check_digit"),
        ("card_number", CARD + "1", "card_length"),
        ("card_number", "9784003101018", "not_a_card"),
        ("name", "花" * 101, "too_long"),
        ("name", "\u200b", "needed"),
        ("kana", "山田 ハナコ", "not_kana"),
        ("kana", "Yamada Hanako", "not_kana"),
        ("kana", "ー・", "not_kana"),
        ("kana", "ヤマダハナコ", "kana_without_space"),
        ("birth_date", "S64.2.1", "not_in_era"),
        ("birth_date", "550401", "era_missing"),
        ("postal_code", "251", "not_a_postal_code"),
        ("address", "区" * 201, "too_long"),
        ("address", "区" * (LONGEST_TYPED + 1), "too_long"),
        ("telephone", "00-1234", "telephone_length"),
        ("telephone", "0466-00-12345-6", "telephone_length"),
        ("telephone", "4660-00-1234", "not_a_telephone"),
        ("telephone", "0466-00-1234 内線5", "not_a_telephone"),
        ("email", "hanako@example", "not_an_email"),
        ("email", "花子@example.jp", "not_an_email"),
        ("email", "a@b@example.jp", "not_an_email"),
        ("email", "a" * 250 + "@example.jp", "too_long"),
        ("category", "vip", "not_a_choice"),
        ("proof", "not_needed", "proof_needed"),
    ],
)
def test_a_field_that_is_wrong_has_its_problem(field: str, typed: str, problem: str) -> None:
    assert problems(**{field: typed}) == {field: problem}


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("kana", "ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダ ハナコ"),
        ("kana", "おーの ゆ-こ", "オーノ ユーコ"),
        ("kana", "マリー・アン スミス", "マリー・アン スミス"),
        ("telephone", "０９０　１１１１　２２２２", "090-1111-2222"),
        ("telephone", "0466ー00ー1234", "0466-00-1234"),
        ("telephone", "0466001234", "0466001234"),
        ("telephone", "+81 466-00-1234", "0466-00-1234"),
        ("telephone", "+81(0)90-1111-2222", "090-1111-2222"),
        ("email", "ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
        ("email", "hana..ko.@example.co.jp", "hana..ko.@example.co.jp"),
        ("postal_code", "〒２５１ー００３７", "2510037"),
        ("postal_code", "", ""),
        ("name", " 山田\u3000\u3000花子\u200b", "山田 花子"),
        ("address", "藤沢市石川\n1-2-3", "藤沢市石川 1-2-3"),
    ],
)
def test_a_field_is_made_alike(field: str, typed: str, value: str) -> None:
    assert getattr(person(**{field: typed}), field) == value


def test_who_is_to_be_told_can_be() -> None:
    assert problems(telephone="", notice_by="mail") == {"email": "needed_for_notices"}
    assert problems(telephone="", email="hanako@example.jp") == {"telephone": "needed_for_notices"}
    assert problems(telephone="01", notice_by="telephone") == {"telephone": "telephone_length"}
    assert person(telephone="", email="hanako@example.jp", notice_by="mail").notice_by is NoticeBy.MAIL
    assert person(telephone="", notice_by="post_card").telephone == ""
    assert person(telephone="", notice_by="none").notice_by is NoticeBy.NOT_AT_ALL
    assert person(notice_by="").notice_by is NoticeBy.TELEPHONE


def test_up_to_junior_high_school_no_proof_is_needed() -> None:
    assert person(birth_date="H23.4.2", proof="").proof is Proof.NOT_NEEDED
    assert person(birth_date="H23.4.2", proof="not_needed").proof is Proof.NOT_NEEDED
    assert person(birth_date="H23.4.2", proof="student").proof is Proof.STUDENT_CARD
    assert problems(birth_date="H23.4.1", proof="") == {"proof": "needed"}
    assert problems(birth_date="H23.4.1", proof="not_needed") == {"proof": "proof_needed"}
    # nobody knows yet whether it is
    assert problems(birth_date="1.1", proof="not_needed") == {"birth_date": "not_a_date"}


@pytest.mark.parametrize(
    ("born", "last_day"),
    [
        (dt.date(2010, 4, 2), dt.date(2026, 3, 31)),
        (dt.date(2011, 1, 15), dt.date(2026, 3, 31)),
        (dt.date(2011, 4, 1), dt.date(2026, 3, 31)),
        (dt.date(2011, 4, 2), dt.date(2027, 3, 31)),
        (dt.date(2012, 2, 29), dt.date(2027, 3, 31)),
    ],
)
def test_junior_high_school_ends_with_the_school_year(born: dt.date, last_day: dt.date) -> None:
    assert not proof_is_needed(born, last_day)
    assert proof_is_needed(born, last_day + dt.timedelta(days=1))


def test_an_age_is_full_on_the_birthday() -> None:
    assert age_on(dt.date(2000, 11, 29), TODAY) == 26
    assert age_on(dt.date(2000, 11, 30), TODAY) == 25
    assert age_on(dt.date(2004, 2, 29), dt.date(2025, 2, 28)) == 20
    assert age_on(TODAY, TODAY) == 0


def test_a_change_needs_neither_card_nor_proof() -> None:
    def changed(**otherwise: str) -> object:
        return check_patron(
            TYPED | otherwise, plan=TRAINING_PLAN, today=TODAY, card_needed=False, proof_needed=False
        )

    found = changed(card_number="", proof="")
    assert isinstance(found, tuple)
    assert (found[0].proof, found[1]) == (None, "")
    found = changed(card_number="", proof="", birth_date="R2.1.1")
    assert isinstance(found, tuple)
    assert found[0].proof is None
    assert changed(card_number=ITEM, proof="?") == {
        PatronField.CARD_NUMBER: PatronProblem.AN_ITEMS_NUMBER,
        PatronField.PROOF: PatronProblem.NOT_A_CHOICE,
    }


def test_a_group_has_a_kana_without_a_given_name() -> None:
    found = person(name="湘南 読書会", kana="しょうなんどくしょかい", category="group")
    assert found.kana == "ショウナンドクショカイ"


@pytest.mark.parametrize(
    ("address", "born", "category"),
    [
        ("藤沢市鵠沼海岸1-2-3", dt.date(1980, 4, 1), Category.RESIDENT),
        ("神奈川県藤沢市鵠沼海岸1-2-3", None, Category.RESIDENT),
        ("〒251-0037 神奈川県 藤沢市", dt.date(2011, 4, 1), Category.RESIDENT),
        ("藤沢市", dt.date(2011, 4, 2), Category.CHILD),
        ("藤沢市", TODAY, Category.CHILD),
        ("茅ヶ崎市十間坂1", dt.date(2020, 4, 1), Category.WIDE_AREA),
        ("茅ケ崎市十間坂1", None, Category.WIDE_AREA),
        ("神奈川県高座郡寒川町一之宮1", None, Category.WIDE_AREA),
        ("寒川町一之宮1", None, Category.WIDE_AREA),
        ("横浜市戸塚区1-2", None, Category.WIDE_AREA),
        ("神奈川県平塚市1-2", None, Category.COMMUTER),
        ("東京都港区三田1", None, Category.COMMUTER),
        ("愛知県蒲郡市1", None, Category.COMMUTER),
        ("奈良県大和郡山市1", None, Category.COMMUTER),
        ("", None, None),
        ("神奈川県藤", None, None),
        ("鵠沼海岸1-2-3", None, None),
    ],
)
def test_a_category_follows_from_the_address(
    address: str, born: dt.date | None, category: Category | None
) -> None:
    assert suggested_category(address, born, TODAY) is category


def test_each_problem_of_a_date_is_one_of_the_form() -> None:
    own = {problem.value for problem in PatronProblem} | {"empty"}
    assert {problem.value for problem in BirthDateProblem} <= own


ANYTHING = st.text(max_size=30) | st.text("0123456789-@.ァんａ 　年月日SH県市", max_size=30)


@given(st.dictionaries(st.sampled_from([field.value for field in PatronField]), ANYTHING))
def test_no_text_breaks_it_and_nothing_typed_is_shown(typed: dict[str, str]) -> None:
    found = check_patron(TYPED | typed, plan=TRAINING_PLAN, today=TODAY)
    if isinstance(found, tuple):
        assert isinstance(parse(found[1], TRAINING_PLAN), ItemCode) is False
        assert found[0].name not in repr(found[0])
    else:
        assert found
        assert set(found) <= set(PatronField)
    suggested_category(typed.get("address", ""), None, TODAY)
