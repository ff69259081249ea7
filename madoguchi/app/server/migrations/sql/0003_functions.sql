-- What is new in the guarded writes: an override of a refusal about an item holds for that item alone and
-- forgets it, and a return undone is taken off the branch and hour that it was counted in.
--
-- Locks, answers and words as in 0001_functions.sql.

-- p_at: when the act was done, if that is not now.
create function count_act(
    p_act text, p_amount smallint, p_branch smallint, p_item bigint, p_patron bigint, p_day date,
    p_at timestamptz default library_clock()
) returns void language sql
set search_path = pg_catalog, public, pg_temp as $$
    insert into statistic (day, hour, branch_id, act, kind, ndc_class, age_band, category, amount)
    select p_day,
           extract(hour from p_at at time zone (select time_zone from policy)),
           p_branch, p_act, i.kind, left(t.ndc, 1),
           case when age < 7 then '0-6' when age < 13 then '7-12' when age < 16 then '13-15'
                when age < 19 then '16-18' when age < 30 then '19-29' when age < 60 then '30-59' else '60+' end,
           p.category, p_amount
    from item i join title t on t.id = i.title_id, patron p,
         lateral (select extract(year from age(library_day(0), p.birth_date)) as age) a
    where i.id = p_item and p.id = p_patron
$$;

create function lend(
    p_operation uuid, p_visit uuid, p_card text, p_item text, p_due date, p_branch smallint
) returns text language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_card card; v_patron patron; v_item item; v_term loan_term; v_policy policy;
    v_head reservation; v_own reservation; v_today date; v_waived text[]; v_open integer;
    v_oldest date; v_other bigint; v_loan bigint; v_answer text;
begin
    select * into v_card from card where number = p_card;
    if not found then return coalesce(earlier_answer(p_operation), refused('unknown_card')); end if;
    select * into v_patron from patron where id = v_card.patron_id for no key update;
    select * into v_card from card where number = p_card;
    select * into v_item from item where number = p_item for no key update;

    v_answer := earlier_answer(p_operation);
    if v_answer is not null then return v_answer; end if;
    if v_patron.id is null then return refused('unknown_card'); end if;
    if v_card.state <> 'active' then return refused('card_lost'); end if;
    if v_item.id is null then return refused('unknown_item'); end if;

    select patron_id into v_other from loan where item_id = v_item.id and returned_at is null;
    if v_other = v_patron.id then return refused('on_loan_to_patron'); end if;
    if v_other is not null then return refused('on_loan_to_other'); end if;

    v_today := library_day(0);
    if p_due < v_today then return refused('due_in_past'); end if;
    select * into strict v_policy from policy;
    select lt.* into strict v_term from loan_term lt join material_kind k on k.loan_group = lt.loan_group
        where lt.category = v_patron.category and k.code = v_item.kind;
    select coalesce(array_agg(refusal), '{}') into v_waived from loan_override
        where visit_id = p_visit and patron_id = v_patron.id
          -- about the patron; one whose item was erased holds for no item any more
          and (item_id = v_item.id or (item_id is null and not item_erased));
    select count(*) filter (where k.loan_group = v_term.loan_group), min(l.due_on) into v_open, v_oldest
        from loan l join item i on i.id = l.item_id join material_kind k on k.code = i.kind
        where l.patron_id = v_patron.id and l.returned_at is null;

    if v_today > (v_patron.last_used_on + make_interval(years => v_policy.card_idle_years))::date
        and not 'card_idle' = any (v_waived) then return refused('card_idle'); end if;
    if v_today - v_oldest > v_policy.overdue_block_days
        and not 'overdue_block' = any (v_waived) then return refused('overdue_block'); end if;
    if v_item.reference_only and not 'reference_only' = any (v_waived) then
        return refused('reference_only'); end if;

    v_head := head_of_queue(v_item);
    select * into v_own from reservation r
        where r.patron_id = v_patron.id
          and ((r.trapped_item_id = v_item.id and r.state in ('in_transit', 'ready'))
               or (r.title_id = v_item.title_id and r.state = 'waiting'
                   and (r.item_id is null or r.item_id = v_item.id)))
        order by r.state = 'waiting', r.placed_at, r.id limit 1;
    if v_head.id is not null and v_head.patron_id <> v_patron.id
        and not 'reserved' = any (v_waived) then return refused('reserved'); end if;
    if v_open >= v_term.max_loans and not 'over_limit' = any (v_waived) then
        return refused('over_limit'); end if;
    if p_due > ruled_due_day(p_branch, v_term.loan_days) and not 'due_too_late' = any (v_waived) then
        return refused('due_too_late'); end if;

    if not claim(p_operation, 'lend') then return earlier_answer(p_operation); end if;
    insert into loan (item_id, patron_id, branch_id, lent_on, due_on)
        values (v_item.id, v_patron.id, p_branch, v_today, p_due)
        on conflict (item_id) where returned_at is null do nothing returning id into v_loan;
    if v_loan is null then
        delete from operation where id = p_operation;
        return refused('on_loan_to_other');
    end if;
    update patron set last_used_on = v_today where id = v_patron.id;
    update reservation set state = 'lent', loan_id = v_loan where id = v_own.id;
    -- lent over another's reservation, with a reason: the copy that was trapped waits no more
    update reservation set state = 'waiting', trapped_item_id = null, keep_until = null
        where trapped_item_id = v_item.id and state in ('in_transit', 'ready');
    delete from transit where item_id = v_item.id;
    perform count_act('checkout', 1::smallint, p_branch, v_item.id, v_patron.id, v_today);
    v_answer := jsonb_build_object('refusal', null, 'due_on', p_due, 'open_loans', v_open + 1,
                                   'reserved', v_own.id is not null)::text;
    update operation set loan_id = v_loan, answer = v_answer where id = p_operation;
    return v_answer;
