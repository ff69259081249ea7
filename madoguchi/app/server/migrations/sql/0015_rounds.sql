-- The reservation's way round (予約の巡回): what a branch looks for, sends, and clears off its reservation shelf. Locks,
-- answers and words as in 0004_desk.sql; the reservation that a copy is meant for is locked before it is trapped.
--
-- Nothing here joins a person to an item longer than the reservation does: the audit's records hold neither, and of
-- an ended reservation no key; the operations' answers hold the copy alone.

-- == a copy finds its place =====================================================================================

-- The reservation that a copy is meant for, locked. The copy is locked already. Whoever has been given another copy,
-- was called off or suspended while this waited for the lock is passed over: never two copies for one reservation.
create function public.held_head(p_item item) returns reservation language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare v_head reservation; v_now reservation;
begin
    loop
        v_head := head_of_queue(p_item);
        if v_head.id is null then return v_head; end if;
        perform from reservation where id = v_head.id for no key update;
        v_now := head_of_queue(p_item);
        if v_now.id = v_head.id then return v_now; end if;
    end loop;
end $$;

-- What a patron waits for is theirs by this one row, as it was read: locked, or null where it moved meanwhile.
create function public.held_as_read(p_read reservation) returns boolean language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if p_read.id is null then return true; end if;
    perform from reservation r where r.id = p_read.id and r.state = p_read.state
        and r.trapped_item_id is not distinct from p_read.trapped_item_id for no key update;
    return found;
end $$;

-- A copy was scanned: it is neither lost nor left over.
create function public.is_there(p_item item) returns void language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if p_item.not_found <> 0 or p_item.not_found_on is not null or p_item.missing_since is not null then
        update item set not_found = 0, not_found_on = null, missing_since = null where id = p_item.id;
    end if;
    delete from shelf_leftover where item_id = p_item.id;
end $$;

-- Puts a copy that is in somebody's hand at a branch where it belongs: for the reservation it is meant for onto the
-- shelf there or on its way to it, else home. Both are locked. p_keep: until when it is kept, on this branch's shelf.
-- 'expected': where it was on its way to, if that was another branch and it is still on its way.
create function public.put_away(p_item item, p_head reservation, p_branch smallint, p_keep date) returns jsonb
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    v_to smallint := coalesce(p_head.pickup_branch_id, p_item.home_branch_id); v_route text; v_was transit;
    v_today date := library_day(0);
begin
    v_route := case when v_to <> p_branch then 'transit' when p_head.id is not null then 'reservation_shelf'
                    else 'shelf' end;
    update reservation set trapped_item_id = p_item.id, keep_until = p_keep,
            state = case when v_route = 'reservation_shelf' then 'ready' else 'in_transit' end,
            ready_on = case when v_route = 'reservation_shelf' then coalesce(ready_on, v_today) end
        where id = p_head.id;
    delete from transit where item_id = p_item.id returning * into v_was;
    if v_route = 'transit' then
        insert into transit (item_id, to_branch_id, since, from_branch_id)
            values (p_item.id, v_to,
                    -- scanned once more while it waits for the same van, it waits as long as it does
                    case when v_was.from_branch_id = p_branch and v_was.to_branch_id = v_to
                         and v_was.sent_on is null then v_was.since else v_today end,
                    p_branch);
    end if;
    perform is_there(p_item);
    return jsonb_build_object(
        'route', v_route, 'to_branch', (select name from branch where id = v_to), 'keep_until', p_keep,
        'expected', (select b.name from branch b
                     where v_route = 'transit' and b.id = v_was.to_branch_id and b.id <> p_branch
                       -- one that has not left yet is where it should be
                       and (v_was.from_branch_id is distinct from p_branch or v_was.sent_on is not null)));
end $$;

-- What was trapped by a copy that is lent after all waits again, at its old place. The place, null: it was for nobody.
create function public.wait_again(p_item bigint) returns integer language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare v_again reservation;
begin
    update reservation set state = 'waiting', trapped_item_id = null, keep_until = null, ready_on = null
        where trapped_item_id = p_item and state in ('in_transit', 'ready') returning * into v_again;
    if v_again.id is null then return null; end if;
    return (select count(*) from reservation r
            where r.title_id = v_again.title_id and r.state = 'waiting'
              and (r.placed_at, r.id) <= (v_again.placed_at, v_again.id));
