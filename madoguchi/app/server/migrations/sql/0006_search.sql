-- What titles are found by, kept beside them by the database itself, and the search over it.

-- What a title is found by: written from its own row and its creators'. Fields end with chr(31), values with
-- chr(30): title, volume and reading; creators; publisher; series.
create view public.title_searched as
select t.id as title_id,
    left(f.title, 200) as title_key,
    left(split_part(f.reading, chr(30), 1), 200) as kana_key,
    coalesce(t.isbn, '') as isbn,
    t.ndc,
    t.year,
    f.title || chr(30) || public.search_folded(t.volume) || chr(30) || f.reading
        || chr(31)
        || coalesce((
            select string_agg(public.search_folded(c.name) || chr(30) || public.search_folded(c.reading), chr(30)
                order by c.position)
            from public.title_creator c where c.title_id = t.id), '')
        || chr(30) || public.search_folded(t.statement)
        || chr(31) || public.search_folded(t.publisher)
        || chr(31) || public.search_folded(t.series) as searched
from public.title t
cross join lateral (
    select public.search_folded(t.title) as title, public.search_reading(t.title_kana) as reading offset 0) f;

create function public.index_title() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare v_title bigint;
begin
    if tg_table_name = 'title' then v_title := new.id;
    elsif tg_op = 'DELETE' then v_title := old.title_id;
    else v_title := new.title_id;
    end if;
    -- two changes at once: the second waits here, and then reads what the first has written
    perform from title where id = v_title for no key update;
    insert into title_search select * from title_searched s where s.title_id = v_title
    on conflict (title_id) do update
    set title_key = excluded.title_key, kana_key = excluded.kana_key, isbn = excluded.isbn, ndc = excluded.ndc,
        year = excluded.year, searched = excluded.searched;
    return null;
end $$;

create trigger index_title after insert or update on public.title
for each row execute function public.index_title();

create trigger index_title after insert or update or delete on public.title_creator
for each row execute function public.index_title();

-- Whether each word stands where it must; field 0 is anywhere.
create function public.search_holds(p_searched text, p_words text[], p_fields integer[]) returns boolean
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
begin
    for i in 1 .. coalesce(array_length(p_words, 1), 0) loop
        if position(p_words[i] in case when p_fields[i] = 0 then p_searched
                    else split_part(p_searched, chr(31), p_fields[i]) end) = 0 then
            return false;
        end if;
    end loop;
    return true;
end $$;

-- The titles a plan finds (madoguchi.app.catalogue.search.SearchPlan), the best first, at most p_most. What
-- begins with the words is always among them; of what only holds them, a thousand are looked at.
create function public.search_plan(p_plan jsonb, p_most integer) returns bigint[] language plpgsql stable
set search_path = pg_catalog, public, pg_temp
set enable_seqscan = off set plan_cache_mode = force_custom_plan
-- the first of many are read in the order of an index, not sorted out of all of them
set enable_sort = off set max_parallel_workers_per_gather = 0 set jit = off as $$
declare
    v_words text[] := array(select word ->> 0 from jsonb_array_elements(p_plan -> 'words') word limit 12);
    v_fields integer[] := array(select (word ->> 1)::integer from jsonb_array_elements(p_plan -> 'words') word limit 12);
    -- a pattern is looked for in a fifth of the time that a call of search_holds takes
    v_holding text[] := array(select '%' || regexp_replace(word, '[\\%_]', '\\\&', 'g') || '%' from unnest(v_words) word);
    v_anywhere boolean := 0 = all(v_fields);
    -- where enough begin with the one word looked for, nothing that only holds it comes before them
    v_one boolean := array_length(v_words, 1) = 1 and p_plan ->> 'ndc' = '';
    v_pairs text[] := array(select distinct pair from unnest(v_words) word, unnest(search_pairs(word)) pair
        where length(pair) > 1 or length(word) = 1);
    v_head text := p_plan ->> 'head';
    v_number text := p_plan ->> 'number';
    v_book text := p_plan ->> 'book';
    v_class text := p_plan ->> 'class_or_words';
    v_isbn text := p_plan ->> 'isbn';
    v_ndc text := p_plan ->> 'ndc';
    v_item text := p_plan ->> 'item_number';
    v_last text := chr(1114111);
    v_fits bigint[];
