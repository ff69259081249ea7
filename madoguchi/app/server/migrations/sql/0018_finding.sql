-- Finding patrons by an index of their letters, and whole lists put on record at once.

-- Every letter of kana and name, and every pair of them; none reaches from one into the other. What is looked for
-- may be single letters (見 ア), which pairs alone do not find.
create function public.person_letters(p_kana_key text, p_name_key text) returns text[]
language sql immutable strict parallel safe set search_path = pg_catalog, public, pg_temp as $$
    select search_pairs(f.searched) || string_to_array(f.searched, null)
    from (select p_kana_key || chr(31) || p_name_key as searched) f
$$;

-- Looks at many, in the order given, in one visit and of one kind: the chain that note_view would make of them
-- one by one, in a fifth of the time. The chain is held from before the first hash until the transaction ends.
create function audit.note_views(p_chain integer, p_who text, p_patrons bigint[], p_visit uuid, p_how text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare v_head audit.viewed_head; v_hashes bytea[] := '{}'; v_beginning bytea := audit.beginning('views', p_chain);
begin
    insert into audit.viewed_head (chain, first_hash, seq, at, hash)
        values (p_chain, v_beginning, 0, clock_timestamp(), v_beginning) on conflict (chain) do nothing;
    select * into v_head from audit.viewed_head where chain = p_chain for no key update;
    v_head.at := greatest(v_head.at, clock_timestamp());
    for v_place in 1 .. cardinality(p_patrons) loop
        v_head.hash := audit.hash_of_view(v_head.hash, p_chain, v_head.seq + v_place, v_head.at, p_who,
                                          p_patrons[v_place], p_visit, p_how);
        v_hashes := v_hashes || v_head.hash;
    end loop;
    insert into audit.viewed (chain, seq, at, who, patron_id, visit, how, hash)
        select p_chain, v_head.seq + v.place, v_head.at, p_who, v.patron_id, p_visit, p_how, v.hash
        from unnest(p_patrons, v_hashes) with ordinality v (patron_id, hash, place);
    update audit.viewed_head set seq = v_head.seq + cardinality(p_patrons), at = v_head.at, hash = v_head.hash
        where chain = p_chain;
end $$;

-- All who stand in a list may be seen by whoever has seen them in this visit: each is on record, once a visit.
create or replace function public.list_refused(p_here here, p_patrons bigint[], p_visit uuid, p_how text) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_new bigint[]; v_again boolean;
begin
    -- what stands on record of this visit is read once, not anew for each of them
    select array_agg(p.id order by p.place) filter (where o.is_over is null), bool_or(o.is_over is not true)
        into v_new, v_again
        from unnest(p_patrons) with ordinality p (id, place)
        left join (
            select v.patron_id, bool_or(v.tx is distinct from pg_current_xact_id_if_assigned()) as is_over
            from audit.viewed v
            where v.visit = p_visit and v.who = p_here.login and v.how = p_how and v.at > now() - interval '1 hour'
            group by v.patron_id) o on o.patron_id = p.id;
    if v_new is not null then
        if cardinality(v_new)
            + (select count(*) from audit.viewed v where v.who = p_here.login and v.at > now() - interval '1 hour'
                   and v.how in ('search', 'alike'))
            > (select r.list_rows_an_hour from account.rule r) then
            return 'too_many_views';
        end if;
        perform audit.note_views(p_here.terminal, p_here.login, v_new, p_visit, p_how);
    end if;
    return case when v_again then 'again' end;
end $$;

-- Whom a search finds: the first fifty-one by their kana. p_words are folded, none of them empty; null branches:
-- those of all. Each question is planned for itself: what it does not ask for is no part of its plan.
create function public.patrons_found(
    p_words text[], p_telephone_end text, p_birth_date date, p_branches smallint[]
) returns bigint[] language plpgsql stable set search_path = pg_catalog, public, pg_temp
set enable_seqscan = off set plan_cache_mode = force_custom_plan
set max_parallel_workers_per_gather = 0 set jit = off as $$
declare
    v_letters text[] := array(select distinct f.letters from unnest(p_words) w (word)
        cross join lateral unnest(case when length(w.word) = 1 then array[w.word] else search_pairs(w.word) end)
            f (letters) where length(f.letters) = 2 or length(w.word) = 1);
    -- one or two letters are found by the index alone; of what is longer it says where all pairs are
    v_holding text[] := array(select '%' || w.word || '%' from unnest(p_words) w (word) where length(w.word) > 2);
    v_born bigint[];
begin
    if p_birth_date is not null then
        v_born := array(select p.id from patron p where p.birth_date = p_birth_date);
    end if;
    return array(
        select f.patron_id from (
            select s.kana_key, s.patron_id from patron_search s
            where (v_letters = '{}' or person_letters(s.kana_key, s.name_key) @> v_letters)
              and (v_holding = '{}' or s.kana_key || chr(31) || s.name_key like all (v_holding))
              and (p_telephone_end = '' or right(s.telephone_key, 4) = p_telephone_end)
              and (p_birth_date is null or s.patron_id = any (v_born))
            order by s.kana_key, s.patron_id offset 0) f
        -- asked of one after the other until there are enough
        where p_branches is null
            or exists (select from patron p where p.id = f.patron_id and p.branch_id = any (p_branches))
        order by f.kana_key, f.patron_id limit 51);
end $$;

-- Patrons by parts of their name or kana, the last four digits of a telephone, and birth date: the first fifty by
-- their kana, each on record. Contract staff find those of their branches. p_visit is one search.
create or replace function desk.find_patrons(
    p_visit uuid, p_words text, p_telephone_end text, p_birth_date date
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp
set max_parallel_workers_per_gather = 0 set jit = off as $$
declare
    v_here here := here(); v_words text[]; v_telephone text := coalesce(p_telephone_end, ''); v_found bigint[];
    v_why text; v_more boolean; v_branches smallint[];
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
    if v_here.role = 'contract_staff' then
        v_branches := array(select b.branch_id from staff_branch b where b.login = v_here.login);
    end if;
    v_found := patrons_found(v_words, v_telephone, p_birth_date, v_branches);
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
