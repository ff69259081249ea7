"""One banner for all that is out of order at once. Pure wording."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from madoguchi.widgets.look.views import BannerTone, BannerView, Sign

translate = QCoreApplication.translate


def with_more(
    banner: BannerView | None, sign: Sign, more: tuple[str, str], key: tuple[str, str] = ("", "")
) -> BannerView | None:
    """The banner with one more thing, a word and what is said of it: alone, or with what else holds."""
    word, said = more
    if not word:
        return banner
    if banner is None:
        return BannerView(BannerTone.SYSTEM, sign, word, said, *key)
    detail = translate("Counter", "・").join(filter(None, (word, banner.detail)))
    if banner.key:
        return replace(banner, detail=detail)
    return replace(banner, detail=detail, key=key[0], key_word=key[1])
