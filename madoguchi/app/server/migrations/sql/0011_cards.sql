-- Cards: lost and given anew, put in order with proof seen, and withdrawal (退会). Locks, answers and words as in
-- 0004_desk.sql; where a lock of all is needed (a card's number is given once, families become one), that of policy
-- comes before the patron's.

-- What each act about a patron begins with. An answer: the act is over with it. Null: nothing stands in its way, and
-- the patron's row is locked. A refusal tells of the patron, so each act is a look at them, in a visit of its own.
create function public.begin_about(p_here here, p_operation uuid, p_act text, p_patron bigint) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_act text; v_why text;
begin
    if p_operation is null then return refused('not_allowed'); end if;
    if not exists (select from operation where id = p_operation) then
        if not exists (select from patron where id = p_patron) then return refused('unknown_patron'); end if;
        v_why := view_refused(p_here, p_patron, p_operation, 'card');
        if v_why is not null then return refused(v_why); end if;
    end if;
    perform from patron where id = p_patron for no key update;
    select act into v_act from operation where id = p_operation;
    if found then
        if v_act not in (p_act, 'cancelled') then return refused('not_allowed'); end if;
        perform said_again(p_here);
        return earlier_answer(p_operation);
    end if;
    if not exists (select from patron where id = p_patron) then return refused('unknown_patron'); end if;
    return null;
end $$;

-- What each act about a patron ends with: its answer, remembered, and the record of it.
create function public.done_about(
    p_here here, p_operation uuid, p_noted text, p_subject jsonb, p_more jsonb default '{}'
) returns text language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_answer text := ('{"refusal": null}'::jsonb || p_more)::text;
begin
    update operation set answer = v_answer where id = p_operation;
    perform note(p_here, p_noted, p_subject);
    return v_answer;
end $$;

create function desk.replace_card(p_operation uuid, p_patron bigint, p_card text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text;
begin
    if coalesce(p_card, '') !~ '^[!-~]{1,20}$' then return refused('not_allowed'); end if;
    -- a number that nobody has yet cannot be locked
    perform from policy for no key update;
    v_answer := begin_about(v_here, p_operation, 'card_replace', p_patron);
    if v_answer is not null then return v_answer; end if;
    if exists (select from card where number = p_card) then return refused('card_taken'); end if;
    if not claim(p_operation, 'card_replace') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    update card set state = 'lost' where patron_id = p_patron and state = 'active';
    insert into card (number, patron_id, state, issued_on) values (p_card, p_patron, 'active', library_day(0))
        on conflict (number) do nothing;
    if not found then
        -- given by whoever does not take the lock; asked again it is known
        raise exception using errcode = 'serialization_failure', message = 'the number came from elsewhere';
    end if;
    return done_about(v_here, p_operation, 'card replaced', jsonb_build_object('patron', p_patron));
end $$;

create function desk.report_lost(p_operation uuid, p_patron bigint) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text;
begin
    v_answer := begin_about(v_here, p_operation, 'card_lost', p_patron);
    if v_answer is not null then return v_answer; end if;
    if not exists (select from card where patron_id = p_patron and state = 'active') then
        return refused('card_lost');
    end if;
    if not claim(p_operation, 'card_lost') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    update card set state = 'lost' where patron_id = p_patron and state = 'active';
    return done_about(v_here, p_operation, 'card lost', jsonb_build_object('patron', p_patron));
end $$;

-- Proof of address was seen: a card that lay idle works again.
create function desk.renew_card(p_operation uuid, p_patron bigint, p_proof text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text; v_today date := library_day(0);
begin
    if coalesce(p_proof, '') not in ('not_needed', 'licence', 'my_number', 'insurance', 'residence', 'student',
                                     'employee', 'mail', 'other') then
        return refused('not_allowed');
    end if;
    v_answer := begin_about(v_here, p_operation, 'card_renew', p_patron);
    if v_answer is not null then return v_answer; end if;
    if not claim(p_operation, 'card_renew') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    update patron set last_used_on = v_today, proof = p_proof, version = version + 1,
            proof_seen_on = case when p_proof = 'not_needed' then proof_seen_on else v_today end
        where id = p_patron;
    return done_about(v_here, p_operation, 'card renewed', jsonb_build_object('patron', p_patron));
end $$;

-- Erases a person, and what joins to them. What was returned and could still be undone is erased as the watcher does
-- it, without waiting; a copy that was kept for them waits for nobody, and whoever is next is found when it is
-- scanned: how many there are is answered.
--
-- The items are locked before the loans and the reservations: whoever takes one back meanwhile sees the queue as it
-- is afterwards. All of them are locked anew later, with those of loans that were erased (erase_returned), since this
-- transaction's number stands beside the record that names the patron.
create function desk.withdraw_patron(p_operation uuid, p_patron bigint) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text; v_items bigint[]; v_kept integer;
begin
    perform from policy for no key update;
    v_answer := begin_about(v_here, p_operation, 'withdraw', p_patron);
    if v_answer is not null then return v_answer; end if;
    if exists (select from loan where patron_id = p_patron and returned_at is null) then
        return refused('open_loans');
    end if;
    select array_agg(id) into v_items from (
        select i.id from item i where i.id in (
            select l.item_id from loan l where l.patron_id = p_patron
            union select o.item_id from loan_override o where o.patron_id = p_patron
            union select r.trapped_item_id from reservation r where r.patron_id = p_patron
            union select c.id from reservation r join item c on c.title_id = r.title_id where r.patron_id = p_patron)
        order by i.id for no key update) held;
    -- a return was undone before the item was locked
    if exists (select from loan where patron_id = p_patron and returned_at is null) then
        return refused('open_loans');
    end if;
    if not claim(p_operation, 'withdraw') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    select count(*) into v_kept from reservation
        where patron_id = p_patron and state in ('in_transit', 'ready');
    update operation set answer = null, loan_id = null
        where loan_id in (select id from loan where patron_id = p_patron);
    delete from loan where patron_id = p_patron;
    perform part_family(p_patron);
    -- cards, notes, overrides, reservations, consents, what the web keeps: all of it goes with the row
    delete from patron where id = p_patron;
    insert into watch.item_to_touch (item_id) select unnest(v_items) on conflict do nothing;
    return done_about(v_here, p_operation, 'patron withdrawn', jsonb_build_object('patron', p_patron),
                      jsonb_build_object('kept', v_kept));
end $$;
