-- Reserving (予約): what is read for it, and its guarded write. Locks, answers and words as in 0004_desk.sql; the
-- title comes last of the locks that an act needs, before the audit's chain.
--
-- What is kept of who wanted what: the reservation's own row says it for as long as it stands, and nothing else.
--   * the audit's record holds the reservation's key, which leads nowhere once the row has gone;
--   * the operation has no link to the row. Its answer names neither patron nor title, but a place far back in a
--     queue can tell which title that is, so it goes when its day is over (nobody asks again after that);
--   * the transaction's number stays in the title's row, where the lock left it, and would lead by way of the
--     audit's record to whoever was looked at: the title is locked anew with the items of a loan that was erased
--     (erase_returned). Whoever is refused has locked no title, so that nothing need be undone then;
--   * the statistics count it as they count a loan: kind, class, age band and category, without a key.

-- What a reservation is decided on. Of other people it says how many wait.
create function desk.read_reservation(
    p_operation uuid, p_visit uuid, p_card text, p_title bigint, p_item text, p_pickup bigint
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_facts jsonb; v_why text;
begin
    v_facts := facts_of_reservation(p_operation, p_card, p_title, p_item, p_pickup, v_here.branch_id) -> 0;
    if v_facts ->> 'patron_id' is not null then
        v_why := view_refused(v_here, (v_facts ->> 'patron_id')::bigint, p_visit, 'card');
        if v_why is not null then return refused(v_why); end if;
    end if;
    if v_facts ->> 'earlier_act' is not null then perform said_again(v_here); end if;
    return jsonb_build_object('refusal', null, 'rows', jsonb_build_array(v_facts))::text;
end $$;

create function desk.place_reservation(
    p_operation uuid, p_visit uuid, p_card text, p_title bigint, p_item text, p_pickup bigint
) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_patron bigint; v_policy policy; v_facts jsonb; v_today date; v_item bigint;
    v_reservation bigint; v_answer text;
begin
    if p_operation is null then return refused('not_allowed'); end if;
    select patron_id into v_patron from card where number = p_card;
    if not found then return coalesce(earlier_answer(p_operation), refused('unknown_card')); end if;
    -- a refusal tells of the patron too, so it is a look at them
    if earlier_answer(p_operation) is null then
        v_answer := view_refused(v_here, v_patron, p_visit, 'card');
        if v_answer is not null then return refused(v_answer); end if;
    end if;
    -- whoever lends to this patron, or reserves for them, waits here: limit, loans and reservations stay as they are
    perform from patron where id = v_patron for no key update;

    v_answer := earlier_answer(p_operation);
    if v_answer is not null then
        perform said_again(v_here);
        return v_answer;
    end if;
    v_facts := facts_of_reservation(p_operation, p_card, p_title, p_item, p_pickup, v_here.branch_id) -> 0;
    v_today := library_day(0);
    select * into strict v_policy from policy;
    if v_facts ->> 'patron_id' is null then return refused('unknown_card'); end if;
    if v_facts ->> 'card_state' <> 'active' then return refused('card_lost'); end if;
    if v_facts ->> 'title_id' is null then return refused('unknown_title'); end if;
    if p_item is not null and v_facts ->> 'copy_number' is null then return refused('unknown_item'); end if;
    if v_facts ->> 'pickup_branch' is null then return refused('not_allowed'); end if;
    if (v_facts ->> 'reserved_by_patron')::boolean then return refused('reserved_already'); end if;
    if v_facts ->> 'due_on' is not null then return refused('on_loan_to_patron'); end if;
    if (v_facts ->> 'copy_reference_only')::boolean then return refused('reference_only'); end if;
    if (v_facts ->> 'copies_to_lend')::integer = 0 then return refused('no_copy_to_lend'); end if;
    if v_today > ((v_facts ->> 'last_used_on')::date + make_interval(years => v_policy.card_idle_years))::date then
        return refused('card_idle');
    end if;
    if v_today - (v_facts ->> 'oldest_due_on')::date > v_policy.overdue_block_days then
        return refused('overdue_block');
    end if;
    if (v_facts ->> 'reservations')::integer >= v_policy.max_reservations then
        return refused('reservation_limit');
    end if;

    if not claim(p_operation, 'reserve') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    -- one after the other into a title's queue: each place is given once, and the order is that of the places
    perform from title where id = p_title for no key update;
    v_facts := facts_of_reservation(p_operation, p_card, p_title, p_item, p_pickup, v_here.branch_id) -> 0;
    select i.id into v_item from item i
        where i.title_id = p_title and (i.number = p_item or p_item is null and not i.reference_only)
        order by i.id limit 1;
    insert into reservation (title_id, item_id, patron_id, pickup_branch_id, placed_at, state)
        values (p_title, case when p_item is not null then v_item end, v_patron, p_pickup,
                -- a transaction that began before the last one in the queue comes after it all the same
                greatest(library_clock(), (select max(r.placed_at) from reservation r
                                           where r.title_id = p_title and r.state = 'waiting')),
                'waiting')
        returning id into v_reservation;
    update patron set last_used_on = v_today where id = v_patron;
    perform count_act('reservation', 1::smallint, v_here.branch_id, v_item, v_patron, v_today);
    v_answer := jsonb_build_object(
        'refusal', null, 'place', (v_facts ->> 'waiting')::integer + 1,
        'in_stock', (v_facts ->> 'on_shelf')::integer > (v_facts ->> 'waiting')::integer)::text;
    update operation set answer = v_answer where id = p_operation;
    perform note(v_here, 'reservation', jsonb_build_object('reservation', v_reservation));
    return v_answer;
end $$;
