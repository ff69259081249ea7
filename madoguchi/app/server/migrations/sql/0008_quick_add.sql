-- Quick-add: a clerk adds an item whose number the library does not know, with its title where that is not there.
--
-- That an item was added is on record from the next day on, with the day and the login, in the server's own chain.
-- A record of the moment, in the chain of the terminal, would stand beside whoever was looked at there: the
-- book is lent to the patron who waits for it, and the item would be joined to them for as long as the audit is
-- kept. Until it is noted, the row of watch.added_item is the record.

create table watch.added_item (
    item_id bigint primary key references public.item (id) on delete cascade,
    new_title boolean not null,
    login text not null references public.staff (login),
    day date not null,
    operation uuid not null
);

-- A field's text, empty where there is none; null: it is no text, longer than it may be, or holds what nobody
-- sees (control characters, direction marks; madoguchi.app.catalogue.new_item.HIDDEN).
create function public.plain_field(p_fields jsonb, p_name text, p_longest integer) returns text language sql
immutable set search_path = pg_catalog, pg_temp as $$
    select case
        when coalesce(jsonb_typeof(p_fields -> p_name), 'null') = 'null' then ''
        when jsonb_typeof(p_fields -> p_name) <> 'string' or length(p_fields ->> p_name) > p_longest then null
        when p_fields ->> p_name ~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000E0001\U000E0020-\U000E007F]'
            then null
        else p_fields ->> p_name
    end
$$;

-- Whether the check digit of thirteen digits is right.
create function public.is_isbn13(p_text text) returns boolean language sql immutable
set search_path = pg_catalog, pg_temp as $$
    select p_text ~ '^97[89][0-9]{10}$' and (
        select sum(digit::integer * case when place % 2 = 1 then 1 else 3 end) % 10 = 0
        from unnest(string_to_array(case when p_text ~ '^[0-9]{13}$' then p_text else '0' end, null))
            with ordinality d (digit, place))
$$;

-- The title that the fields say, without a key; null where one of them is not as it must be.
create function public.title_of_fields(p_fields jsonb) returns title language plpgsql stable
set search_path = pg_catalog, public, pg_temp as $$
declare v_title title; v_year text := coalesce(p_fields ->> 'year', ''); v_last integer;
begin
    v_title.title := plain_field(p_fields, 'title', 500);
    v_title.title_kana := plain_field(p_fields, 'title_kana', 1000);
    v_title.volume := plain_field(p_fields, 'volume', 200);
    v_title.series := plain_field(p_fields, 'series', 500);
    v_title.statement := plain_field(p_fields, 'statement', 500);
    v_title.publisher := plain_field(p_fields, 'publisher', 300);
    v_title.isbn := nullif(plain_field(p_fields, 'isbn', 13), '');
    v_title.ndc := plain_field(p_fields, 'ndc', 20);
    v_title.edition := plain_field(p_fields, 'edition', 100);
    v_title.extent := plain_field(p_fields, 'extent', 300);
    if num_nulls(v_title.title, v_title.title_kana, v_title.volume, v_title.series, v_title.statement,
                 v_title.publisher, plain_field(p_fields, 'isbn', 13), v_title.ndc, v_title.edition,
                 v_title.extent) > 0
        or v_title.title !~ '\S' or v_title.ndc !~ '^([0-9]{3}(\.[0-9]{1,9})?)?$'
        or not coalesce(is_isbn13(v_title.isbn), true) then
        return null;
    end if;
    if v_year <> '' then
        v_last := extract(year from library_day(0))::integer + 1;
        if v_year !~ '^[0-9]{4}$' or v_year::integer not between 1000 and v_last then return null; end if;
        v_title.year := v_year::smallint;
    end if;
    v_title.quick_added_on := library_day(0);
    return v_title;
end $$;

-- Whether they are names with readings: at most forty, each [name, reading].
create function public.are_creators(p_creators jsonb) returns boolean language plpgsql immutable
set search_path = pg_catalog, public, pg_temp as $$
declare v_each jsonb; v_as_fields jsonb;
begin
    if p_creators is null then return true; end if;
    if jsonb_typeof(p_creators) <> 'array' or jsonb_array_length(p_creators) > 40 then return false; end if;
    for v_each in select * from jsonb_array_elements(p_creators) loop
        if jsonb_typeof(v_each) <> 'array' or jsonb_array_length(v_each) <> 2 then return false; end if;
        v_as_fields := jsonb_build_object('name', v_each -> 0, 'reading', v_each -> 1);
        if coalesce(plain_field(v_as_fields, 'name', 200), '') !~ '\S'
            or plain_field(v_as_fields, 'reading', 200) is null then
            return false;
        end if;
    end loop;
    return true;
end $$;

-- An item as the counter shows it.
create function public.item_as_shown(p_number text) returns jsonb language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select jsonb_build_object('number', i.number, 'title', concat_ws(' ', t.title, nullif(t.volume, '')),
        'creators', t.statement, 'kind', i.kind, 'attachments', i.attachments, 'note', i.note)
    from item i join title t on t.id = i.title_id where i.number = p_number
$$;