begin
    if v_item <> '' then
        v_fits := array(select i.title_id from item i where i.number = v_item);
    elsif v_isbn <> '' then
        v_fits := array(select s.title_id from title_search s
            where s.isbn >= v_isbn and s.isbn < v_isbn || v_last limit 1000);
    end if;
    return array(
        with begins as materialized (
            (select s.title_id from title_search s
             where v_head <> '' and v_fits is null and s.title_key >= v_head and s.title_key < v_head || v_last
               and s.searched like all(v_holding) and (v_anywhere or search_holds(s.searched, v_words, v_fields))
             order by s.title_key limit 300)
            union
            (select s.title_id from title_search s
             where v_head <> '' and v_fits is null and s.kana_key >= v_head and s.kana_key < v_head || v_last
               and s.searched like all(v_holding) and (v_anywhere or search_holds(s.searched, v_words, v_fields))
             order by s.kana_key limit 300)
        ),
        chosen as materialized (
            select title_id, 1 as how from begins
            union
            (select s.title_id, 1 from (
                select * from title_search
                where v_pairs <> '{}' and v_fits is null
                  and (not v_one or (select count(*) from begins) < p_most) and search_pairs(searched) @> v_pairs
                limit 20000) s
             where s.searched like all(v_holding) and (v_anywhere or search_holds(s.searched, v_words, v_fields))
               and (v_ndc = '' or (s.ndc >= v_ndc and s.ndc < v_ndc || v_last))
             limit 1000)
            union
            (select s.title_id, 1 from title_search s
             where s.title_id = any(v_fits) and s.searched like all(v_holding) and (v_anywhere or search_holds(s.searched, v_words, v_fields)))
            union
            (select i.title_id, 0 from item i where v_number <> '' and i.number = v_number)
            union
            (select s.title_id, 0 from title_search s
             where v_book <> '' and s.isbn >= v_book and s.isbn < v_book || v_last
             order by s.isbn limit 300)
            union
            (select s.title_id, 5 from title_search s
             where v_class <> '' and s.ndc >= v_class and s.ndc < v_class || v_last
             order by s.ndc limit 300)
            union
            (select s.title_id, 1 from title_search s
             where v_words = '{}' and v_fits is null
               and v_ndc <> '' and s.ndc >= v_ndc and s.ndc < v_ndc || v_last
             order by s.ndc limit 300)
        )
        select s.title_id
        from (select title_id, min(how) as how from chosen group by title_id) c
        join title_search s on s.title_id = c.title_id
        where (v_item = '' or s.title_id = any(v_fits))
          and (v_isbn = '' or (s.isbn >= v_isbn and s.isbn < v_isbn || v_last))
          and (v_ndc = '' or (s.ndc >= v_ndc and s.ndc < v_ndc || v_last))
        order by
            case when c.how <> 1 then c.how
                 when v_words = '{}' then 1
                 when s.title_key = v_head or s.kana_key = v_head
                   or s.title_key = any(v_words) or s.kana_key = any(v_words) then 1
                 when v_head <> '' and (starts_with(s.title_key, v_head) or starts_with(s.kana_key, v_head)) then 2
                 when split_part(s.searched, chr(31), 1) like all(v_holding) then 3
                 else 4 end,
            case when split_part(split_part(s.searched, chr(31), 1), chr(30), 2) = any(v_words) then 0 else 1 end,
            s.year desc nulls last, s.title_id desc
        limit p_most
    );
end $$;

create function desk.search_titles(p_plan text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_plan jsonb; v_found bigint[];
begin
    -- what our own program sends is far shorter; what is none is refused, and costs nothing
    if p_plan is null or length(p_plan) > 8000 then return refused('not_allowed'); end if;
    begin
        v_plan := p_plan::jsonb;
        v_found := search_plan(v_plan, 51);
    exception when data_exception then
        return refused('not_allowed');
    end;
    return jsonb_build_object('refusal', null, 'more', coalesce(array_length(v_found, 1), 0) > 50,
        'rows', coalesce(facts_of_titles(v_found[:50], v_here.branch_id), '[]'))::text;
end $$;

create function desk.read_title(p_title bigint) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here();
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce(facts_of_title(p_title), '[]'),
        'copies', coalesce(facts_of_copies(p_title, v_here.branch_id), '[]'),
        'waiting', coalesce(facts_of_queue(p_title), '[]'))::text;
end $$;

create function desk.read_branches() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
    perform here();
    return jsonb_build_object('refusal', null, 'rows', coalesce(facts_of_branches(), '[]'))::text;
end $$;
