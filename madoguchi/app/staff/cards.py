"""Which login a staff card belongs to, as this terminal has learned it: known before anybody is signed in.

A card says who, and proves nothing: what is kept here only fills in a field that the password must follow.
What the library's numbers look like is kept with it: without that no card would be known for one.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, Final

from madoguchi.barcode.code_plan import CodePlan, plan_text, read_plan

_log = logging.getLogger(__name__)

MOST: Final = 200
"""Cards that a terminal remembers; the one whose owner has been away longest goes first."""

_LONGEST_FILE: Final = 64 * 1024
_LONGEST_NUMBER: Final = 20
_LONGEST_LOGIN: Final = 60


class StaffCards:
    """The staff cards of this terminal, learned from its sign-ins.

    What is asked is answered from memory; the file is read and written in a thread behind it. Without a
    ``file`` nothing outlives the program.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = Lock()
        # the one used last at the end
        self._cards: dict[str, str] = {}
        self._plan: CodePlan | None = None
        self._plan_told = False
        self._behind = ThreadPoolExecutor(1, thread_name_prefix="staff cards") if file is not None else None
        if self._behind is not None:
            self._behind.submit(self._load)

    def learn(self, login: str, number: str | None) -> None:
        """Somebody has proved who they are: this is the card they have now; None: they have none."""
        with self._lock:
            before = list(self._cards.items())
            _learn(self._cards, login, number)
            changed = list(self._cards.items()) != before
        if changed and self._behind is not None:
            self._behind.submit(self._save)

    def learn_plan(self, plan: CodePlan | None) -> None:
        """The server has said what the library's numbers look like; None: it says nothing of them."""
        with self._lock:
            # told before the file was read, it may differ from what stands there
            changed, self._plan = not self._plan_told or plan != self._plan, plan
            self._plan_told = True
        if changed and self._behind is not None:
            self._behind.submit(self._save)

    @property
    def plan(self) -> CodePlan | None:
        """The plan of numbers that was learned last; None: none was."""
        with self._lock:
            return self._plan

    def login_of(self, number: str) -> str | None:
        """Whose card this was when it was last told of; None: it is not known here."""
        with self._lock:
            return self._cards.get(number)

    def close(self) -> None:
        """Ends the thread once everything is written."""
        if self._behind is not None:
            self._behind.shutdown()

    def _load(self) -> None:
        found, plan = _read(self._file) if self._file is not None else ({}, None)
        with self._lock:
            # whoever signed in meanwhile knows better than the file
            for number, login in self._cards.items():
                _learn(found, login, number)
            self._cards = found
            if not self._plan_told:
                self._plan = plan

    def _save(self) -> None:
        with self._lock:
            text = as_text(self._cards, self._plan)
        if self._file is not None:
            _write(self._file, text)


def as_text(cards: Mapping[str, str], plan: CodePlan | None = None) -> str:
    """The logins by number, and the plan of numbers, as they are written down."""
    found: dict[str, object] = {"staff_cards": list(cards.items())}
    if plan is not None:
        found["numbering"] = plan_text(plan)
    return json.dumps(found) + "\n"


def plan_from_text(text_untrusted: str) -> CodePlan | None:
    """The plan of numbers that was written down with the cards; None: none was, or it is damaged."""
    try:
        return read_plan(json.loads(text_untrusted)["numbering"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def from_text(text_untrusted: str) -> dict[str, str]:
    """The logins by number that were written down, the one used last at the end.

    Raises:
        ValueError: this is no such list, or one in which a number or a login could be none.
    """
    try:
        found: Any = json.loads(text_untrusted)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    entries = found.get("staff_cards") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise ValueError("not a list of staff cards")
    cards: dict[str, str] = {}
    for entry in entries:
        match entry:
            case [str(number), str(login)] if _is_number(number) and _is_login(login):
                _learn(cards, login, number)
            case _:
                raise ValueError("not a staff card and its login")
    return cards


def _learn(cards: dict[str, str], login: str, number: str | None) -> None:
    """This is the login's card, and no other is; no card is two people's."""
    for old in [old for old, whose in cards.items() if whose == login]:
        del cards[old]
    if number is None or not _is_number(number) or not _is_login(login):
        return
    cards.pop(number, None)
    cards[number] = login
    while len(cards) > MOST:
        del cards[next(iter(cards))]


def _is_number(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_NUMBER and text.isascii() and text.isprintable()


def _is_login(text: str) -> bool:
    # half a surrogate pair, which could not be written again, is not printable either
    return 0 < len(text) <= _LONGEST_LOGIN and text.isprintable() and text == text.strip()


def _read(file: Path) -> tuple[dict[str, str], CodePlan | None]:
    """What the file holds; one that is none of ours or damaged is thrown away. What it says is not logged."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_LONGEST_FILE + 1)
        if len(content) > _LONGEST_FILE:
            raise ValueError("too long")
        text = content.decode()
        return from_text(text), plan_from_text(text)
    except FileNotFoundError:
        return {}, None
    except OSError as error:
        _log.warning("staff cards cannot be read: %s", error.strerror)
        return {}, None
    except ValueError:
        _log.warning("staff cards that cannot be read are thrown away")
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("staff cards could not be deleted: %s", error.strerror)
    return {}, None


def _write(file: Path, text: str) -> None:
    """Writes it for this account alone, whole or not at all; where it cannot, the log says so."""
    new = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # what an interrupted run left there may have other rights
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(text.encode())
            opened.flush()
            os.fsync(opened.fileno())
        new.replace(file)
    except OSError as error:
        _log.warning("staff cards are remembered until the program ends: %s", error.strerror)
