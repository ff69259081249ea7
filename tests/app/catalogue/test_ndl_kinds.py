"""What an NDL record is: a kind of material that is lent, or a reason to leave it out."""

from __future__ import annotations

import pytest

from madoguchi.app.catalogue.ndl import read_records
from madoguchi.app.catalogue.ndl_kinds import LEFT_OUT_JA, LeftOut
from madoguchi.app.lending.materials import LoanGroup, MaterialKind, group_of
from tests.app.catalogue.ndl_answers import PAPER, TITLE, answer, identifier

RECORDED = "<category>図書</category><category>記録メディア</category>"
AUDIO = "<category>録音資料</category><category>記録メディア</category>"
VIDEO = "<category>映像資料</category><category>記録メディア</category>"


def kind(categories: str, rest: str = "") -> MaterialKind | LeftOut:
    result = read_records(answer(TITLE + categories + rest))
    return result.records[0].kind if result.records else next(iter(result.left_out))


@pytest.mark.parametrize(
    ("categories", "rest", "expected"),
    [
        (PAPER, "", MaterialKind.BOOK),
        (PAPER + "<category>デジタル</category>", "", MaterialKind.BOOK),
        ("<category>図書</category><category>楽譜</category><category>紙</category>", "", MaterialKind.BOOK),
        ("<category>楽譜</category><category>文書・図像類</category>", "", MaterialKind.BOOK),
        ("<category>雑誌</category><category>紙</category>", "", MaterialKind.MAGAZINE),
        (PAPER, "<dc:extent>紙芝居1組(12枚) ; 27×39cm</dc:extent>", MaterialKind.KAMISHIBAI),
        (
            PAPER,
            "<dcndl:seriesTitle>おはなし紙芝居</dcndl:seriesTitle><dc:extent>16枚</dc:extent>",
            MaterialKind.KAMISHIBAI,
        ),
        (
            PAPER,
            "<dc:extent>200p</dc:extent><dc:description>紙芝居の歴史</dc:description>",
            MaterialKind.BOOK,
        ),
        ("", identifier("978-4-04-893065-9"), MaterialKind.BOOK),
        ("", "<dc:extent>349p</dc:extent>", MaterialKind.BOOK),
        (AUDIO, "<dc:extent>録音ディスク 1枚 (70分)</dc:extent>", MaterialKind.CD),
        (AUDIO, "<dc:extent>ＣＤ　２枚</dc:extent>", MaterialKind.CD),
        (AUDIO, "<dc:extent>録音カセット 1巻</dc:extent>", MaterialKind.CASSETTE),
        (AUDIO, "<dcterms:issued>2011</dcterms:issued>", MaterialKind.CD),
        (AUDIO, "<dcterms:issued>1972</dcterms:issued>", LeftOut.UNKNOWN_CARRIER),
        (AUDIO, "", LeftOut.UNKNOWN_CARRIER),
        (AUDIO, "<dc:extent>レコード 1枚</dc:extent>", LeftOut.VINYL),
        (
            AUDIO,
            "<dc:extent>CD 1枚</dc:extent><dc:description>付属資料: DVD 1枚</dc:description>",
            MaterialKind.CD,
        ),
        (VIDEO, "<dc:extent>ビデオディスク 1枚 : DVD</dc:extent>", MaterialKind.DVD),
        (VIDEO, "<dc:extent>ビデオカセット 1巻 : VHS</dc:extent>", MaterialKind.VIDEO),
        (VIDEO, "<dcterms:issued>1992</dcterms:issued>", MaterialKind.VIDEO),
        (VIDEO, "<dcterms:issued>2018.10</dcterms:issued>", MaterialKind.DVD),
        (VIDEO, "<dc:extent>CD-ROM 1枚</dc:extent>", LeftOut.SOFTWARE),
        (RECORDED, "<dc:extent>DVD-ROM 1枚</dc:extent>", LeftOut.SOFTWARE),
        (RECORDED, "<description>&lt;li>責任表示：倉木 麻衣／歌&lt;/li></description>", MaterialKind.CD),
        (RECORDED, "<dc:extent>1</dc:extent>", LeftOut.UNKNOWN_CARRIER),
        (RECORDED, "<dc:description>DAISY version:２．０２</dc:description>", LeftOut.ACCESSIBLE),
        (
            PAPER,
            "<link>https://ndlsearch.ndl.go.jp/books/R100000038-I1013796</link><dc:extent>4巻</dc:extent>",
            LeftOut.ACCESSIBLE,
        ),
        ("<category>記事</category><category>紙</category>", "", LeftOut.ARTICLE),
        ("<category>図書</category><category>デジタル</category>", "", LeftOut.ELECTRONIC),
        ("<category>図書</category><category>電子書籍・電子雑誌</category>", "", LeftOut.ELECTRONIC),
        ("<category>図書</category><category>マイクロ</category>", "", LeftOut.MICROFORM),
        ("<category>新聞</category><category>紙</category>", "", LeftOut.NEWSPAPER),
        ("<category>文書・図像類</category><category>紙</category>", "", LeftOut.DOCUMENT),
        ("<category>地図</category><category>紙</category>", "", LeftOut.DOCUMENT),
        ("<category>レファレンス事例</category>", "", LeftOut.UNKNOWN_KIND),
        ("", "", LeftOut.UNKNOWN_KIND),
    ],
)
def test_kind(categories: str, rest: str, expected: MaterialKind | LeftOut) -> None:
    assert kind(categories, rest) is expected


def test_every_kind_has_its_loan_group() -> None:
    assert {kind: group_of(kind) for kind in MaterialKind} == {
        MaterialKind.BOOK: LoanGroup.PRINT,
        MaterialKind.MAGAZINE: LoanGroup.PRINT,
        MaterialKind.KAMISHIBAI: LoanGroup.PRINT,
        MaterialKind.CD: LoanGroup.AUDIO,
        MaterialKind.CASSETTE: LoanGroup.AUDIO,
        MaterialKind.VIDEO: LoanGroup.VIDEO,
        MaterialKind.DVD: LoanGroup.VIDEO,
    }


def test_every_reason_has_japanese_words() -> None:
    assert set(LEFT_OUT_JA) == set(LeftOut)