-- Adds an item at home at the terminal's branch: a copy of p_title, or of a title made from p_fields where that is
-- null. Refuses a number that is known (and shows whose it is), and a second title of one ISBN and volume
-- unless p_as_new says that it is another book.
create function desk.add_item(
    p_operation uuid, p_item text, p_title bigint, p_fields text, p_as_new boolean
) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_fields jsonb; v_title title; v_item bigint; v_title_id bigint := p_title;
    v_attachments text; v_same bigint[]; v_act text; v_answer text;
begin
    if p_operation is null or p_as_new is null or p_fields is null or length(p_fields) > 60000
        or coalesce(p_item, '') !~ '^(?=.*[!-~])[ -~]{1,20}$' then
        return refused('not_allowed');
    end if;
    begin
        v_fields := p_fields::jsonb;
    exception when others then
        -- no json, or too deep: what was typed is not told on
        return refused('not_allowed');
    end;
    -- what is not there yet cannot be locked: one addition at a time
    perform from policy for no key update;
    select act into v_act from operation where id = p_operation;
    if found then
        if v_act not in ('add_item', 'cancelled') then return refused('not_allowed'); end if;
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    if jsonb_typeof(v_fields) <> 'object' then return refused('not_allowed'); end if;
    v_attachments := plain_field(v_fields, 'attachments', 300);
    if v_attachments is null then return refused('not_allowed'); end if;
    if p_title is null then
        v_title := title_of_fields(v_fields);
        if v_title.title is null or not are_creators(v_fields -> 'creators') then
            return refused('not_allowed');
        end if;
    end if;
    if not exists (select from material_kind where code = v_fields ->> 'kind') then
        return refused('wrong_kind');
    end if;
    v_answer := jsonb_build_object('refusal', 'item_known', 'item', item_as_shown(p_item))::text;
    if exists (select from item where number = p_item) then return v_answer; end if;
    if p_title is not null then
        perform from title where id = p_title for key share;
        if not found then return refused('title_gone'); end if;
        -- a book among the CDs of a title would be lent by other limits
        if exists (select from item where title_id = p_title)
            and not exists (select from item where title_id = p_title and kind = v_fields ->> 'kind') then
            return refused('wrong_kind');
        end if;
    elsif v_title.isbn is not null and not p_as_new then
        v_same := array(select t.id from title t where t.isbn = v_title.isbn
            and search_folded(t.volume) = search_folded(v_title.volume) order by t.id limit 50);
        if v_same <> '{}' then
            return jsonb_build_object('refusal', 'same_title', 'title_ids', to_jsonb(v_same))::text;
        end if;
    end if;

    if not claim(p_operation, 'add_item') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    if p_title is null then
        insert into title (title, title_kana, volume, series, statement, publisher, year, isbn, ndc, edition,
                           extent, quick_added_on)
            values (v_title.title, v_title.title_kana, v_title.volume, v_title.series, v_title.statement,
                    v_title.publisher, v_title.year, v_title.isbn, v_title.ndc, v_title.edition, v_title.extent,
                    v_title.quick_added_on)
            returning id into v_title_id;
        insert into title_creator (title_id, position, name, reading)
            select v_title_id, c.place, c.pair ->> 0, coalesce(c.pair ->> 1, '')
            from jsonb_array_elements(v_fields -> 'creators') with ordinality c (pair, place);
    end if;
    insert into item (number, title_id, home_branch_id, kind, attachments)
        values (p_item, v_title_id, v_here.branch_id, v_fields ->> 'kind', v_attachments)
        on conflict (number) do nothing returning id into v_item;
    if v_item is null then
        -- catalogued in this very moment; asked again it is known
        raise exception using errcode = 'serialization_failure', message = 'the item came from elsewhere';
    end if;
    v_answer := jsonb_build_object('refusal', null, 'item', item_as_shown(p_item), 'title_id', v_title_id,
                                   'new_title', p_title is null)::text;
    update operation set answer = v_answer where id = p_operation;
    insert into watch.added_item (item_id, new_title, login, day, operation)
        values (v_item, p_title is null, v_here.login, library_day(0), p_operation);
    return v_answer;
end $$;

-- Puts the additions of the days that are over on record; how many. Their rows are written anew: of those of the
-- day itself the number of the transaction (xmin) stands between the looks at patrons of the same minute.
create function watch.note_added() returns integer language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_added record; v_done integer := 0;
begin
    for v_added in
        select a.*, i.title_id from watch.added_item a join item i on i.id = a.item_id
        where a.day < library_day(0) order by a.day, a.login, i.number for update of a skip locked
    loop
        perform audit.note(0, v_added.login, 'item added', jsonb_build_object(
            'item', v_added.item_id, 'title', v_added.title_id, 'new_title', v_added.new_title, 'day', v_added.day));
        update item set note = note where id = v_added.item_id;
        if v_added.new_title then
            update title set title = title where id = v_added.title_id;
            update title_creator set name = name where title_id = v_added.title_id;
        end if;
        update operation set act = act where id = v_added.operation;
        delete from watch.added_item where item_id = v_added.item_id;
        v_done := v_done + 1;
    end loop;
    return v_done;
end $$;
