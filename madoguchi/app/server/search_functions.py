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

_FOLDED: Final = """\
create function public.search_folded(p_text text) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare v text := p_text;
begin
    -- most titles have neither accents nor anything to put together
    if v ~ '{unusual}' then
        v := normalize(regexp_replace(normalize(v, nfkd), '{accents}', '', 'g'), nfkc);
    end if;
    v := translate(v,
        '{letters_from}',
        '{letters_to}');
    if v ~ '[{kanji_from}]' then
        v := translate(v,
            '{kanji_from}',
            '{kanji_to}');
    end if;
    if v like '%ヴ%' then
        v := {syllables};
    end if;
    return regexp_replace(v, '{marks}', '', 'g');
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

create function public.search_pairs(p_text text) returns text[]
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare v_letters text[] := string_to_array(p_text, null);
begin
    return array(
        select first || second
        from unnest(v_letters, v_letters[2:]) as pair(first, second)
        where first not in ({value_end}, {field_end}) and second not in ({value_end}, {field_end})
        union
        select letter from unnest(v_letters) as letter where letter ~ '{kanji}');
end $$;
"""


def functions_text() -> str:
    """The functions, in SQL."""
    return _FOLDED.format(
        kanji=_class(KANJI_RANGES),
        unusual="[^" + _class(USUAL)[1:],
        accents=_class(ACCENTS),
        marks=_class(MARKS),
        letters_from="".join(LETTERS),
        letters_to="".join(LETTERS.values()),
        kanji_from="".join(KANJI),
        kanji_to="".join(KANJI.values()),
        syllables=_replaced(),
        particle="(" + "|".join(sound for sound, _ in PARTICLES) + ")",
        written=_as_written(),
        value_end=f"chr({ord(VALUE_END)})",
        field_end=f"chr({ord(FIELD_END)})",
    )


def _class(ranges: tuple[tuple[int, int], ...]) -> str:
    return "[" + "".join(f"\\U{first:08X}-\\U{last:08X}" for first, last in ranges) + "]"


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
