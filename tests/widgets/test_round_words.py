"""What is said of a copy that came to a wrong branch, and of one that was kept for somebody else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

from madoguchi.app.lending.answers import CheckedIn, CheckedOut, Notice, Route
from madoguchi.app.lending.facts import GroupUse, ItemShown
from madoguchi.app.lending.materials import LoanGroup, MaterialKind
from madoguchi.widgets.checkin_views import returned_words
from madoguchi.widgets.checkout_views import lent_words

DAY = dt.date(2026, 5, 12)
ITEM = ItemShown("1000000001", "こころ", "夏目 漱石", MaterialKind.BOOK, attachments="CD 1枚")


def test_a_copy_at_a_wrong_branch_says_whose_it_is_before_all_else() -> None:
    answer = CheckedIn(
        UUID(int=1),
        ITEM,
        Route.TRANSIT,
        "南市民図書館",
        None,
        DAY,
        0,
        None,
        (Notice.NOT_ON_LOAN, Notice.WRONG_BRANCH, Notice.ATTACHMENTS),
        can_undo=False,
        expected_at="南市民図書館",
    )
    words = returned_words(answer)
    assert words.state == "南市民図書館あての資料"
    assert words.detail.startswith("この館から配送に出し直してください・CD 1枚")
    assert returned_words(replace(answer, notices=())).state == "他館へ配送"


def test_lent_over_another_it_says_where_they_wait_now() -> None:
    use = GroupUse(LoanGroup.PRINT, 1, 10)
    answer = CheckedOut(UUID(int=1), ITEM, DAY, use, (Notice.KEPT_FOR_OTHER, Notice.ATTACHMENTS), 2)
    assert lent_words(answer) == ("ほかの人の予約", "待っていた人は、順番の2番目に戻りました・CD 1枚")
