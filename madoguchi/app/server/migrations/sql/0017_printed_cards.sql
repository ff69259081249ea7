-- Cards that the library prints itself: their serial numbers are allotted here, one after the other. The terminal
-- makes the whole number of one (its prefix and its check digit are the library's code plan, which no server knows).

-- The serial of the next printed card, of numbers that begin with the prefix, go on with so many digits, and end in a
-- check character or not. None is allotted twice, whatever becomes of it; one that is on a card already is passed
-- over. The same operation is answered the same serial.
create function desk.allot_card_number(p_operation uuid, p_prefix text, p_digits integer, p_check boolean)
returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_about jsonb := jsonb_build_object('prefix', p_prefix, 'digits', p_digits);
    v_act text; v_before jsonb; v_from bigint; v_serial bigint; v_answer text;
begin
    if p_operation is null or p_check is null or coalesce(p_prefix, '-') !~ '^[0-9A-Z]{0,19}$'
        or coalesce(p_digits, 0) not between 1 and 18
        or length(p_prefix) + p_digits + p_check::integer > 20 then
        return refused('not_allowed');
    end if;
    -- as whoever gives a card does: what is on none now is on none until the commit
    perform from policy for no key update;
    select act, answer::jsonb into v_act, v_before from operation where id = p_operation;
    if found then
        if v_act not in ('card_serial', 'cancelled')
            or v_act = 'card_serial' and not coalesce(v_before @> v_about, false) then
            return refused('not_allowed');
        end if;
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    -- where no setting says from where on, it is the last tenth: cards that are bought printed begin low
    select case when printed_cards_from > 0 then printed_cards_from else 9 * (10::numeric ^ (p_digits - 1))::bigint end
        into strict v_from from policy;
    select greatest(v_from, s.last + 1) into v_serial from printed_serial s
        where s.prefix = p_prefix and s.digits = p_digits;
    v_serial := first_free_serial(p_prefix, p_digits, p_check, coalesce(v_serial, v_from));
    if length(v_serial::text) > p_digits then return refused('numbers_used_up'); end if;
    perform claim_about(p_operation, 'card_serial');
    insert into printed_serial (prefix, digits, last) values (p_prefix, p_digits, v_serial)
        on conflict (prefix, digits) do update set last = excluded.last;
    v_answer := ('{"refusal": null}'::jsonb || v_about || jsonb_build_object('serial', v_serial))::text;
    update operation set answer = v_answer where id = p_operation;
    -- not which one: it would lead to whoever is given the card
    perform note(v_here, 'card number allotted', '{}');
    return v_answer;
end $$;

-- The first serial, from this one on, that is on no card.
create function public.first_free_serial(p_prefix text, p_digits integer, p_check boolean, p_from bigint)
returns bigint language sql stable set search_path = pg_catalog, public, pg_temp as $$
    with used as materialized (
        select distinct n.serial::bigint as serial from (
            select substr(c.number, length(p_prefix) + 1, p_digits) as serial from card c
                where left(c.number, length(p_prefix)) = p_prefix
                  and length(c.number) = length(p_prefix) + p_digits + p_check::integer offset 0) n
            where case when n.serial ~ '^[0-9]+$' then n.serial::bigint >= p_from else false end)
    select min(s.serial) from generate_series(p_from, p_from + (select count(*) from used)) s (serial)
        where not exists (select from used u where u.serial = s.serial)
$$;
