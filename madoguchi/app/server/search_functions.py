"""How the central server folds what is searched: functions of its own, written from the tables of `folding`.

The server believes no client, so what its titles are found by is made there. A migration holds the text as it
was; ``tests/server/test_search_functions.py`` says when the tables have moved on.
"""

from __future__ import annotations

from typing import Final

from madoguchi.app.catalogue.folding import (
    ACCENTS,
    FIELD_END,
    KANJI_RANGES,
    LETTERS,
    MARKS,
    PARTICLES,
    SYLLABLES,
    USUAL,
    VALUE_END,
)
from madoguchi.app.catalogue.kanji_forms import KANJI

_FIRST_KANA: Final = "\u3041"
_USUAL_MARKS: Final = " \u3000・ー"

_FOLDED: Final = """\
create function public.search_folded(p_text text) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare v text := p_text;
begin
    -- most titles have neither accents nor anything to put together
    if v ~ '{unusual}' then
        v := normalize(regexp_replace(normalize(v, nfkd), '{accents}', '', 'g'), nfkc);
    end if;
    -- each letter is looked for in the whole of a table: a pattern says sooner that it is not there
    if v ~ '[{capitals_from}]' then
        v := translate(v,
            '{capitals_from}',
            '{capitals_to}');
    end if;
    if v ~ '[{kana_from}]' then
        v := translate(v,
            '{kana_from}',
            '{kana_to}');
    end if;
    if v ~ '[{kanji_from}]' then
        v := translate(v,
            '{kanji_from}',
            '{kanji_to}');
    end if;
    if v like '%ヴ%' then
        v := {syllables};
    end if;
    v := translate(v, '{usual_marks}', '');
    if v ~ '{marks}' then
        v := regexp_replace(v, '{marks}', '', 'g');
    end if;
    return v;
end $$;

create function public.search_reading(p_text text) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare
    v_sounded text := public.search_folded(p_text);
    v_written text;
begin
    if p_text !~ '(^|\\s){particle}(?=\\s|$)' then return v_sounded; end if;
    v_written := public.search_folded({written});
    return case when v_written = v_sounded then v_sounded else v_sounded || {value_end} || v_written end;
end $$;

-- Each as often as it stands there: an index keeps it once. With patterns it takes less than half of the time
-- that rows of letters take.
create function public.search_pairs(p_text text) returns text[]
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare
    -- the pairs from the first letter on and from the second, then each kanji, with a mark behind each
    v_pairs text := left(p_text, length(p_text) / 2 * 2) || substr(p_text, 2, (length(p_text) - 1) / 2 * 2);
    v_kanji text := regexp_replace(p_text, '{no_kanji}+', '', 'g');
begin
    v_pairs := regexp_replace(v_pairs, '..', E'\\\\&\\x01', 'g');
    -- none reaches from one value into the next
    v_pairs := regexp_replace(v_pairs, '[^\\x01]?[{ends}][^\\x01]?\\x01', '', 'g');
    return string_to_array(
        rtrim(v_pairs || regexp_replace(v_kanji, '.', E'\\\\&\\x01', 'g'), chr(1)), chr(1));
end $$;
"""


def functions_text() -> str:
    """The functions, in SQL."""
    kana = {letter: kept for letter, kept in LETTERS.items() if letter >= _FIRST_KANA}
    capitals = {letter: kept for letter, kept in LETTERS.items() if letter < _FIRST_KANA}
    return _FOLDED.format(
        no_kanji=_other_than(KANJI_RANGES),
        ends=f"\\x{ord(VALUE_END):02x}\\x{ord(FIELD_END):02x}",
        unusual=_other_than(USUAL),
        accents=_class(ACCENTS),
        marks=_class(MARKS),
        usual_marks=_USUAL_MARKS,
        capitals_from="".join(capitals),
        capitals_to="".join(capitals.values()),
        kana_from="".join(kana),
        kana_to="".join(kana.values()),
        kanji_from="".join(KANJI),
        kanji_to="".join(KANJI.values()),
        syllables=_replaced(),
        particle="(" + "|".join(sound for sound, _ in PARTICLES) + ")",
        written=_as_written(),
        value_end=f"chr({ord(VALUE_END)})",
    )


def _class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "[" + "".join(f"\\U{first:08X}-\\U{last:08X}" for first, last in ranges) + "]"


def _other_than(ranges: tuple[tuple[int, int], ...]) -> str:
    return "[^" + _class(ranges)[1:]


def _replaced() -> str:
    text = "v"
    for syllable, kept in SYLLABLES:
        text = f"replace({text}, '{syllable}', '{kept}')"
    return text


def _as_written() -> str:
    text = "p_text"
    for sound, written in PARTICLES:
        text = f"regexp_replace({text}, '(^|\\s){sound}(?=\\s|$)', '\\1{written}', 'g')"
    return text