end $$;

-- A loan was called off: the copy is in staff's hand at that branch. What it is meant for elsewhere, or its home, it
-- still has to get to.
create function public.on_its_way_again(p_item bigint, p_branch smallint) returns void language sql
set search_path = pg_catalog, public, pg_temp as $$
    insert into transit (item_id, to_branch_id, since, from_branch_id)
    select i.id, coalesce(r.pickup_branch_id, i.home_branch_id), library_day(0), p_branch
    from item i
    left join reservation r on r.trapped_item_id = i.id and r.state in ('in_transit', 'ready')
    where i.id = p_item
      and (r.state = 'in_transit' or r.id is null and i.home_branch_id <> p_branch)
    on conflict do nothing
$$;

-- == lists ======================================================================================================

create function desk.read_pull_list() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here();
begin
    return jsonb_build_object('refusal', null,
                              'rows', coalesce(facts_of_pull_list(v_here.branch_id), '[]'::jsonb))::text;
end $$;

create function desk.read_transits() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here();
begin
    return jsonb_build_object('refusal', null, 'rows', facts_of_transits(v_here.branch_id))::text;
end $$;

-- Who is on the shelf is said as the library's setting lets it be said to everybody who walks past. The end of a
-- number and a letter tell nobody's name. In full it is a list of people: each of them is on record, as in any other
-- list, once a visit; where this login has seen as many as it may, the ends of the numbers are said instead, for the
-- copies must be cleared away all the same.
create function desk.read_shelf(p_visit uuid) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_name text; v_why text;
begin
    select slip_name into strict v_name from policy;
    if v_name = 'full' then
        v_why := case when p_visit is null then 'too_many_views' else list_refused(v_here, array(
            select distinct r.patron_id from reservation r
            where r.state = 'ready' and r.pickup_branch_id = v_here.branch_id), p_visit, 'search') end;
        if v_why = 'again' then return refused('again'); end if;
        if v_why is not null then v_name := 'number_end'; end if;
    end if;
    return jsonb_build_object('refusal', null, 'today', library_day(0),
                              'rows', coalesce(facts_of_shelf(v_here.branch_id, v_name), '[]'::jsonb))::text;
end $$;

-- == what staff do on their rounds ==============================================================================

-- What each of these acts begins with, its locks taken: an answer where the act is over with it, else null.
create function public.begin_round(p_here here, p_operation uuid, p_act text, p_about jsonb) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_act text; v_before text;
begin
    select act, answer into v_act, v_before from operation where id = p_operation;
    if not found then return null; end if;
    if v_act not in (p_act, 'cancelled') or v_before is not null and not v_before::jsonb @> p_about then
        return refused('not_allowed');
    end if;
    perform said_again(p_here);
    return earlier_answer(p_operation);
end $$;

create function public.done_round(p_here here, p_operation uuid, p_noted text, p_subject jsonb, p_answer jsonb)
returns text language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_answer text := ('{"refusal": null}'::jsonb || p_answer)::text;
begin
    update operation set answer = v_answer where id = p_operation;
    perform note(p_here, p_noted, p_subject);
    return v_answer;
end $$;

