-- Labels that the library prints itself: the numbers of new ones are allotted here, so many in a row. As with cards
-- (0017) the terminal makes the whole numbers.

-- So many serials in a row, of numbers that begin with the prefix, go on with so many digits, and end in a check
-- character or not. None is allotted twice, whatever becomes of it, and none of them is on an item already. All of
-- them or, where there are not so many left, none. The same operation is answered the same range.
create function desk.allot_item_numbers(
    p_operation uuid, p_prefix text, p_digits integer, p_check boolean, p_size integer
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here();
    v_about jsonb := jsonb_build_object('prefix', p_prefix, 'digits', p_digits, 'checked', p_check, 'size', p_size);
    v_act text; v_before jsonb; v_from bigint; v_last bigint; v_first bigint; v_range jsonb; v_answer text;
begin
    if p_operation is null or p_check is null or coalesce(p_prefix, '-') !~ '^[0-9A-Z]{0,19}$'
        or coalesce(p_digits, 0) not between 1 and 18 or coalesce(p_size, 0) not between 1 and 1000
        or length(p_prefix) + p_digits + p_check::integer > 20 then
        return refused('not_allowed');
    end if;
    -- as whoever adds an item does: what is on none now is on none until the commit
    perform from policy for no key update;
    select act, answer::jsonb into v_act, v_before from operation where id = p_operation;
    if found then
        if v_act not in ('item_range', 'cancelled')
            or v_act = 'item_range' and not coalesce(v_before @> v_about, false) then
            return refused('not_allowed');
        end if;
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    -- where no setting says from where on, it is the last tenth: labels that are bought printed begin low
    select case when printed_items_from > 0 then printed_items_from else 9 * (10::numeric ^ (p_digits - 1))::bigint end
        into strict v_from from policy;
    v_last := last_allotted(p_prefix, p_digits, p_check);
    v_first := first_free_run(p_prefix, p_digits, p_check, greatest(v_from, v_last + 1), p_size);
    if length((v_first + p_size - 1)::text) > p_digits then return refused('numbers_used_up'); end if;
    perform claim_about(p_operation, 'item_range');
    insert into item_range (prefix, digits, checked, first, size, branch_id, allotted_on)
        values (p_prefix, p_digits, p_check, v_first, p_size, v_here.branch_id, library_day(0));
    select v_about || jsonb_build_object('first', v_first, 'branch', b.short_name, 'allotted_on', library_day(0))
        into strict v_range from branch b where b.id = v_here.branch_id;
    v_answer := ('{"refusal": null}'::jsonb || v_range)::text;
    update operation set answer = v_answer where id = p_operation;
    -- how many, and not which: a single one is stuck on a book for whoever waits, and was looked at just before
    perform note(v_here, 'item numbers allotted', jsonb_build_object('size', p_size));
    return v_answer;
end $$;

-- The last serial allotted, of numbers that could be mistaken for those: also where they were allotted under a longer
-- or a shorter prefix, or with a check character where these have none, or the other way round: whole numbers of one
-- length are compared, as far as their serials reach. Null: none was.
create function public.last_allotted(p_prefix text, p_digits integer, p_check boolean) returns bigint
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select max(substr(least(r.high collate "C", p_prefix || repeat('9', p_digits)), length(p_prefix) + 1)::bigint)
    from (select rpad(prefix || lpad(first::text, digits, '0'), length(p_prefix) + p_digits, '0') as low,
                 rpad(prefix || lpad((first + size - 1)::text, digits, '0'), length(p_prefix) + p_digits, '9') as high
          from item_range
          where length(prefix) + digits + checked::integer = length(p_prefix) + p_digits + p_check::integer) r
    where r.low collate "C" <= p_prefix || repeat('9', p_digits)
      and r.high collate "C" >= p_prefix || repeat('0', p_digits)
$$;

-- The first serial, from this one on, with which so many begin that are on no item.
create function public.first_free_run(
    p_prefix text, p_digits integer, p_check boolean, p_from bigint, p_size integer
) returns bigint language sql stable set search_path = pg_catalog, public, pg_temp as $$
    with used as materialized (
        select n.serial::bigint as serial from (
            select substr(i.number, length(p_prefix) + 1, p_digits) as serial from item i
                where left(i.number, length(p_prefix)) = p_prefix
                  and length(i.number) = length(p_prefix) + p_digits + p_check::integer offset 0) n
            where case when n.serial ~ '^[0-9]+$' then n.serial::bigint >= p_from else false end),
    between_them as (
        select serial, lead(serial) over (order by serial) as following
        from (select p_from - 1 as serial union select serial from used) s)
    select min(serial) + 1 from between_them where following is null or following - serial > p_size
$$;

create function desk.read_item_ranges() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here();
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce(facts_of_item_ranges(), '[]'::jsonb))::text;
end $$;

create function desk.read_label(p_item text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here();
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce(facts_of_label(p_item), '[]'::jsonb))::text;
end $$;
