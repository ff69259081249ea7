-- Finding patrons, opening their records, registering and changing them.

-- == by what they are found ===================================================================================

create function public.index_patron() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into patron_search (patron_id, kana_key, name_key, alike_key, telephone_key)
        values (new.id, search_folded(new.kana), search_folded(new.name), person_key(new.kana),
                telephone_key(new.telephone))
        on conflict (patron_id) do update set kana_key = excluded.kana_key, name_key = excluded.name_key,
            alike_key = excluded.alike_key, telephone_key = excluded.telephone_key;
    return null;
end $$;

create trigger index_patron after insert or update of kana, name, telephone on public.patron
for each row execute function public.index_patron();

-- == who looks at whom ========================================================================================

-- Why a patron may not be shown now; null: they may (0004_base says how). A record opened shows what an opened
-- record shows: where somebody lives is a look of its own, and so is each list they stand in. Lists have a limit
-- of their own.
create or replace function public.view_refused(p_here here, p_patron bigint, p_visit uuid, p_how text) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_over boolean;
begin
    select bool_or(v.tx is distinct from pg_current_xact_id_if_assigned()) into v_over from audit.viewed v
        where v.visit = p_visit and v.patron_id = p_patron and v.who = p_here.login
          and case when p_how in ('card', 'checkout', 'patron') then v.how in ('card', 'checkout', 'patron')
                   else v.how = p_how end
          and v.at > now() - interval '1 hour';
    if v_over then return null; end if;
    if v_over is null then
        if (select count(*) from audit.viewed v where v.who = p_here.login and v.at > now() - interval '1 hour'
                and v.how not in ('search', 'alike'))
            >= (select r.views_an_hour from account.rule r) then
            return 'too_many_views';
        end if;
        perform audit.note_view(p_here.terminal, p_here.login, p_patron, p_visit, p_how);
    end if;
    return 'again';
end $$;

-- The same for all who stand in a list: each of them is on record, once a visit.
create function public.list_refused(p_here here, p_patrons bigint[], p_visit uuid, p_how text) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_new bigint[]; v_again boolean; v_patron bigint;
begin
    select array_agg(p.id order by p.place) filter (where o.is_over is null), bool_or(o.is_over is not true)
        into v_new, v_again
        from unnest(p_patrons) with ordinality p (id, place)
        left join lateral (
            select bool_or(v.tx is distinct from pg_current_xact_id_if_assigned()) as is_over from audit.viewed v
            where v.visit = p_visit and v.patron_id = p.id and v.who = p_here.login and v.how = p_how
              and v.at > now() - interval '1 hour') o on true;
    if v_new is not null and cardinality(v_new)
        + (select count(*) from audit.viewed v where v.who = p_here.login and v.at > now() - interval '1 hour'
               and v.how in ('search', 'alike'))
        > (select r.list_rows_an_hour from account.rule r) then
        return 'too_many_views';
    end if;
    foreach v_patron in array coalesce(v_new, '{}') loop
        perform audit.note_view(p_here.terminal, p_here.login, v_patron, p_visit, p_how);
    end loop;
    return case when v_again then 'again' end;
end $$;

-- Whether somebody may come to a patron without a card: contract staff only to those of their branches, and to
-- those whose card they read within the hour.
create function public.is_theirs(p_here here, p_patron bigint) returns boolean language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select p_here.role <> 'contract_staff'
        or exists (select from patron p join staff_branch b on b.branch_id = p.branch_id
                   where p.id = p_patron and b.login = p_here.login)
        or exists (select from audit.viewed v
                   where v.patron_id = p_patron and v.who = p_here.login and v.how in ('card', 'checkout')
                     and v.at > now() - interval '1 hour'
                     and v.tx is distinct from pg_current_xact_id_if_assigned())
$$;

-- == finding ==================================================================================================

