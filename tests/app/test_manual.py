"""The clerk's manual says what the program says: its words, its numbers, its pictures, its settings."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path
from string import Formatter

import sqlalchemy as sa

from madoguchi.__main__ import _parser
from madoguchi.app.lending.answers import Refused
from madoguchi.app.lending.materials import LoanGroup
from madoguchi.app.lending.rules import OVERRIDABLE, Policy, Refusal
from madoguchi.app.server import tables as t
from madoguchi.app.server.engine import embedded_url, make_engine
from madoguchi.app.settings import Settings, load
from madoguchi.app.training.branches import BRANCHES
from madoguchi.app.training.house import TERMS
from madoguchi.app.training.saturday import Saturday
from madoguchi.app.training.situations import STAFF, TRAINING_PASSWORD
from madoguchi.barcode.wedge import WedgeSettings
from madoguchi.widgets import wording
from madoguchi.widgets.place import Place
from madoguchi.widgets.sound_patterns import PATTERNS, Family
from madoguchi.widgets.today_board import REFRESH_MS
from tests.app.manual_text import MANUAL, OWN_PICTURES, PICTURES, QUOTED, TEXT, section, table_of, unquoted

ROOT = MANUAL.parents[1]
CONTEXTS = {
    "Counter", "Devices", "Labels", "Look", "Office", "Patrons", "Search", "Sheet", "Slips", "Sounds", "Way",
}  # fmt: skip


# -- words ---------------------------------------------------------------------------------------------


def _sources() -> set[str]:
    """Every string that the program hands to Qt's translation."""
    found = set()
    for file in (ROOT / "madoguchi").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and len(node.args) == 2):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            context, source = node.args
            if (
                name in {"translate", "QT_TRANSLATE_NOOP"}
                and isinstance(context, ast.Constant)
                and isinstance(source, ast.Constant)
                and context.value in CONTEXTS
            ):
                found.add(str(source.value))
    return found


def _value_pattern(name: str) -> str:
    """What may stand in the manual where the program fills something in: ○, or what it could really be."""
    if name == "branch":
        return "(?:○|" + "|".join(re.escape(seed.name) for seed in BRANCHES) + ")"
    if name == "day":
        return r"(?:○/○\(○\)|\d+/\d+\([月火水木金土日]\))"
    if name in {"n", "count", "limit", "waiting"}:
        return r"(?:○|\d+)"
    return "○"


def _pattern(source: str) -> re.Pattern[str]:
    parts = []
    for text, name, _, _ in Formatter().parse(" ".join(source.split())):
        parts.append(re.escape(text))
        if name is not None:
            parts.append(_value_pattern(name))
    return re.compile("".join(parts))


def test_every_word_in_brackets_is_the_programs_own() -> None:
    sources = _sources()
    patterns = [_pattern(source) for source in sources]
    quoted = {" ".join(words.split()) for words in QUOTED.findall(TEXT)}
    assert len(quoted) > 100
    assert {words for words in quoted if not any(p.fullmatch(words) for p in patterns)} == set()


def test_a_word_the_program_does_not_say_would_be_found() -> None:
    patterns = [_pattern(source) for source in _sources()]
    for words in ("貸出中に", "返却取り消し", "前の行", "藤沢市民図書館へ", "回線断：貸出", "上限10点"):
        assert not any(p.fullmatch(words) for p in patterns), words


def test_it_begins_with_lending_and_leaves_nothing_out() -> None:
    headings = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    assert headings == [
        "貸出",
        "返却",
        "延長",
        "検索",
        "予約",
        "利用者",
        "予約の流れ",
        "画面を隠す",
        "音と文字と配色",
        "操作コード表",
        "回線が切れたとき",
        "今日の窓口",
        "サインインと離席",
        "事故の報告と端末の切り離し",
        "USB 機器",
        "システム担当とセキュリティ責任者のページ",
        "困ったとき",
        "システム担当の方へ",
        "キー一覧",
    ]
    assert section("貸出").index("![") < 400
    anchors = set(re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE))
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors


def test_numbers_of_the_rules_are_those_in_force() -> None:
    policy = Policy()
    lending = section("画面の見方")
    for group, words in (
        (LoanGroup.PRINT, "図書・雑誌が{}点"),
        (LoanGroup.AUDIO, "CD が{}点"),
        (LoanGroup.VIDEO, "DVD が{}点"),
    ):
        assert words.format(TERMS[group][0]) in lending
    assert {days for _, days in TERMS.values()} == {14}
    assert "14日後" in lending
    assert "14日後" in section("延長")
    assert f"{policy.overdue_block_days + 1}日以上" in section("利用者の欄に出ること")
    assert f"{policy.card_idle_years}年使われていない" in section("利用者の欄に出ること")
    assert f"{policy.undo_minutes}分以内" in section("まちがえて返却したとき")
    assert f"{policy.undo_minutes}分を過ぎた" in section("困ったとき")
    assert f"{policy.backdate_days}日前まで" in section("返却ポストの資料")
    minutes = next(field.default for field in fields(Place) if field.name == "last_patron_minutes")
    assert f"終わってから{minutes:.0f}分間" in section("直前の利用者に戻る")
    assert REFRESH_MS == 60_000
    assert "1分ごと" in section("今日の窓口")
    assert f"平均で{WedgeSettings().max_gap_ms}ミリ秒" in section("スキャナ")
    assert f"職員番号 {STAFF[0].login}、パスワード {TRAINING_PASSWORD}" in TEXT


def test_every_refusal_that_a_reason_sets_aside_is_named() -> None:
    def state(refusal: Refusal) -> str:
        return wording.refused(Refused(refusal)).state

    line = next(line for line in section("断られたとき").splitlines() if line.startswith("F11 が使えるのは"))
    assert set(QUOTED.findall(line)) == {state(refusal) for refusal in OVERRIDABLE}
    assert f"下の{len(OVERRIDABLE)}つのとき" in section("断られたとき")


def test_sounds_are_heard_as_it_says() -> None:
    rhythms = {}
    for word, rhythm, _ in table_of("音", "聞こえ方", "意味").rows:
        beats = re.findall(r"(短く|長く)(\d)回", rhythm)
        rhythms[unquoted(word)] = [length for length, times in beats for _ in range(int(times))]
    families = {
        "完了": Family.DONE,
        "注意": Family.NOTICE,
        "お断り": Family.REFUSED,
        "障害": Family.ERROR,
    }
    assert rhythms == {
        word: ["長く" if pulse.seconds > 0.12 else "短く" for pulse in PATTERNS[family].pulses]
        for word, family in families.items()
    }


# -- pictures ------------------------------------------------------------------------------------------


def test_pictures_are_there_and_every_one_is_used() -> None:
    assert {file for file in PICTURES if not file.is_file()} == set()
    assert set(OWN_PICTURES.iterdir()) == {file for file in PICTURES if file.parent == OWN_PICTURES}


# -- the training library --------------------------------------------------------------------------------


def test_every_number_is_in_the_training_library(tmp_path: Path) -> None:
    town = Saturday(tmp_path / "town.sqlite")
    town.line.close()
    engine = make_engine(embedded_url(tmp_path / "town.sqlite"))
    with engine.connect() as connection:
        known = {
            *connection.execute(sa.select(t.card.c.number)).scalars(),
            *connection.execute(sa.select(t.item.c.number)).scalars(),
        }
    engine.dispose()
    numbers = set(re.findall(r"\b\d{8,}\b", TEXT))
    assert len(numbers) > 12
    assert numbers - known == set()


# -- for system staff ------------------------------------------------------------------------------------


def test_every_setting_is_explained_and_no_other() -> None:
    table = table_of("項目", "意味", "初めの値")
    assert {row[0].strip("`") for row in table.rows} == {field.name for field in fields(Settings)}
    defaults = {field.name: field.default for field in fields(Settings)}
    for name in ("branch", "terminal", "language"):
        assert next(row[2] for row in table.rows if row[0] == f"`{name}`") == defaults[name]
    for name in ("text_scale", "limit_seconds", "fetch_seconds"):
        assert float(next(row[2] for row in table.rows if row[0] == f"`{name}`")) == defaults[name]
    assert defaults["high_contrast"] is False


def test_the_settings_it_shows_can_be_loaded(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.+?)```", TEXT, re.DOTALL)
    assert example
    (tmp_path / "settings.toml").write_text(example[1], encoding="utf-8")
    settings = load({"MADOGUCHI_HOME": str(tmp_path)})
    assert settings.server
    assert settings.branch in {seed.code for seed in BRANCHES}
    assert settings.library_file == tmp_path / "training.sqlite"


def test_every_command_is_one_of_the_programs() -> None:
    commands = set(re.findall(r"`madoguchi ([^`]+)`", TEXT))
    assert len(commands) == 7
    for command in commands:
        assert callable(_parser().parse_args(command.split()).command)