end $$;

create function take_back(
    p_operation uuid, p_item text, p_returned_on date, p_reservation bigint, p_keep_until date, p_branch smallint
) returns text language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_item item; v_loan loan; v_head reservation; v_policy policy; v_route text; v_to smallint; v_today date;
    v_returned_on date; v_keep date; v_answer text;
begin
    select * into v_item from item where number = p_item for no key update;
    v_answer := earlier_answer(p_operation);
    if v_answer is not null then return v_answer; end if;
    if v_item.id is null then return refused('unknown_item'); end if;
    v_today := library_day(0);
    select * into strict v_policy from policy;
    if p_returned_on > v_today or p_returned_on < v_today - v_policy.backdate_days then
        return refused('due_in_past');
    end if;
    select * into v_loan from loan where item_id = v_item.id and returned_at is null for update;
    v_head := head_of_queue(v_item);
    if v_head.id is distinct from p_reservation then return refused('changed'); end if;

    if v_head.id is not null and v_head.pickup_branch_id = p_branch then
        v_route := 'reservation_shelf';
        v_keep := coalesce(v_head.keep_until, shelf_day(p_branch, v_policy.shelf_open_days));
        if v_head.keep_until is null and p_keep_until is distinct from v_keep then
            return refused('changed');
        end if;
    elsif coalesce(v_head.pickup_branch_id, v_item.home_branch_id) <> p_branch then
        v_route := 'transit';
        v_to := coalesce(v_head.pickup_branch_id, v_item.home_branch_id);
    else
        v_route := 'shelf';
    end if;

    if not claim(p_operation, 'checkin') then return earlier_answer(p_operation); end if;
    update reservation set trapped_item_id = v_item.id, keep_until = v_keep,
            state = case when v_route = 'reservation_shelf' then 'ready' else 'in_transit' end
        where id = v_head.id;
    delete from transit where item_id = v_item.id;
    if v_route = 'transit' then
        insert into transit (item_id, to_branch_id, since) values (v_item.id, v_to, v_today);
    end if;
    if v_loan.id is not null then
        v_returned_on := greatest(p_returned_on, v_loan.lent_on);
        update loan set returned_on = v_returned_on, returned_at = library_clock() where id = v_loan.id;
        perform count_act('checkin', 1::smallint, p_branch, v_item.id, v_loan.patron_id, v_returned_on);
    end if;
    v_answer := jsonb_build_object(
        'refusal', null, 'route', v_route, 'to_branch', (select name from branch where id = coalesce(v_to, p_branch)),
        'keep_until', v_keep, 'due_on', v_loan.due_on, 'returned_on', coalesce(v_returned_on, p_returned_on),
        'branch_id', p_branch)::text;
    update operation set loan_id = v_loan.id, answer = v_answer where id = p_operation;
    return v_answer;
