"""The importer of NDL Search answers: on the shipped records, on halves of records, and on nonsense."""

from __future__ import annotations

import gzip
import unicodedata
from collections import Counter
from importlib import resources
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.app.catalogue import ndl, ndl_names, ndl_text
from madoguchi.app.catalogue.ndl import (
    BibRecord,
    ImportResult,
    NotAnNdlAnswer,
    NotNdl,
    merge_results,
    read_records,
    shipped_records,
)
from madoguchi.app.catalogue.ndl_kinds import LeftOut
from madoguchi.app.catalogue.ndl_names import Creator
from madoguchi.app.lending.materials import LoanGroup, MaterialKind, group_of
from tests.app.catalogue.ndl_answers import NAMESPACES, PAPER, TITLE, XML_TEXT, answer, identifier, read


def left_out(item: str) -> LeftOut:
    result = read_records(answer(item))
    assert result.records == ()
    assert result.left_out.total() == 1
    return next(iter(result.left_out))


@pytest.fixture(scope="module")
def shipped() -> ImportResult:
    return shipped_records()


def by_id(result: ImportResult, ndl_id: str) -> BibRecord:
    return next(record for record in result.records if record.ndl_id == ndl_id)


# --- the records that are shipped


def test_shipped_records_are_counted_to_the_last(shipped: ImportResult) -> None:
    assert len(shipped.records) == 211
    assert shipped.left_out == Counter(
        {LeftOut.ARTICLE: 55, LeftOut.ELECTRONIC: 4, LeftOut.MICROFORM: 2, LeftOut.VINYL: 1}
    )
    assert Counter(record.kind for record in shipped.records) == {
        MaterialKind.BOOK: 143,
        MaterialKind.CD: 63,
        MaterialKind.DVD: 4,
        MaterialKind.CASSETTE: 1,
    }
    assert shipped.invalid_isbns == 0
    assert sum(record.isbn13 is not None for record in shipped.records) == 108


def test_a_shipped_book_is_read_whole(shipped: ImportResult) -> None:
    assert by_id(shipped, "R100000002-I029096886") == BibRecord(
        ndl_id="R100000002-I029096886",
        title="Clean Architecture : 達人に学ぶソフトウェアの構造と設計",
        kind=MaterialKind.BOOK,
        title_kana="クリーン アーキテクチャ : タツジン ニ マナブ ソフトウェア ノ コウゾウ ト セッケイ",
        creators=(
            Creator("Martin, Robert C", None, "著"),
            Creator("角 征典", "カド マサノリ", "訳"),
            # The statement has 髙木, another form of the character: who did what is not certain, the name is.
            Creator("高木 正弘", "タカギ マサヒロ", None),
        ),
        statement_of_responsibility="Robert C.Martin 著,角征典, 髙木正弘 訳",
        publishers=("ドワンゴ", "KADOKAWA (発売)"),
        year=2018,
        isbn13="9784048930659",
        ndc="007.63",
        extent="349p",
        price="3200円",
    )


def test_shipped_records_say_what_is_in_them(shipped: ImportResult) -> None:
    with_cd = by_id(shipped, "R100000002-I023246336")
    assert with_cd.attachments == "CD1枚 12cm : クレズマー音楽"
    assert with_cd.series == "阪大リーブル = HANDAI Livre ; 032"
    assert with_cd.series_kana == "ハンダイ リーブル ; 32"
    assert with_cd.creators[0] == Creator("圀府寺 司", "コウデラ ツカサ", "編")
    with_booklet = by_id(shipped, "R100000002-I000004230856")
    assert (with_booklet.volume, with_booklet.attachments) == ("2", "別冊付録")
    old = by_id(shipped, "R100000002-I000002205456")
    assert (old.isbn13, old.ndc) == ("9784400212867", "198.32155")
    # Three names, two readings, and nothing to tell whose they are.
    film = by_id(shipped, "R100000136-I1130282269160106624")
    assert film.kind is MaterialKind.DVD
    assert film.creators == (
        Creator("静野 孔文", None, "監督"),
        Creator("大倉 崇裕", None, "脚本"),
        Creator("青山 剛昌", None, None),
    )
    single = by_id(shipped, "R100000002-I027735225")
    assert single.kind is MaterialKind.CD
    assert single.attachments is not None
    assert single.attachments.startswith("DVD 1枚")


