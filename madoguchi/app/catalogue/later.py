"""Where records come from, loaded when it is first asked: nothing of it is needed before the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from madoguchi.app.settings import Settings

if TYPE_CHECKING:
    from madoguchi.app.catalogue.fetched import Fetched


class LaterSource:
    """A ``BibliographicSource`` of these settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def configured(self) -> bool:
        """Whether there is a proxy to fetch through."""
        return bool(self._settings.fetch_proxy)

    def fetch(self, isbn: str) -> Fetched:
        """Fetches the records of an ISBN; blocks until they are there or the time is over."""
        from madoguchi.app.catalogue.fetch import BibliographicSource, fetch_plan

        return BibliographicSource(fetch_plan(self._settings)).fetch(isbn)
