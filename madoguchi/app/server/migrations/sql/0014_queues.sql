-- What a patron waits for, a title's queue, and what staff change in it. Locks, answers and words as in
-- 0004_desk.sql; the words are those of madoguchi.app.reservations.answers.CircleRefusal.
--
-- Whoever changes a queue locks every copy of its title first, between the patron and the reservation: whoever
-- takes one of them back meanwhile waits, and sees the queue as it is afterwards.
--
-- What is left of who wanted what (0007_reserving.sql): of a reservation that was ended its key, which leads
-- nowhere, and a number in the statistics. An operation keeps the key alone, too. The copies and the title carry
-- this transaction's number until they are locked anew (erase_returned); they are named to it here.

-- == shown ====================================================================================================

-- By the exact number of a card: a look at the patron, as opening their record is.
create function desk.read_reservations(p_visit uuid, p_card text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_card card; v_why text; v_waiter jsonb;
begin
    select * into v_card from card where number = p_card;
    if not found then return refused('unknown_card'); end if;
    if v_card.state <> 'active' then return refused('card_lost'); end if;
    v_why := view_refused(v_here, v_card.patron_id, p_visit, 'card');
    if v_why is not null then return refused(v_why); end if;
    v_waiter := facts_of_waiter(p_card) -> 0;
    -- who withdraws in this very moment is nobody any more
    if v_waiter is null then return refused('unknown_card'); end if;
    return jsonb_build_object('refusal', null, 'waiter', v_waiter, 'rows', coalesce(
        facts_of_waited_for((v_waiter ->> 'patron_id')::bigint, v_here.branch_id), '[]'))::text;
end $$;

create function desk.read_queue(p_title bigint) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_title jsonb := facts_of_queued_title(p_title) -> 0;
begin
    if v_title is null then return refused('unknown_title'); end if;
    return jsonb_build_object('refusal', null, 'title', v_title, 'rows', coalesce(
        facts_of_who_waits(p_title, v_here.login), '[]'))::text;
end $$;

-- == changed ==================================================================================================

-- What each act about a reservation begins with. An answer: the act is over with it. Null: nothing stands in its
-- way; the patron, all copies of the title and the reservation are locked. It is a look at the patron.
create function public.begin_about_reservation(
    p_here here, p_operation uuid, p_act text, p_reservation bigint
) returns text language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_act text; v_before jsonb; v_why text; v_found reservation; v_patron bigint;
begin
    if p_operation is null then return refused('not_allowed'); end if;
    select * into v_found from reservation where id = p_reservation and state <> 'lent';
    if not exists (select from operation where id = p_operation) then
        if v_found.id is null then return refused('unknown_reservation'); end if;
        -- positions are shared, people are not: as for whatever else is done for a patron without their card
        if not is_theirs(p_here, v_found.patron_id) then return refused('not_allowed'); end if;
        v_why := view_refused(p_here, v_found.patron_id, p_operation, 'patron');
        if v_why is not null then return refused(v_why); end if;
    end if;
    select id into v_patron from patron where id = v_found.patron_id for no key update;
    select act, answer::jsonb into v_act, v_before from operation where id = p_operation;
    if found then
        if v_act not in (p_act, 'cancelled')
            or v_before ->> 'reservation' is not null
               and (v_before ->> 'reservation')::bigint is distinct from p_reservation then
            return refused('not_allowed');
        end if;
        perform said_again(p_here);
        return earlier_answer(p_operation);
    end if;
    perform from item where title_id = v_found.title_id order by id for no key update;
    perform from reservation where id = p_reservation and state <> 'lent' for update;
    if not found then return refused('unknown_reservation'); end if;
    return null;
end $$;

-- What it ends with: its answer, remembered, the reason, and the record of it. The title is locked by now.
create function public.done_about_reservation(
    p_here here, p_operation uuid, p_noted text, p_reservation bigint, p_title bigint, p_more jsonb default '{}'
) returns text language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_subject jsonb := jsonb_build_object('reservation', p_reservation);
    v_answer text := ('{"refusal": null}'::jsonb || v_subject || p_more)::text;
begin
    insert into watch.item_to_touch (item_id) select id from item where title_id = p_title order by id on conflict do nothing;
    update operation set answer = v_answer where id = p_operation;
    perform note(p_here, p_noted, v_subject);
    return v_answer;
end $$;

-- Whether the reason can be kept; an empty one is none.
create function public.is_reason(p_reason text) returns boolean language sql immutable
set search_path = pg_catalog, public, pg_temp
as $$ select plain_field(jsonb_build_object('reason', p_reason), 'reason', 200) is not null $$;

create function desk.change_reservation(
    p_operation uuid, p_reservation bigint, p_pickup bigint, p_suspended boolean, p_resume date
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text; v_now reservation; v_today date := library_day(0);
begin
    if p_suspended is null or p_resume is not null and not p_suspended
        or not exists (select from branch where id = p_pickup)
        -- said again on a later day, it is done
        or (p_resume <= v_today or p_resume > v_today + 3660)
           and not exists (select from operation where id = p_operation) then
        return refused('not_allowed');
    end if;
    v_answer := begin_about_reservation(v_here, p_operation, 'reserve_edit', p_reservation);
    if v_answer is not null then return v_answer; end if;
    select * into v_now from reservation where id = p_reservation;
    if v_now.state <> 'waiting' then return refused('not_waiting'); end if;
    perform claim_about(p_operation, 'reserve_edit');
    update reservation set pickup_branch_id = p_pickup, suspended = p_suspended, resume_on = p_resume
        where id = p_reservation;
    perform from title where id = v_now.title_id for no key update;
    return done_about_reservation(v_here, p_operation, 'reservation changed', p_reservation, v_now.title_id);
end $$;

-- Gives it another place, counted from 1 over all who wait. Its moment says its place from then on; those after
-- it are moved on by as much as is needed, which is next to nothing.
create function desk.move_reservation(
    p_operation uuid, p_reservation bigint, p_place integer, p_reason text
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_answer text; v_now reservation; v_before timestamptz; v_after timestamptz;
    v_moment timestamptz; v_next record;
begin
    if p_place is null or p_place < 1 or not is_reason(coalesce(p_reason, '')) then
        return refused('not_allowed');
    end if;
    if p_reason is null or p_reason !~ '[^ \u3000]' then return refused('reason_needed'); end if;
    v_answer := begin_about_reservation(v_here, p_operation, 'reserve_move', p_reservation);
    if v_answer is not null then return v_answer; end if;
    select * into v_now from reservation where id = p_reservation;
    if v_now.state <> 'waiting' then return refused('not_waiting'); end if;
    perform claim_about(p_operation, 'reserve_move');
    -- one after the other into a title's queue, as whoever reserves it
    perform from title where id = v_now.title_id for no key update;
    select max(q.placed_at) filter (where q.place < p_place), min(q.placed_at) filter (where q.place >= p_place)
        into v_before, v_after
        from (select r.placed_at, row_number() over (order by r.placed_at, r.id) as place from reservation r
              where r.title_id = v_now.title_id and r.state = 'waiting' and r.id <> p_reservation) q;
    v_moment := coalesce(v_before + interval '1 microsecond', v_after - interval '1 microsecond', v_now.placed_at);
    update reservation set placed_at = v_moment, asked_on = coalesce(
            asked_on, (placed_at at time zone (select time_zone from policy))::date)
        where id = p_reservation;
    for v_next in
        select q.id, q.placed_at from (
            select r.id, r.placed_at, row_number() over (order by r.placed_at, r.id) as place from reservation r
            where r.title_id = v_now.title_id and r.state = 'waiting' and r.id <> p_reservation) q
        where q.place >= p_place order by q.place
    loop
        exit when v_next.placed_at > v_moment;
        v_moment := v_moment + interval '1 microsecond';
        update reservation set placed_at = v_moment where id = v_next.id;
    end loop;
    insert into reservation_reason (id, reservation_id, reason, login, given_on)
        values (gen_random_uuid(), p_reservation, p_reason, v_here.login, library_day(0));
    return done_about_reservation(v_here, p_operation, 'reservation moved', p_reservation, v_now.title_id);
end $$;

-- A copy that lay ready is to be cleared away; one on its way goes on, and is for whoever is next when it arrives.
create function desk.cancel_reservation(p_operation uuid, p_reservation bigint, p_reason text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text; v_now reservation; v_item bigint; v_ready boolean;
begin
    if not is_reason(coalesce(p_reason, '')) then return refused('not_allowed'); end if;
    v_answer := begin_about_reservation(v_here, p_operation, 'reserve_end', p_reservation);
    if v_answer is not null then return v_answer; end if;
    select * into v_now from reservation where id = p_reservation;
    perform claim_about(p_operation, 'reserve_end');
    v_ready := v_now.state = 'ready';
    v_item := coalesce(v_now.trapped_item_id, v_now.item_id, (
        select i.id from item i where i.title_id = v_now.title_id order by i.reference_only, i.id limit 1));
    perform count_act('cancellation', 1::smallint, v_here.branch_id, v_item, v_now.patron_id, library_day(0));
    if p_reason ~ '[^ \u3000]' then
        insert into reservation_reason (id, reservation_id, reason, login, given_on)
            values (gen_random_uuid(), p_reservation, p_reason, v_here.login, library_day(0));
    end if;
    delete from reservation where id = p_reservation;
    if v_ready then
        insert into shelf_leftover (item_id, branch_id, since)
            values (v_now.trapped_item_id, v_now.pickup_branch_id, library_day(0))
            on conflict (item_id) do nothing;
    end if;
    perform from title where id = v_now.title_id for no key update;
    return done_about_reservation(v_here, p_operation, 'reservation cancelled', p_reservation, v_now.title_id,
                                  jsonb_build_object('to_clear', v_ready));
end $$;