-- Patrons by parts of their name or kana, the last four digits of a telephone, and birth date: the first fifty by
-- their kana, each on record. Contract staff find those of their branches. p_visit is one search.
create function desk.find_patrons(
    p_visit uuid, p_words text, p_telephone_end text, p_birth_date date
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set max_parallel_workers_per_gather = 0 set jit = off as $$
declare
    v_here here := here(); v_words text[]; v_telephone text := coalesce(p_telephone_end, ''); v_found bigint[];
    v_why text; v_more boolean;
begin
    if p_visit is null or length(p_words) > 200 or v_telephone !~ '^([0-9]{4})?$' then
        return refused('not_allowed');
    end if;
    -- in capitals, kana and marks alike: what is left holds nothing that a pattern takes for more than a letter
    v_words := array(select distinct f.word from regexp_split_to_table(coalesce(p_words, ''), '[ \u3000]+') w (typed)
        cross join lateral (select search_folded(w.typed) as word) f where f.word <> '');
    if length(array_to_string(v_words, '')) < 2
        and array_to_string(v_words, '') !~ '[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]'
        and v_telephone = '' and p_birth_date is null then
        return refused('search_too_wide');
    end if;
    v_words := array(select '%' || w.word || '%' from unnest(v_words) w (word));
    v_found := array(
        select s.patron_id from patron_search s
        where s.kana_key || chr(31) || s.name_key like all (v_words)
          and (v_telephone = '' or right(s.telephone_key, 4) = v_telephone)
          and (p_birth_date is null
               or s.patron_id in (select p.id from patron p where p.birth_date = p_birth_date))
          and (v_here.role <> 'contract_staff' or s.patron_id in (
              select p.id from patron p join staff_branch b on b.branch_id = p.branch_id
              where b.login = v_here.login))
        order by s.kana_key, s.patron_id limit 51);
    v_more := cardinality(v_found) > 50;
    v_found := v_found[:50];
    v_why := list_refused(v_here, v_found, p_visit, 'search');
    if v_why is not null then return refused(v_why); end if;
    return jsonb_build_object('refusal', null, 'more', v_more, 'rows', coalesce((
        select jsonb_agg(to_jsonb(f) - 'place' order by f.place) from (
            select u.place, p.id as patron_id, p.name, p.kana, coalesce(right(c.number, 4), '') as number_end,
                extract(year from p.birth_date)::integer as birth_year,
                case when count(*) over (partition by s.kana_key, extract(year from p.birth_date)) > 1
                     then p.birth_date end as birth_date
            from unnest(v_found) with ordinality u (id, place) join patron p on p.id = u.id join patron_search s on s.patron_id = p.id
            left join card c on c.patron_id = p.id and c.state = 'active') f), '[]'))::text;
end $$;

-- == opening ==================================================================================================

-- A patron as shown when opened, with what 0011 keeps of them; null: there is none.
create function public.patron_file(p_patron bigint) returns jsonb language plpgsql stable
set search_path = pg_catalog, public, pg_temp as $$
begin
    return facts_of_patron_file(p_patron) -> 0 || ties_of_patron(p_patron);
end $$;

-- By the exact number of a card.
create function desk.open_card(p_visit uuid, p_card text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_card card; v_why text;
begin
    select * into v_card from card where number = p_card;
    if not found then return refused('unknown_card'); end if;
    if v_card.state <> 'active' then return refused('card_lost'); end if;
    v_why := view_refused(v_here, v_card.patron_id, p_visit, 'card');
    if v_why is not null then return refused(v_why); end if;
    return jsonb_build_object('refusal', null, 'patron', patron_file(v_card.patron_id))::text;
end $$;

-- One that was found.
create function desk.open_patron(p_visit uuid, p_patron bigint) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_why text;
begin
    if not exists (select from patron where id = p_patron) then return refused('unknown_patron'); end if;
    if not is_theirs(v_here, p_patron) then return refused('not_allowed'); end if;
    v_why := view_refused(v_here, p_patron, p_visit, 'patron');
    if v_why is not null then return refused(v_why); end if;
    return jsonb_build_object('refusal', null, 'patron', patron_file(p_patron))::text;
end $$;

-- Where somebody lives and how to reach them: a look of its own.
create function desk.read_person(p_visit uuid, p_patron bigint) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_why text;
begin
    if not exists (select from patron where id = p_patron) then return refused('unknown_patron'); end if;
    if not is_theirs(v_here, p_patron) then return refused('not_allowed'); end if;
    v_why := view_refused(v_here, p_patron, p_visit, 'details');
    if v_why is not null then return refused(v_why); end if;
    return jsonb_build_object('refusal', null, 'person', facts_of_person(p_patron) -> 0)::text;
end $$;

create function desk.read_categories() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here();
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce(facts_of_categories(), '[]'))::text;
end $$;
