"""The pictures' sample data: plainly made-up people and books."""

from __future__ import annotations

from madoguchi.widgets.look.views import (
    FlagView,
    IndicatorView,
    LoanMeter,
    PatronView,
    RailItem,
    RowView,
    Sign,
    TopBarView,
)

TOP = TopBarView(
    branch="辻堂市民図書館",
    branch_short="辻堂",
    terminal="2番窓口",
    staff="試作 一郎",
    line=IndicatorView("回線", "正常"),
    usb=IndicatorView("USB", "正常"),
    date="11/21(土)",
    time="14:32",
)
TASKS = (
    RailItem(1, "貸出"),
    RailItem(2, "返却"),
    RailItem(3, "予約"),
    RailItem(4, "利用者"),
    RailItem(5, "検索"),
    RailItem(6, "取置棚"),
    RailItem(7, "配送"),
    RailItem(8, "直前の利用者", "直前"),
    RailItem(9, "再印刷"),
    RailItem(10, "要対応", "対応"),
    RailItem(11, "その他", "他"),
    RailItem(12, "離席"),
)
PATRON = PatronView(
    kana="ミホン ハナコ",
    name="見本 花子",
    number="1000-2345-67",
    category="一般・市内在住",
    valid_until="2028/03/31",
    meters=(LoanMeter("図書", 3, 4, 10), LoanMeter("雑誌", 1, 0, 5), LoanMeter("視聴覚", 0, 1, 2)),
    flags=(
        FlagView(Sign.OVERDUE, "延滞 1点", "最長 5日"),
        FlagView(Sign.TO_RESERVATION_SHELF, "取置 2点", "棚 A-12"),
    ),
    note="大活字本を希望。11/10に新しいカードへ切替済み。",
)
REFUSED_ROW = RowView(
    4,
    4,
    Sign.REFUSED,
    "注文の多い料理店",
    "1012399016  宮沢 賢治",
    "予約者あり",
    "未貸出・2人待ち",
    "",
    "",
    "F10 対応",
)
LOANS = (
    RowView(1, 1, Sign.DONE, "こころ", "1012345678  夏目 漱石", "貸出", "", "12/5(土)"),
    RowView(2, 2, Sign.DONE, "銀河鉄道の夜", "1012345702  宮沢 賢治", "貸出", "", "12/5(土)"),
    RowView(
        3,
        3,
        Sign.NOTICE,
        "はじめての見本英会話 三訂版",
        "1013300415  例文社編集部",
        "付録CDあり",
        "1枚 ― 有無を確認",
        "12/5(土)",
    ),
    REFUSED_ROW,
    RowView(5, 5, Sign.SAME_ITEM, "こころ", "1012345678  夏目 漱石", "同じ資料", "1行目で貸出済み", "―"),
    RowView(
        6,
        6,
        Sign.DONE,
        "よみがえる路面電車 ― 見本市電の六十年 写真と証言でたどる町の記憶",
        "1014408821  試作 太郎",
        "貸出",
        "",
        "12/5(土)",
    ),
    RowView(
        7,
        7,
        Sign.DONE,
        "映像で見る日本の四季  DVD",
        "2010000341  例示映像制作",
        "貸出",
        "視聴覚・1週間",
        "11/28(土)",
    ),
    RowView(8, 8, Sign.PENDING, "1012777310", "書名を照会中", "照会中", "", "―"),
)
NEXT = "次の資料を読み取ってください"


def returned_rows() -> tuple[RowView, ...]:
    quiet = [
        RowView(n, n, Sign.DONE, f"見本の本 {n}", f"10123456{n:02d}  例示 太郎", "返却", "", "書架へ")
        for n in range(1, 14)
    ]
    return (
        *quiet,
        RowView(14, 14, Sign.DONE, "門", "1012345721  夏目 漱石", "返却", "", "書架へ"),
        RowView(15, 15, Sign.DONE, "三四郎", "1012345710  夏目 漱石", "返却", "", "書架へ"),
        RowView(
            16,
            16,
            Sign.OVERDUE,
            "やさしい園芸 試作版",
            "1013377041  例示 園子",
            "延滞 5日",
            "期限 11/15(日)",
            "書架へ",
        ),
        RowView(
            17,
            17,
            Sign.TO_TRANSIT,
            "見本市の歴史  上巻",
            "1011100287  見本市史編さん室",
            "他館の資料",
            "配送票を印刷",
            "南市民図書館へ",
            "配送箱",
        ),
        RowView(18, 18, Sign.DONE, "草枕", "1012345744  夏目 漱石", "返却", "", "書架へ"),
        RowView(
            19,
            19,
            Sign.TO_RESERVATION_SHELF,
            "風の又三郎",
            "1012345733  宮沢 賢治",
            "予約あり",
            "予約票を印刷",
            "取置棚へ",
            "A-12",
        ),
        RowView(20, 20, Sign.PENDING, "1012391224", "書名を照会中", "照会中", "", ""),
    )