-- A copy that should stand on this branch's shelves does not. On the same day it is counted once.
create function desk.not_found(p_operation uuid, p_item text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_item item; v_answer text; v_today date; v_times integer; v_missing boolean;
begin
    if p_operation is null then return refused('not_allowed'); end if;
    select * into v_item from item where number = p_item for no key update;
    v_answer := begin_round(v_here, p_operation, 'not_found', jsonb_build_object('item', p_item));
    if v_answer is not null then return v_answer; end if;
    if v_item.id is null then return refused('unknown_item'); end if;
    if exists (select from loan where item_id = v_item.id and returned_at is null) then
        return refused('on_loan');
    end if;
    if v_item.home_branch_id <> v_here.branch_id
        or exists (select from transit where item_id = v_item.id)
        or exists (select from shelf_leftover where item_id = v_item.id)
        or exists (select from reservation where trapped_item_id = v_item.id and state in ('in_transit', 'ready')) then
        return refused('not_here');
    end if;
    v_today := library_day(0);
    perform claim_about(p_operation, 'not_found');
    v_times := v_item.not_found + case when v_item.not_found_on = v_today then 0 else 1 end;
    v_missing := v_item.missing_since is not null or v_times >= (select missing_after from policy);
    update item set not_found = v_times, not_found_on = v_today,
            missing_since = case when v_missing then coalesce(missing_since, v_today) end
        where id = v_item.id;
    insert into watch.item_to_touch (item_id) values (v_item.id) on conflict do nothing;
    return done_round(v_here, p_operation, 'copy not found', jsonb_build_object('missing', v_missing),
                      jsonb_build_object('item', p_item, 'missing', v_missing));
end $$;

-- A crate leaves: those of the copies named (a JSON array of numbers) that wait here for the van are on their way.
create function desk.send_copies(p_operation uuid, p_items text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_numbers text[]; v_items bigint[]; v_answer text; v_copies integer;
begin
    if p_operation is null or length(p_items) > 20000 then return refused('not_allowed'); end if;
    begin
        select coalesce(array_agg(distinct n.number order by n.number), '{}') into v_numbers
            from jsonb_array_elements_text(p_items::jsonb) n (number);
    exception when data_exception then
        return refused('not_allowed');
    end;
    select array_agg(id) into v_items from (
        select i.id from item i where i.number = any (v_numbers) order by i.id for no key update) held;
    v_answer := begin_round(v_here, p_operation, 'send', '{}');
    if v_answer is not null then return v_answer; end if;
    if not exists (select from transit where item_id = any (v_items) and from_branch_id = v_here.branch_id
                   and to_branch_id <> v_here.branch_id) then
        return refused('not_here');
    end if;
    perform claim_about(p_operation, 'send');
    update transit set sent_on = library_day(0)
        where item_id = any (v_items) and from_branch_id = v_here.branch_id and to_branch_id <> v_here.branch_id
          and sent_on is null;
    get diagnostics v_copies = row_count;
    return done_round(v_here, p_operation, 'copies sent', jsonb_build_object('copies', v_copies),
                      jsonb_build_object('copies', v_copies));
end $$;

-- Takes a copy off this branch's reservation shelf for which nobody waits any more, or not in time: the reservation
-- has ended, and the copy is for the next one or goes home.
create function desk.clear_shelf(p_operation uuid, p_item text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_item item; v_ended reservation; v_head reservation; v_keep date; v_answer text;
    v_today date; v_title text;
begin
    if p_operation is null then return refused('not_allowed'); end if;
    select * into v_item from item where number = p_item for no key update;
    v_answer := begin_round(v_here, p_operation, 'shelf_clear', jsonb_build_object('item', p_item));
    if v_answer is not null then return v_answer; end if;
    if v_item.id is null then return refused('unknown_item'); end if;
    if exists (select from loan where item_id = v_item.id and returned_at is null) then
        return refused('on_loan');
    end if;
    v_today := library_day(0);
    select * into v_ended from reservation
        where trapped_item_id = v_item.id and state in ('in_transit', 'ready') for update;
    if v_ended.id is null then
        if not exists (select from shelf_leftover
                       where item_id = v_item.id and branch_id = v_here.branch_id) then
            return refused('not_here');
        end if;
    elsif v_ended.state <> 'ready' or v_ended.pickup_branch_id <> v_here.branch_id then
        return refused('not_here');
    elsif v_ended.keep_until >= v_today then
        return refused('not_expired');
    end if;
    perform claim_about(p_operation, 'shelf_clear');
    if v_ended.id is not null then
        perform count_act('expiry', 1::smallint, v_here.branch_id, v_item.id, v_ended.patron_id, v_today);
        delete from reservation where id = v_ended.id;
    end if;
    -- the copy and its title are locked anew later: who reserved it locked the title (0007_reserving.sql), and
    -- this act's moment stands beside the looks at whoever it was kept for
    insert into watch.item_to_touch (item_id) values (v_item.id) on conflict do nothing;
    v_head := held_head(v_item);
    if v_head.pickup_branch_id = v_here.branch_id then
        v_keep := shelf_day(v_here.branch_id, (select shelf_open_days from policy));
    end if;
    select concat_ws(' ', nullif(t.title, ''), nullif(t.volume, '')) into v_title
        from title t where t.id = v_item.title_id;
    return done_round(v_here, p_operation, 'shelf cleared', '{}',
                      jsonb_build_object('item', p_item, 'title', v_title)
                      || put_away(v_item, v_head, v_here.branch_id, v_keep));
end $$;