end $$;

create function undo_return(p_operation uuid, p_return_operation uuid, p_branch smallint) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_loan loan; v_act text; v_returned text; v_number text; v_answer text;
begin
    select l.* into v_loan from operation o join loan l on l.id = o.loan_id
        where o.id = p_return_operation and o.act in ('checkin', 'undone');
    select number into v_number from item where id = v_loan.item_id for no key update;
    v_answer := earlier_answer(p_operation);
    if v_answer is not null then return v_answer; end if;
    select * into v_loan from loan where id = v_loan.id for update;
    select act, answer into v_act, v_returned from operation where id = p_return_operation;
    if v_loan.id is not null and v_loan.returned_at is null then return refused('lent_again'); end if;
    -- a return undone before stays so: what closed the loan since is another return
    if v_loan.id is null or v_act <> 'checkin'
        or v_loan.returned_at < library_clock() - make_interval(mins => (select undo_minutes from policy)) then
        return refused('undo_expired');
    end if;
    -- also where that later loan is over: this one did end
    if exists (select from loan where item_id = v_loan.item_id and id <> v_loan.id
               and (returned_at is null or returned_at > v_loan.returned_at)) then
        return refused('lent_again');
    end if;
    if not claim(p_operation, 'undo') then return earlier_answer(p_operation); end if;
    -- one answered before the branch was kept is taken off where it is undone
    perform count_act('checkin', (-1)::smallint,
                      coalesce((v_returned::jsonb ->> 'branch_id')::smallint, p_branch),
                      v_loan.item_id, v_loan.patron_id, v_loan.returned_on, v_loan.returned_at);
    update loan set returned_on = null, returned_at = null where id = v_loan.id;
    update operation set act = 'undone' where id = p_return_operation;
    update reservation set state = 'waiting', trapped_item_id = null, keep_until = null
        where trapped_item_id = v_loan.item_id and state in ('in_transit', 'ready');
    delete from transit where item_id = v_loan.item_id;
    v_answer := jsonb_build_object('refusal', null, 'item_number', v_number, 'due_on', v_loan.due_on)::text;
    update operation set loan_id = v_loan.id, answer = v_answer where id = p_operation;
    return v_answer;
end $$;

create function grant_override(
    p_operation uuid, p_visit uuid, p_card text, p_item text, p_refusal text, p_reason text, p_login text
) returns text language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_patron bigint; v_item bigint;
begin
    if exists (select from loan_override where id = p_operation) then return '{"refusal": null}'; end if;
    select patron_id into v_patron from card where number = p_card and state = 'active';
    if not found then return refused('unknown_card'); end if;
    if p_refusal not in ('card_idle', 'overdue_block', 'over_limit', 'reference_only', 'reserved', 'due_too_late')
        or btrim(p_reason, E' \t\r\n\u3000') = ''
        or not exists (select from staff where login = p_login and role in ('counter_staff', 'contract_staff')
                       and (active_until is null or active_until >= library_day(0))) then
        return refused('not_allowed');
    end if;
    if p_refusal in ('reference_only', 'reserved') then
        select id into v_item from item where number = p_item;
        if not found then return refused('unknown_item'); end if;
    end if;
    insert into loan_override (id, visit_id, patron_id, refusal, reason, login, granted_at, item_id)
        values (p_operation, p_visit, v_patron, p_refusal, p_reason, p_login, library_clock(), v_item)
        on conflict do nothing;
    return '{"refusal": null}';
end $$;

-- Erases what joins a person to an item once the return can no longer be undone. An override forgets its
-- item as long after it was given, lent or not: never later than its loan goes.
create function erase_returned() returns integer language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare v_since timestamptz; v_loans bigint[];
begin
    v_since := library_clock() - make_interval(mins => (select undo_minutes from policy));
    update loan_override set item_id = null, item_erased = true where id in (
        select id from loan_override where item_id is not null and granted_at < v_since
        for update skip locked);
    select array_agg(id) into v_loans from (
        select id from loan where returned_at < v_since
        order by id for update skip locked limit 1000) due;
    update operation set answer = null, loan_id = null where loan_id = any (v_loans);
    delete from loan where id = any (v_loans);
    return coalesce(cardinality(v_loans), 0);
end $$;
