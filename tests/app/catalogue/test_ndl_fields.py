"""Single fields of an NDL record: whose reading is whose, who did what, years, numbers, and clean text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.app.catalogue import ndl_names
from madoguchi.app.catalogue.ndl import read_records
from madoguchi.app.catalogue.ndl_names import creators_of
from madoguchi.app.catalogue.ndl_text import clean, clean_folded, normalise_ndc, parse_year
from tests.app.catalogue.ndl_answers import PAPER, TITLE, XML_TEXT, answer, identifier, read

# --- whose reading is whose, and who did what


@pytest.mark.parametrize(
    ("names", "readings", "expected"),
    [
        (["夏目, 漱石, 1867-1916"], ["ナツメ, ソウセキ, 1867-1916"], [("夏目 漱石", "ナツメ ソウセキ")]),
        (["青山/剛昌"], ["アオヤマ ゴウショウ"], [("青山 剛昌", "アオヤマ ゴウショウ")]),
        (["森／一弘"], ["モリ，カズヒロ"], [("森 一弘", "モリ カズヒロ")]),
        (["北森嘉蔵"], ["ｷﾀﾓﾘ, ｶｿﾞｳ"], [("北森嘉蔵", "キタモリ カゾウ")]),
        (["伊波/光司[ほか]"], ["イナミ コウジ"], [("伊波 光司", "イナミ コウジ")]),
        (["Osho, 1931-1990"], [], [("Osho", None)]),
        (
            ["Ｎｅｍｅｓｈｅｇｙｉ，Ｐｅｔｅｒ"],
            ["ネメシェギ，ペトロ"],
            [("Nemeshegyi, Peter", "ネメシェギ ペトロ")],
        ),
        # A foreign name has no reading in the record: the two readings belong to the two others.
        (
            ["Martin, Robert C", "角, 征典", "高木, 正弘"],
            ["カド, マサノリ", "タカギ, マサヒロ"],
            [("Martin, Robert C", None), ("角 征典", "カド マサノリ"), ("高木 正弘", "タカギ マサヒロ")],
        ),
        # The same years of life, whatever the order and number.
        (
            ["渡邊, 睦月", "林, 誠人, 1960-", "秦, 建日子, 1968-"],
            ["ハタ, タケヒコ, 1968-", "ハヤシ, マサト, 1960-"],
            [("渡邊 睦月", None), ("林 誠人", "ハヤシ マサト"), ("秦 建日子", "ハタ タケヒコ")],
        ),
        # Two of the same years: these tell nothing.
        (
            ["林, 誠人, 1960-", "秦, 建日子, 1960-", "谷, 豊"],
            ["ハタ, タケヒコ, 1960-", "ハヤシ, マサト, 1960-"],
            [("林 誠人", None), ("秦 建日子", None), ("谷 豊", None)],
        ),
        (
            ["林, 誠人, 1960-", "秦, 建日子", "谷, 豊"],
            ["ハタ, タケヒコ, 1960-", "ハヤシ, マサト, 1960-"],
            [("林 誠人", None), ("秦 建日子", None), ("谷 豊", None)],
        ),
        # Lists of one length that contradict each other are not paired.
        (
            ["林, 誠人, 1960-", "谷, 豊, 1965-"],
            ["タニ, ユタカ, 1965-", "ハヤシ, マサト, 1960-"],
            [("林 誠人", "ハヤシ マサト"), ("谷 豊", "タニ ユタカ")],
        ),
        (
            ["林, 誠人, 1960-", "谷, 豊, 1965-"],
            ["ハヤシ, マサト, 1961-", "タニ, ユタカ, 1966-"],
            [("林 誠人", None), ("谷 豊", None)],
        ),
        # What a body did is no part of its name; a given name that is also a role is.
        (["小学館編集部/企画"], ["ショウガクカン"], [("小学館編集部", "ショウガクカン")]),
        (["山田, 文", "谷/うた"], [], [("山田 文", None), ("谷 うた", None)]),
        # Fewer readings than names, and nothing to tell whose.
        (
            ["静野, 孔文", "桜井, 武晴", "青山, 剛昌"],
            ["サクライ, タケハル", "アオヤマ, ゴウショウ"],
            [("静野 孔文", None), ("桜井 武晴", None), ("青山 剛昌", None)],
        ),
        # A name in kana reads as itself, and leaves the other reading to the other name.
        (
            ["山本／泰一郎", "しずの／こうぶん"],
            ["ヤマモト，ヤスイチロウ"],
            [("山本 泰一郎", "ヤマモト ヤスイチロウ"), ("しずの こうぶん", "シズノ コウブン")],
        ),
        # One person and two bodies, one reading of a person.
        (
            ["相笠, 昌義", "聖学院中学校", "聖学院高等学校"],
            ["アイガサ, マサヨシ"],
            [("相笠 昌義", "アイガサ マサヨシ"), ("聖学院中学校", None), ("聖学院高等学校", None)],
        ),
        # One name written twice has one reading.
        (["ZARD", "Zard"], ["ザード"], [("ZARD", "ザード")]),
        # Two people of one reading keep theirs.
        (
            ["新井, 博", "荒井, 浩"],
            ["アライ, ヒロシ", "アライ, ヒロシ"],
            [("新井 博", "アライ ヒロシ"), ("荒井 浩", "アライ ヒロシ")],
        ),
        (
            ["愛知県婦人相談所;売春問題ととりくむ会"],
            [],
            [("愛知県婦人相談所", None), ("売春問題ととりくむ会", None)],
        ),
        # Once written, a name keeps its place, and the reading its name.
        (
            ["ZARD", "角, 征典", "Zard"],
            ["ザード", "カド, マサノリ"],
            [("ZARD", "ザード"), ("角 征典", "カド マサノリ")],
        ),
        ([""], ["カド, マサノリ"], []),
        ([", 1906-1975"], [], [("1906-1975", None)]),
    ],
)
def test_readings_go_to_their_names_or_to_none(
    names: list[str], readings: list[str], expected: list[tuple[str, str | None]]
) -> None:
    assert [(creator.name, creator.reading) for creator in creators_of(names, readings, None)] == expected


@pytest.mark.parametrize(
    ("names", "statement", "expected"),
    [
        (["角, 征典", "高木, 正弘"], "角征典, 高木正弘 訳", ["訳", "訳"]),
        (["内村 鑑三", "太田 十三男"], "内村 鑑三/著,太田 十三男/編", ["著", "編"]),
        (["須藤/昌朋", "山中/純子"], "須藤昌朋∥カバーイラスト原案,山中純子∥絵", ["カバーイラスト原案", "絵"]),
        (
            ["松村, 達雄", "村岡, 花子"],
            "松村達雄訳 . 相良守峰訳 . ラングフォルド作 ; 村岡花子訳",
            ["訳", "訳"],
        ),
        (["Martin, Robert C"], "Robert C.Martin 著", ["著"]),
        (["大野, 克夫"], "大野克夫 [作曲・編曲]", ["作曲・編曲"]),
        (["倉木 麻衣"], "倉木 麻衣／[ほか]演奏", ["演奏"]),
        # No role is stated; the family name is not one.
        (["湯淺 篤哉"], "湯淺 篤哉", [None]),
        # A given name that ends like a role gives none away, to itself or to the name before it.
        (["田中, 竜作", "谷, 豊"], "谷豊, 田中竜作", [None, None]),
        (["谷, 豊"], "谷豊, 田中竜作", [None]),
        (["角, 征典"], "", [None]),
    ],
)
def test_roles_come_from_the_statement(names: list[str], statement: str, expected: list[str | None]) -> None:
    assert [creator.role for creator in creators_of(names, [], statement)] == expected


def test_without_a_statement_the_creators_are_named() -> None:
    record = read(
        TITLE + PAPER + "<dc:creator>角, 征典</dc:creator><dc:creator>Martin, Robert C</dc:creator>"
    )
    assert record.statement_of_responsibility == "角 征典 ; Martin, Robert C"
    assert read(TITLE + PAPER).statement_of_responsibility is None


def test_the_statement_is_plain_text() -> None:
    html = "<![CDATA[<ul><li>責任表示：<b>A &amp; B</b> 著</li><li>NDC(10)：007</li></ul>]]>"
    assert read(f"{TITLE}{PAPER}<description>{html}</description>").statement_of_responsibility == "A & B 著"


# --- single fields


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2018", 2018),
        ("2013-02", 2013),
        ("２０１３．２", 2013),
        ("[2018]", 2018),
        ("[2011.10]", 2011),
        ("c1999", 1999),
        ("195412", 1954),
        ("20250418", 2025),
        ("1978年7月", 1978),
        ("2019.4～2020.3", 2019),
        ("2003.5(第2版)", 2003),
        ("平成30", 2018),
        ("平成元年", 1989),
        ("昭和55.4", 1980),
        ("昭14", 1939),
        ("明24.12", 1891),
        ("大正15", 1926),
        ("令和７年", 2025),
        ("S55", 1980),
        ("H.30", 2018),
        ("昭和55 [1980]", 1980),
        ("昭和99", None),
        ("平成0", None),
        ("[201-]", None),
        ("12345", None),
        ("0999", None),
        ("2999", None),
        ("出版年不明", None),
        ("CHAPTERS 55", None),
        ("", None),
    ],
)
def test_year(text: str, year: int | None) -> None:
    assert parse_year(text) == year


def test_the_year_is_taken_from_the_date_then_from_the_issue() -> None:
    assert read(TITLE + PAPER + "<dc:date>1936</dc:date><dcterms:issued>昭和7</dcterms:issued>").year == 1936
    assert read(TITLE + PAPER + "<dc:date>不明</dc:date><dcterms:issued>昭和7</dcterms:issued>").year == 1932


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("913.6", "913.6"),
        ("007.63", "007.63"),
        ("190", "190"),
        ("９１３．６", "913.6"),
        ("702099", "702.099"),
        ("K908", "908"),
        (" 132.1 ", "132.1"),
        ("E", None),
        ("M46", None),
        ("KH582", None),
        ("12", None),
        ("913.", None),
        ("", None),
    ],
)
def test_ndc(text: str, number: str | None) -> None:
    assert normalise_ndc(text) == number


def test_the_newest_edition_of_the_classification_that_is_one_wins() -> None:
    def subjects(**numbers: str) -> str:
        return "".join(
            f'<dc:subject xsi:type="dcndl:{edition}">{number}</dc:subject>'
            for edition, number in numbers.items()
        )

    assert read(TITLE + PAPER + subjects(NDC8="192.8", NDC10="193", NDC9="194", NDC="190")).ndc == "193"
    assert read(TITLE + PAPER + subjects(NDC="190", NDC10="E", NDC8="192.8")).ndc == "192.8"
    assert read(TITLE + PAPER + subjects(NDLC="913.6")).ndc is None


@pytest.mark.parametrize(
    ("identifiers", "isbn13", "invalid"),
    [
        ([("978-4-04-893065-9", "ISBN")], "9784048930659", 0),
        ([("4-7952-5606-3", "ISBN"), ("4-7952-5606-3", "ISBN13")], "9784795256064", 0),
        ([("４－６２２－０７０１２－Ｘ", "ISBN")], "9784622070122", 0),
        ([("4-622-07012-x", "ISBN")], "9784622070122", 0),
        ([("ISBN 978-4-04-893065-9 (セット)", "ISBN")], "9784048930659", 0),
        ([("1421504414", "ISBN")], None, 1),
        ([("1421504414", "ISBN"), ("1-4215-0441-4", "ISBN13")], None, 1),
        ([("1421504414", "ISBN"), ("978-4-04-893065-9", "ISBN13")], "9784048930659", 1),
        ([("978-4-04-893065-9", "ISBN"), ("4-622-07012-X", "ISBN")], "9784048930659", 0),
        ([("978-4-04-893065-9", "ISBN"), ("1421504414", "ISBN13")], "9784048930659", 1),
        ([("なし", "ISBN")], None, 1),
        ([("", "ISBN")], None, 0),
        ([("9784048930659", "JPNO")], None, 0),
    ],
)
def test_isbn(identifiers: list[tuple[str, str]], isbn13: str | None, invalid: int) -> None:
    result = read_records(answer(TITLE + PAPER + "".join(identifier(*each) for each in identifiers)))
    assert result.records[0].isbn13 == isbn13
    assert result.invalid_isbns == invalid


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<dc:description>付属資料: CD 1枚</dc:description>", "CD 1枚"),
        ("<dc:description>付録：シール</dc:description>", "シール"),
        ("<dc:extent>300p ; 21cm + CD-ROM 1枚</dc:extent>", "CD-ROM 1枚"),
        ("<dc:extent>2冊 (別冊付録とも)</dc:extent>", "別冊付録"),
        ("<dc:description>付: 参考文献</dc:description>", None),
        ("<dc:description>DVD (1枚) 付もあり</dc:description>", None),
        ("<dc:extent>1冊(ページ付なし)</dc:extent>", None),
    ],
)
def test_attachments(given: str, expected: str | None) -> None:
    assert read(TITLE + PAPER + given).attachments == expected


def test_text_is_cleaned() -> None:
    assert clean("  a\u3000\u3000b\n\tc ", 10) == "a b c"
    assert clean("\u202e\u200b逆\x85さ\x9f", 10) == "逆 さ"
    assert clean("か\u3099", 10) == "が"
    assert clean("辻\U000e0100", 10) == "辻\U000e0100"
    assert clean("外字\ue000", 10) == "外字〓"
    assert clean("あ" * 11, 10) == "あ" * 9 + "…"
    assert clean(" \u200b ", 10) is None
    assert clean_folded("ｷﾀﾓﾘ　１２３", 20) == "キタモリ 123"


@pytest.mark.parametrize("odd", ["\u0300\u0327" * 10_000, "\u0327\u200b\u0300" * 6_000, "\u0344" * 20_000])
def test_a_letter_bears_so_many_marks_and_no_more(odd: str) -> None:
    for text in (clean(f"題{odd}名", 500), clean_folded(f"題{odd}名", 500)):
        assert text is not None
        assert text.startswith("題")
        assert len(text) < 70
    assert clean("e\u0301\u0323" + "\u0308" * 20, 50) == "\u1eb9\u0301" + "\u0308" * 20


@given(st.text(max_size=60), st.integers(1, 40))
def test_cleaning_is_bounded_and_done_once(text: str, limit: int) -> None:
    once = clean(text, limit)
    if once is not None:
        assert 0 < len(once) <= limit
        assert clean(once, limit) == once


def test_odd_fields_are_made_ordinary() -> None:
    record = read(
        TITLE
        + PAPER
        + "<dc:extent>１０６ｐ ; １９㎝</dc:extent><dcndl:price>\\\\1800</dcndl:price>"
        + "<dcndl:volume>２</dcndl:volume><dcndl:volumeTitle>下</dcndl:volumeTitle>"
        + "<dcndl:edition>改訂版</dcndl:edition><dc:publisher>小学館</dc:publisher>"
        + "<dc:publisher>小学館</dc:publisher><dc:publisher> </dc:publisher>"
    )
    assert (record.extent, record.price, record.volume) == ("106p ; 19cm", "¥1800", "2 下")
    assert (record.edition, record.publishers, record.publisher) == ("改訂版", ("小学館",), "小学館")
    assert read(TITLE + PAPER).publisher is None


def test_a_crowd_is_cut_and_its_readings_are_not_guessed() -> None:
    names = [f"山{number}, 人" for number in range(5000)]
    creators = creators_of(names, [f"ヤマ{number}, ヒト" for number in range(5000)], "山1人 著")
    assert [creator.name for creator in creators] == [
        f"山{number} 人" for number in range(ndl_names.CREATORS_MAX)
    ]
    assert {creator.reading for creator in creators} == {None}
    assert creators[1].role == "著"


KANJI, KANA = "山川田谷林森島原", "ヤカタニリモシハ"


@given(st.data())
def test_a_reading_is_its_own_or_unknown_whichever_the_record_lacks(data: st.DataObject) -> None:
    names: list[str] = []
    readings: list[str] = []
    true: list[str | None] = []
    for number in range(data.draw(st.integers(1, len(KANJI)), label="creators")):
        years = data.draw(st.sampled_from(["", ", 1900-", ", 1900-", ", 1931-2001"]), label="years")
        what = data.draw(st.sampled_from(["person", "person", "body", "foreign"]), label="what")
        if what == "foreign":
            names.append(f"Author{number}, Ann{years}")
            true.append(None)
            continue
        comma = ", " if what == "person" else ""
        names.append(f"{KANJI[number]}本{comma}人{years}")
        true.append(f"{KANA[number]}モト{' ' if comma else ''}ヒト")
        if data.draw(st.integers(0, 3), label="lacks") > 0:
            readings.append(f"{KANA[number]}モト{comma}ヒト{years}")
    found = [creator.reading for creator in creators_of(names, readings, None)]
    assert all(reading in {None, own} for reading, own in zip(found, true, strict=True))
    if len(readings) == sum(own is not None for own in true):
        assert found == true


@given(st.lists(XML_TEXT, max_size=6), st.lists(XML_TEXT, max_size=6), XML_TEXT)
def test_any_names_readings_and_statement_are_taken(
    names: list[str], readings: list[str], statement: str
) -> None:
    creators = creators_of(names, readings, statement)
    assert len(creators) == len({(creator.name, creator.reading, creator.role) for creator in creators})
    assert all(creator.name.strip() for creator in creators)
