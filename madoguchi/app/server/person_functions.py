"""How the central server compares two people: functions of its own, written from the tables of `comparing`.

A migration holds the text as it was; ``tests/server/test_read_functions.py`` says when the tables have moved
on, ``tests/server/test_comparing_agrees.py`` that both compare alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from madoguchi.app.patrons.comparing import (
    LENGTHENED,
    NUMBERS_BEGIN,
    NUMERALS,
    PERSON_LETTERS,
    POSTAL_CODE,
    PREFECTURE,
    SHORTEST_EDITED,
    SPACES,
    TENS,
    TOWN_LETTERS,
)

_COMPARED: Final = """\
create function public.person_key(p_text text) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare v text := translate(public.search_folded(p_text), '{person_from}', '{person_to}');
begin
{lengthened}
    return v;
end $$;

create function public.given_part(p_text text) returns text
language sql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
    select coalesce(substr(p_text, nullif(regexp_instr(p_text, '[{spaces}]'), 0) + 1), '')
$$;

create function public.telephone_key(p_text text) returns text
language sql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
    select regexp_replace(normalize(p_text, nfkc), '[^0-9]+', '', 'g')
$$;

create function public.address_key(p_text text) returns text
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare
    v_plain text := regexp_replace(normalize(p_text, nfkc), '{postal_code}', '');
    v_begins integer := regexp_instr(v_plain, '{numbers_begin}');
    v_town text := case when v_begins = 0 then v_plain else left(v_plain, v_begins - 1) end;
    v text := case when v_begins = 0 then '' else substr(v_plain, v_begins) end;
begin
    v_town := regexp_replace(public.search_folded(v_town), '{prefecture}', '');
    v_town := translate(replace(v_town, '大字', ''), '{town_from}', '{town_to}');
    v := translate(v, '{numerals_from}', '{numerals_to}');
{tens}
    v := btrim(regexp_replace(v, '[^0-9]+', '-', 'g'), '-');
    return case when v_town <> '' or v <> '' then v_town || ' ' || v else '' end;
end $$;

create function public.one_edit(p_one text, p_other text) returns boolean
language plpgsql immutable strict parallel safe set search_path = pg_catalog, pg_temp as $$
declare v_alike integer := 0;
begin
    if greatest(length(p_one), length(p_other)) < {shortest} then return false; end if;
    while v_alike < least(length(p_one), length(p_other))
        and substr(p_one, v_alike + 1, 1) = substr(p_other, v_alike + 1, 1) loop
        v_alike := v_alike + 1;
    end loop;
    return substr(p_one, v_alike + 2) = substr(p_other, v_alike + 2)
        or substr(p_one, v_alike + 2) = substr(p_other, v_alike + 1)
        or substr(p_one, v_alike + 1) = substr(p_other, v_alike + 2);
end $$;

create function public.texts_match(p_one text, p_other text, p_near boolean) returns integer
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select case when p_one = '' or p_other = '' then 0 when p_one = p_other then 3
                when p_near then 2 else 1 end
$$;

create function public.births_match(p_one date, p_other date) returns integer
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select case
        when p_one is null or p_other is null then 0
        when p_one = p_other then 3
        when (extract(year from p_one) <> extract(year from p_other))::integer
            + (extract(month from p_one) <> extract(month from p_other))::integer
            + (extract(day from p_one) <> extract(day from p_other))::integer = 1 then 2
        when extract(year from p_one) = extract(year from p_other)
            and extract(month from p_one) = extract(day from p_other)
            and extract(day from p_one) = extract(month from p_other) then 2
        else 1
    end
$$;

create function public.people_match(
    p_name text, p_kana text, p_birth date, p_telephone text, p_address text,
    p_other_name text, p_other_kana text, p_other_birth date, p_other_telephone text, p_other_address text
) returns jsonb language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp as $$
    select jsonb_build_object(
        'name_match', texts_match(search_folded(p_name), search_folded(p_other_name),
            search_folded(given_part(p_name)) <> ''
            and search_folded(given_part(p_name)) = search_folded(given_part(p_other_name))),
        'kana_match', texts_match(person_key(p_kana), person_key(p_other_kana),
            (person_key(given_part(p_kana)) <> ''
             and person_key(given_part(p_kana)) = person_key(given_part(p_other_kana)))
            or one_edit(person_key(p_kana), person_key(p_other_kana))),
        'birth_match', births_match(p_birth, p_other_birth),
        'telephone_match', texts_match(telephone_key(p_telephone), telephone_key(p_other_telephone),
            length(telephone_key(p_telephone)) >= 4
            and right(telephone_key(p_telephone), 4) = right(telephone_key(p_other_telephone), 4)),
        'address_match', texts_match(address_key(p_address), address_key(p_other_address),
            split_part(address_key(p_address), ' ', 1) <> '' and
            split_part(address_key(p_address), ' ', 1) = split_part(address_key(p_other_address), ' ', 1)))
$$;
"""


def functions_text() -> str:
    """The functions, in SQL."""
    return _COMPARED.format(
        person_from="".join(PERSON_LETTERS),
        person_to="".join(PERSON_LETTERS.values()),
        lengthened=_replaced((pattern, "") for pattern in LENGTHENED),
        spaces=SPACES,
        postal_code=POSTAL_CODE,
        numbers_begin=NUMBERS_BEGIN,
        prefecture=PREFECTURE,
        town_from="".join(TOWN_LETTERS),
        town_to="".join(TOWN_LETTERS.values()),
        numerals_from="".join(NUMERALS),
        numerals_to="".join(NUMERALS.values()),
        tens=_replaced(TENS),
        shortest=SHORTEST_EDITED,
    )


def _replaced(patterns: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"    v := regexp_replace(v, '{pattern}', '{kept}', 'g');" for pattern, kept in patterns)