LIMITS = {
    "ndl_id": ndl.NDL_ID_MAX,
    "title": ndl.TITLE_MAX,
    "title_kana": ndl.TITLE_KANA_MAX,
    "volume": ndl.VOLUME_MAX,
    "series": ndl.SERIES_MAX,
    "series_kana": ndl.SERIES_KANA_MAX,
    "statement_of_responsibility": ndl.STATEMENT_MAX,
    "isbn13": 13,
    "ndc": ndl.NDC_MAX,
    "edition": ndl.EDITION_MAX,
    "extent": ndl.EXTENT_MAX,
    "price": ndl.PRICE_MAX,
    "attachments": ndl.ATTACHMENTS_MAX,
}


def check(record: BibRecord) -> None:
    """What holds of every record, whatever it was read from."""
    texts = [(name, getattr(record, name), limit) for name, limit in LIMITS.items()]
    texts += [("publisher", publisher, ndl.PUBLISHER_MAX) for publisher in record.publishers]
    for creator in record.creators:
        texts += [
            ("name", creator.name, ndl_names.CREATOR_NAME_MAX),
            ("reading", creator.reading, ndl_names.CREATOR_READING_MAX),
            ("role", creator.role, ndl_names.CREATOR_ROLE_MAX),
        ]
    for name, text, limit in texts:
        if text is None:
            continue
        assert 0 < len(text) <= limit, name
        assert text == " ".join(text.split()), name
        assert not any(unicodedata.category(ch) in {"Cc", "Cf", "Cs", "Co"} for ch in text), name
        assert unicodedata.is_normalized("NFC", text), name
    assert len(record.creators) <= ndl_names.CREATORS_MAX
    assert len(record.publishers) <= ndl.PUBLISHERS_MAX
    assert record.year is None or ndl_text.EARLIEST_YEAR <= record.year <= ndl_text.LATEST_YEAR
    assert record.isbn13 is None or (record.isbn13.isdigit() and len(record.isbn13) == 13)
    assert group_of(record.kind) in LoanGroup


def test_every_shipped_record_is_clean_and_bounded(shipped: ImportResult) -> None:
    for record in shipped.records:
        check(record)
    assert len({record.ndl_id for record in shipped.records}) == len(shipped.records)


# --- records with half of it missing


def test_a_record_without_a_title_is_left_out() -> None:
    assert left_out(PAPER) is LeftOut.NO_TITLE
    assert left_out(PAPER + "<dc:title>\u3000</dc:title><title/>") is LeftOut.NO_TITLE
    assert read(PAPER + "<title>題</title>").title == "題"


def test_a_record_is_numbered_even_without_a_number() -> None:
    assert read(TITLE + PAPER + "<guid>https://x/books/R100000002-I1</guid>").ndl_id == "R100000002-I1"
    assert read(TITLE + PAPER + identifier("029096886", "NDLBibID")).ndl_id == "NDLBibID-029096886"
    made_of_facts = read(TITLE + PAPER + "<link>https://x/books/R1'; DROP TABLE title</link>").ndl_id
    assert made_of_facts == read(TITLE + PAPER).ndl_id
    assert made_of_facts != read("<dc:title>別</dc:title>" + PAPER).ndl_id
    assert made_of_facts.startswith("facts-")


def test_a_record_has_every_valid_isbn_once() -> None:
    given = ("4048930656", "978-4-400-21286-7", "9784048930659", "978-4-400-21286-0 (セット)")
    result = read_records(answer(TITLE + PAPER + "".join(map(identifier, given))))
    (record,) = result.records
    assert (record.isbn13, record.other_isbns) == ("9784048930659", ("9784400212867",))
    assert result.invalid_isbns == 1
    many = "".join(identifier(f"{number:09}X") for number in range(1000))
    assert len(read(TITLE + PAPER + many).other_isbns) == ndl.ISBNS_MAX - 1


def test_the_same_record_twice_counts_once() -> None:
    book = TITLE + PAPER + "<guid>R100000002-I1</guid>"
    other = TITLE + PAPER + "<guid>R100000002-I2</guid>"
    result = read_records(answer(book, other, book))
    assert [record.ndl_id for record in result.records] == ["R100000002-I1", "R100000002-I2"]
    assert result.left_out == Counter({LeftOut.DUPLICATE: 1})


def test_answers_are_merged() -> None:
    book = TITLE + PAPER + "<guid>R100000002-I1</guid>" + identifier("1421504414")
    article = TITLE + "<category>記事</category>"
    merged = merge_results([read_records(answer(book, article)), read_records(answer(article, book))])
    assert len(merged.records) == 1
    assert merged.left_out == Counter({LeftOut.ARTICLE: 2, LeftOut.DUPLICATE: 1})
    assert merged.invalid_isbns == 2
    assert merge_results([]) == ImportResult()


