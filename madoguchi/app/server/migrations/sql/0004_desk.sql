-- What staff at a counter may call, and nothing else: reads, guarded writes, and their own coming and going.
--
-- Every function begins with here(): who, from which terminal, at which branch; then it takes its locks,
-- re-checks every ceiling in statements that begin after the lock (a count in the statement that locks would
-- see the snapshot from before it), writes, notes the act, and remembers its answer under the operation's id.
--
-- Locks are taken in one order everywhere: patron, item, loan, reservation, the audit's chain.
-- Every function answers json text: {"refusal": null | "...", ...}; the words are those of
-- madoguchi.app.lending.rules.Refusal.

-- == reads ====================================================================================================

-- A patron by the exact number of a card. Whose record is looked at is on record before it is shown.
create function desk.read_patron(p_visit uuid, p_card text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_patron bigint; v_why text;
begin
    select patron_id into v_patron from card where number = p_card;
    if not found then return '{"refusal": null, "rows": []}'; end if;
    v_why := view_refused(v_here, v_patron, p_visit, 'card');
    if v_why is not null then return refused(v_why); end if;
    return jsonb_build_object('refusal', null, 'rows', facts_of_patron(p_card, v_here.branch_id))::text;
end $$;

-- What a checkout is decided on. Of other people it says that there is one, never which.
create function desk.read_checkout(p_operation uuid, p_visit uuid, p_card text, p_item text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_facts jsonb; v_patron bigint; v_why text;
begin
    v_facts := facts_of_checkout(p_operation, p_visit, p_card, p_item, v_here.branch_id, v_here.login) -> 0;
    v_patron := (v_facts ->> 'patron_id')::bigint;
    if v_patron is not null then
        v_why := view_refused(v_here, v_patron, p_visit, 'checkout');
        if v_why is not null then return refused(v_why); end if;
    end if;
    if v_facts ->> 'earlier_act' is not null then perform said_again(v_here); end if;
    return jsonb_build_object('refusal', null, 'rows', jsonb_build_array(
        without_strangers(v_facts, coalesce(v_patron, 0))))::text;
end $$;

-- What a return or a renewal by item is decided on: no person is in it.
create function desk.read_item(p_operation uuid, p_item text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_facts jsonb;
begin
    v_facts := facts_of_item(p_operation, p_item, v_here.branch_id) -> 0;
    if v_facts ->> 'earlier_act' is not null then perform said_again(v_here); end if;
    return jsonb_build_object('refusal', null, 'rows', jsonb_build_array(without_strangers(v_facts, 0)))::text;
end $$;

create function public.without_strangers(p_facts jsonb, p_patron bigint) returns jsonb language sql immutable
set search_path = pg_catalog, pg_temp as $$
    select p_facts
        || case when (p_facts ->> 'loan_patron_id')::bigint <> p_patron then '{"loan_patron_id": 0}'::jsonb
                else '{}' end
        || case when (p_facts ->> 'head_patron_id')::bigint <> p_patron then '{"head_patron_id": 0}'::jsonb
                else '{}' end
$$;

create function desk.read_today() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here();
begin
    return jsonb_build_object('refusal', null,
                              'rows', coalesce(facts_of_today(v_here.branch_id), '[]'::jsonb))::text;
end $$;

-- Patrons by the beginning of their kana, by the last four digits of a telephone, or by birth date; at most 50,
-- masked: enough to tell two apart, each one seen is on record. Contract staff find those of their branches.
-- p_visit is a new one for each search.
create function desk.search_patrons(
    p_visit uuid, p_kana text, p_telephone_end text, p_birth_date date
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_rows jsonb := '[]'; v_found record; v_why text; v_again boolean := false;
begin
    if length(btrim(coalesce(p_kana, ''))) < 2 and coalesce(p_telephone_end, '') !~ '^[0-9]{4}$'
        and p_birth_date is null then
        return refused('search_too_wide');
    end if;
    for v_found in
        select p.id, p.kana, p.birth_date, right(c.number, 4) as number_end
        from patron p left join card c on c.patron_id = p.id and c.state = 'active'
        where (coalesce(p_kana, '') = '' or starts_with(p.kana, btrim(p_kana)))
          and (coalesce(p_telephone_end, '') = ''
               or right(regexp_replace(p.telephone, '\D', '', 'g'), 4) = p_telephone_end)
          and (p_birth_date is null or p.birth_date = p_birth_date)
          and (v_here.role <> 'contract_staff' or p.branch_id in (
              select b.branch_id from staff_branch b where b.login = v_here.login))
        order by p.kana, p.id limit 50
    loop
        v_why := view_refused(v_here, v_found.id, p_visit, 'search');
        if v_why = 'too_many_views' then return refused(v_why); end if;
        v_again := v_again or v_why is not null;
        v_rows := v_rows || jsonb_build_object(
            'number_end', v_found.number_end, 'kana_initial', left(v_found.kana, 1),
            'birth_year', extract(year from v_found.birth_date));
    end loop;
    if v_again then return refused('again'); end if;
    return jsonb_build_object('refusal', null, 'rows', v_rows)::text;
end $$;

-- == guarded writes ===========================================================================================

create function desk.lend(
    p_operation uuid, p_visit uuid, p_card text, p_item text, p_due date
) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_card card; v_patron patron; v_item item; v_term loan_term; v_policy policy;
    v_head reservation; v_own reservation; v_today date; v_waived text[]; v_open integer;
    v_oldest date; v_other bigint; v_loan bigint; v_answer text;
begin
    if p_operation is null or p_due is null or not isfinite(p_due) then return refused('not_allowed'); end if;
    select * into v_card from card where number = p_card;
    if not found then return coalesce(earlier_answer(p_operation), refused('unknown_card')); end if;
    -- a refusal tells of the patron too, so it is a look at them
    if earlier_answer(p_operation) is null then
        v_answer := view_refused(v_here, v_card.patron_id, p_visit, 'checkout');
        if v_answer is not null then return refused(v_answer); end if;
    end if;
    select * into v_patron from patron where id = v_card.patron_id for no key update;
    select * into v_card from card where number = p_card;
    select * into v_item from item where number = p_item for no key update;

    v_answer := earlier_answer(p_operation);
    if v_answer is not null then
        perform said_again(v_here);
        return v_answer;
    end if;
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
        where visit_id = p_visit and patron_id = v_patron.id and login = v_here.login
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
    -- a reason lends longer, not for good
    if p_due > v_today + 366 then return refused('due_too_late'); end if;
    if p_due > ruled_due_day(v_here.branch_id, v_term.loan_days) and not 'due_too_late' = any (v_waived) then
        return refused('due_too_late'); end if;

    if not claim(p_operation, 'lend') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    insert into loan (item_id, patron_id, branch_id, lent_on, due_on)
        values (v_item.id, v_patron.id, v_here.branch_id, v_today, p_due)
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
    perform count_act('checkout', 1::smallint, v_here.branch_id, v_item.id, v_patron.id, v_today);
    v_answer := jsonb_build_object('refusal', null, 'due_on', p_due, 'open_loans', v_open + 1,
                                   'reserved', v_own.id is not null)::text;
    update operation set loan_id = v_loan, answer = v_answer where id = p_operation;
    perform note(v_here, 'checkout', jsonb_build_object('loan', v_loan, 'waived', to_jsonb(v_waived)));
    return v_answer;
end $$;

-- Calls off a loan whose answer never reached the counter: the book stayed there, so the loan must
-- not stand, and must not appear when a message that was under way arrives after all.
create function desk.cancel_lend(p_operation uuid) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_operation operation; v_loan loan;
begin
    if p_operation is null then return refused('not_allowed'); end if;
    if claim(p_operation, 'cancelled') then
        perform note(v_here, 'checkout called off', '{}');
        return '{"refusal": null}';
    end if;
    select l.* into v_loan from operation o join loan l on l.id = o.loan_id where o.id = p_operation;
    perform from patron where id = v_loan.patron_id for no key update;
    perform from item where id = v_loan.item_id for no key update;
    select * into v_operation from operation where id = p_operation for update;
    if v_operation.act = 'cancelled' then
        perform said_again(v_here);
        return '{"refusal": null}';
    end if;
    select * into v_loan from loan where id = v_operation.loan_id and returned_at is null for update;
    if v_operation.act <> 'lend' or v_loan.id is null then return refused('changed'); end if;
    update reservation set loan_id = null, state = case when keep_until is not null then 'ready'
        when trapped_item_id is not null then 'in_transit' else 'waiting' end where loan_id = v_loan.id;
    perform count_act('checkout', (-1)::smallint, v_loan.branch_id, v_loan.item_id, v_loan.patron_id, v_loan.lent_on);
    update operation set act = 'cancelled', answer = null where id = p_operation;
    delete from loan where id = v_loan.id;
    insert into watch.item_to_touch (item_id) values (v_loan.item_id) on conflict do nothing;
    perform note(v_here, 'checkout called off', jsonb_build_object('loan', v_loan.id));
    return '{"refusal": null}';
end $$;

create function desk.take_back(
    p_operation uuid, p_item text, p_returned_on date, p_reservation bigint, p_keep_until date
) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_item item; v_loan loan; v_head reservation; v_policy policy; v_route text;
    v_to smallint; v_today date; v_returned_on date; v_keep date; v_answer text;
begin
    if p_operation is null or p_returned_on is null then return refused('not_allowed'); end if;
    select * into v_item from item where number = p_item for no key update;
    v_answer := earlier_answer(p_operation);
    if v_answer is not null then
        perform said_again(v_here);
        return v_answer;
    end if;
    if v_item.id is null then return refused('unknown_item'); end if;
    v_today := library_day(0);
    select * into strict v_policy from policy;
    if p_returned_on > v_today or p_returned_on < v_today - v_policy.backdate_days then
        return refused('due_in_past');
    end if;
    select * into v_loan from loan where item_id = v_item.id and returned_at is null for update;
    v_head := head_of_queue(v_item);
    if v_head.id is distinct from p_reservation then return refused('changed'); end if;

    if v_head.id is not null and v_head.pickup_branch_id = v_here.branch_id then
        v_route := 'reservation_shelf';
        v_keep := coalesce(v_head.keep_until, shelf_day(v_here.branch_id, v_policy.shelf_open_days));
        if v_head.keep_until is null and p_keep_until is distinct from v_keep then
            return refused('changed');
        end if;
    elsif coalesce(v_head.pickup_branch_id, v_item.home_branch_id) <> v_here.branch_id then
        v_route := 'transit';
        v_to := coalesce(v_head.pickup_branch_id, v_item.home_branch_id);
    else
        v_route := 'shelf';
    end if;

    if not claim(p_operation, 'checkin') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
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
        perform count_act('checkin', 1::smallint, v_here.branch_id, v_item.id, v_loan.patron_id, v_returned_on);
    end if;
    v_answer := jsonb_build_object(
        'refusal', null, 'route', v_route,
        'to_branch', (select name from branch where id = coalesce(v_to, v_here.branch_id)), 'keep_until', v_keep,
        'due_on', v_loan.due_on, 'returned_on', coalesce(v_returned_on, p_returned_on), 'branch_id', v_here.branch_id)::text;
    update operation set loan_id = v_loan.id, answer = v_answer where id = p_operation;
    perform note(v_here, 'return', jsonb_build_object('loan', v_loan.id));
    return v_answer;
end $$;

create function desk.undo_return(p_operation uuid, p_return_operation uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_loan loan; v_act text; v_returned text; v_number text; v_answer text;
begin
    if p_operation is null then return refused('not_allowed'); end if;
    select l.* into v_loan from operation o join loan l on l.id = o.loan_id
        where o.id = p_return_operation and o.act in ('checkin', 'undone');
    select number into v_number from item where id = v_loan.item_id for no key update;
    v_answer := earlier_answer(p_operation);
    if v_answer is not null then
        perform said_again(v_here);
        return v_answer;
    end if;
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
    if not claim(p_operation, 'undo') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    -- one answered before the branch was kept is taken off where it is undone
    perform count_act('checkin', (-1)::smallint,
                      coalesce((v_returned::jsonb ->> 'branch_id')::smallint, v_here.branch_id),
                      v_loan.item_id, v_loan.patron_id, v_loan.returned_on, v_loan.returned_at);
    update loan set returned_on = null, returned_at = null where id = v_loan.id;
    update operation set act = 'undone' where id = p_return_operation;
    update reservation set state = 'waiting', trapped_item_id = null, keep_until = null
        where trapped_item_id = v_loan.item_id and state in ('in_transit', 'ready');
    delete from transit where item_id = v_loan.item_id;
    v_answer := jsonb_build_object('refusal', null, 'item_number', v_number, 'due_on', v_loan.due_on)::text;
    update operation set loan_id = v_loan.id, answer = v_answer where id = p_operation;
    perform note(v_here, 'return undone', jsonb_build_object('loan', v_loan.id));
    return v_answer;
end $$;

create function desk.renew(p_operation uuid, p_item text, p_due date) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_item item; v_loan loan; v_days smallint; v_today date; v_answer text;
begin
    if p_operation is null or p_due is null then return refused('not_allowed'); end if;
    select l.* into v_loan from loan l join item i on i.id = l.item_id
        where i.number = p_item and l.returned_at is null;
    perform from patron where id = v_loan.patron_id for no key update;
    select * into v_item from item where number = p_item for no key update;
    v_answer := earlier_answer(p_operation);
    if v_answer is not null then
        perform said_again(v_here);
        return v_answer;
    end if;
    if v_item.id is null then return refused('unknown_item'); end if;
    select * into v_loan from loan where id = v_loan.id and returned_at is null for update;
    if not found then return refused('not_on_loan'); end if;
    v_today := library_day(0);
    if v_today > v_loan.due_on then return refused('overdue'); end if;
    if exists (select from reservation r where r.title_id = v_item.title_id and r.state = 'waiting'
               and r.patron_id <> v_loan.patron_id and (r.item_id is null or r.item_id = v_item.id)) then
        return refused('reserved');
    end if;
    if v_item.borrowed_from is not null then return refused('borrowed_elsewhere'); end if;
    if v_loan.renewals >= (select max_renewals from policy) then return refused('renewed_already'); end if;
    select lt.loan_days into strict v_days from loan_term lt
        join material_kind k on k.loan_group = lt.loan_group join patron p on p.category = lt.category
        where k.code = v_item.kind and p.id = v_loan.patron_id;
    if p_due < v_loan.due_on or p_due > greatest(v_loan.due_on, ruled_due_day(v_here.branch_id, v_days)) then
        return refused('changed');
    end if;
    if not claim(p_operation, 'renew') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    update loan set due_on = p_due, renewals = renewals + 1 where id = v_loan.id;
    update patron set last_used_on = v_today where id = v_loan.patron_id;
    perform count_act('renewal', 1::smallint, v_here.branch_id, v_item.id, v_loan.patron_id, v_today);
    v_answer := jsonb_build_object('refusal', null, 'due_on', p_due, 'earlier_due_on', v_loan.due_on)::text;
    update operation set loan_id = v_loan.id, answer = v_answer where id = p_operation;
    perform note(v_here, 'renewal', jsonb_build_object('loan', v_loan.id));
    return v_answer;
end $$;

create function desk.grant_override(
    p_operation uuid, p_visit uuid, p_card text, p_item text, p_refusal text, p_reason text
) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_patron bigint; v_item bigint;
begin
    if p_operation is null or p_visit is null or p_refusal is null or length(p_reason) > 200 then
        return refused('not_allowed');
    end if;
    if exists (select from loan_override where id = p_operation) then
        perform said_again(v_here);
        return '{"refusal": null}';
    end if;
    select patron_id into v_patron from card where number = p_card and state = 'active';
    if not found then return refused('unknown_card'); end if;
    if p_refusal not in ('card_idle', 'overdue_block', 'over_limit', 'reference_only', 'reserved', 'due_too_late')
        or btrim(coalesce(p_reason, ''), E' \t\r\n\u3000') = '' then
        return refused('not_allowed');
    end if;
    if p_refusal in ('reference_only', 'reserved') then
        select id into v_item from item where number = p_item;
        if not found then return refused('unknown_item'); end if;
    end if;
    insert into loan_override (id, visit_id, patron_id, refusal, reason, login, granted_at, item_id)
        values (p_operation, p_visit, v_patron, p_refusal, p_reason, v_here.login, library_clock(), v_item)
        on conflict do nothing;
    -- not about whom, nor about which item: the row says it, for as long as it may
    perform note(v_here, 'override', jsonb_build_object('override', p_operation, 'refusal', p_refusal));
    return '{"refusal": null}';
end $$;