def test_an_answer_with_no_hits_is_an_answer() -> None:
    assert read_records(answer()) == ImportResult()


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "答え.xml"
    path.write_bytes(answer(TITLE + PAPER).getvalue())
    assert len(read_records(path).records) == 1
    with pytest.raises(FileNotFoundError):
        read_records(tmp_path / "missing.xml")


# --- what is not an answer

BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss>&b;</rss>'
OUTSIDE = '<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", NotNdl.NOT_XML),
        (b"not xml at all", NotNdl.NOT_XML),
        (b"%PDF-1.7", NotNdl.NOT_XML),
        (b"\x1f\x8b\x08\x00", NotNdl.NOT_XML),
        (b"\x00" * 64, NotNdl.NOT_XML),
        (answer(TITLE).getvalue()[:-20], NotNdl.NOT_XML),
        (b'<?xml version="1.0" encoding="no-such"?><rss/>', NotNdl.NOT_XML),
        (b'<?xml version="1.0" encoding="utf-16"?><rss/>', NotNdl.NOT_XML),
        ("<rss>題</rss>".encode("shift_jis"), NotNdl.NOT_XML),
        (b"<rss>\x01</rss>", NotNdl.NOT_XML),
        (BOMB.encode(), NotNdl.DOCTYPE),
        (OUTSIDE.encode(), NotNdl.DOCTYPE),
        (b"<html><body>404</body></html>", NotNdl.OTHER_XML),
        (b"<rss/>", NotNdl.OTHER_XML),
        (b"<rss><channel><item><title>a blog</title></item></channel></rss>", NotNdl.OTHER_XML),
        (b" " * (ndl.MAX_ANSWER_BYTES + 1), NotNdl.TOO_LARGE),
    ],
)
def test_what_is_not_an_answer_is_refused_in_one_sentence(content: bytes, reason: NotNdl) -> None:
    with pytest.raises(NotAnNdlAnswer) as raised:
        read_records(BytesIO(content))
    assert raised.value.reason is reason
    assert str(raised.value)
    assert "国立国会図書館サーチ" in raised.value.sentence_ja


def test_no_more_is_read_than_an_answer_can_hold() -> None:
    class Endless(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 < size <= ndl.MAX_ANSWER_BYTES + 1
            return b" " * size

    with pytest.raises(NotAnNdlAnswer) as raised:
        read_records(Endless())
    assert raised.value.reason is NotNdl.TOO_LARGE


def test_deep_nesting_is_no_way_in() -> None:
    depth = 20_000
    result = read_records(
        answer(TITLE + PAPER + "<dc:creator>" + "<b>" * depth + "x" + "</b>" * depth + "</dc:creator>")
    )
    assert result.records[0].creators == (Creator("x"),)


# --- whatever comes


def real_items() -> list[bytes]:
    packed = resources.files("madoguchi.resources").joinpath("training", "ndl-conan.xml.gz").read_bytes()
    root = ElementTree.fromstring(gzip.decompress(packed))
    return [ElementTree.tostring(item, encoding="utf-8") for item in root.iter("item")]


ITEMS = st.deferred(lambda: st.sampled_from(real_items()))
ODD = st.sampled_from(
    [
        "",
        " ",
        "\u202e\u2066\u200b",
        "か\u3099" * 700,
        "'; DROP TABLE title; --",
        "<script>alert(1)</script>",
        ",,,///;;;",
        "1906-1975",
        "\ue000" * 20,
        "９７８４０４８９３０６５９",
        "(" * 500,
        "[ほか]" * 300,
        "責任表示：" * 300,
        "ア" * 3000,
        "\U0010fffd\U000e0100",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ITEMS, min_size=1, max_size=3), st.data())
def test_nothing_in_a_record_can_break_the_import(items: list[bytes], data: st.DataObject) -> None:
    channel = ElementTree.Element("channel")
    ElementTree.SubElement(channel, f"{{{NAMESPACES['openSearch']}}}totalResults")
    for text in items:
        children = list(ElementTree.fromstring(text))
        kept = data.draw(st.lists(st.sampled_from(children), max_size=len(children) + 2), label="children")
        item = ElementTree.SubElement(channel, "item")
        for child in data.draw(st.permutations(kept)):
            twin = ElementTree.SubElement(item, child.tag, child.attrib)
            twin.text = data.draw(st.one_of(st.just(child.text), ODD, XML_TEXT), label=child.tag)
            if data.draw(st.integers(0, 9)) == 0:
                twin.attrib = {}
    root = ElementTree.Element("rss")
    root.append(channel)
    result = read_records(BytesIO(ElementTree.tostring(root, encoding="utf-8")))
    assert len(result.records) + result.left_out.total() == len(items)
    for record in result.records:
        check(record)
