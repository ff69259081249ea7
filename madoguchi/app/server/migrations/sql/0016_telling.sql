-- Telling readers that something lies ready for them: the mail that is written by itself, who is to be told by hand,
-- what came of it, and what the slip in the copy says. Locks, answers and words as in 0004_desk.sql.
--
-- Mail is written, and taken back, by triggers on reservation and on patron, whoever changes them: a reservation that
-- is ready has its mail when its patron wishes one and has an address, and one that stops being ready has none that
-- could still go out. What was sent or said of an earlier time on the shelf goes with that time.
--
-- outbox and telling are about the reservation and go with it. A moment in outbox would say which return it was that
-- made the reservation ready, so it holds the day alone; its transaction would say it, too, so the row is written anew
-- with the reservation's own (erase_returned).

-- == mail =====================================================================================================

-- The beginning of the library's day.
create function public.library_midnight() returns timestamptz language sql stable
set search_path = pg_catalog, public, pg_temp
as $$ select library_day(0)::timestamp at time zone (select time_zone from policy) $$;

-- 2026年5月19日（火）
create function public.day_in_words(p_day date) returns text language sql immutable
set search_path = pg_catalog, pg_temp as $$
    select extract(year from p_day) || '年' || extract(month from p_day) || '月' || extract(day from p_day) || '日（'
        || substr('日月火水木金土', extract(dow from p_day)::integer + 1, 1) || '）'
$$;

-- The mail that is to be written for each reservation that is ready: one that has none, and of which nobody was told.
create view public.mail_to_write as
select r.id as reservation_id, r.patron_id, p.email as address,
    -- a return does not fail because the library's words are too long
    substr(replace(replace(m.subject, '{branch}', b.name), '{keep_until}', day_in_words(r.keep_until)), 1, 200)
        as subject,
    replace(replace(m.body, '{branch}', b.name), '{keep_until}', day_in_words(r.keep_until)) as body
from reservation r
join patron p on p.id = r.patron_id
join branch b on b.id = r.pickup_branch_id
join mail_template m on m.code = 'ready'
where r.state = 'ready' and r.keep_until >= library_day(0) and p.notice_by = 'mail' and p.email <> ''
    and not exists (select from outbox o where o.reservation_id = r.id)
    and not exists (select from telling t where t.reservation_id = r.id and t.outcome <> 'no_answer');

create function public.mail_follows_reservation() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'UPDATE' and (new.state, new.keep_until, new.pickup_branch_id)
        is not distinct from (old.state, old.keep_until, old.pickup_branch_id) then
        -- the reservation is written anew so that nothing leads from it to whoever brought the copy back
        update outbox set made_at = made_at where reservation_id = new.id;
        return null;
    end if;
    if new.state not in ('ready', 'lent') then
        delete from outbox where reservation_id = new.id;
        delete from telling where reservation_id = new.id;
        return null;
    end if;
    delete from outbox where reservation_id = new.id and sent_at is null and failed_at is null;
    insert into outbox (id, reservation_id, address, subject, body, made_at)
        select gen_random_uuid(), w.reservation_id, w.address, w.subject, w.body, library_midnight()
        from mail_to_write w where w.reservation_id = new.id;
    return null;
end $$;

create trigger mail_of_new after insert on public.reservation
    for each row when (new.state = 'ready') execute function public.mail_follows_reservation();
create trigger mail_of_changed after update of state, keep_until, pickup_branch_id on public.reservation
    for each row when (new.state = 'ready' or old.state = 'ready' or old.state = 'lent')
    execute function public.mail_follows_reservation();

-- Another address, or another wish: what has not gone out goes there, or not at all.
create function public.mail_follows_patron() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_ready bigint[];
begin
    -- the reservation before its mail, as everywhere
    select array_agg(id) into v_ready from (
        select r.id from reservation r where r.patron_id = new.id and r.state = 'ready'
        order by r.id for no key update) held;
    delete from outbox where reservation_id = any (v_ready) and sent_at is null;
    insert into outbox (id, reservation_id, address, subject, body, made_at)
        select gen_random_uuid(), w.reservation_id, w.address, w.subject, w.body, library_midnight()
        from mail_to_write w where w.reservation_id = any (v_ready);
    return null;
end $$;

create trigger mail_of_patron after update of email, notice_by on public.patron
    for each row when (new.email <> old.email or new.notice_by <> old.notice_by)
    execute function public.mail_follows_patron();

-- Its words are a setting: old and new are on record, whoever changes them.
create trigger on_record after insert or update or delete on public.mail_template
    for each row execute function audit.note_setting();

-- == whatever sends it (mail_side) ============================================================================

-- What is to be sent, at most 100, the oldest first: nothing of whom it is about but the address.
create function mail.to_send() returns table (id uuid, address text, subject text, body text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select o.id, o.address, o.subject, o.body from outbox o join reservation r on r.id = o.reservation_id
    -- written while their address was changed: it goes to nobody else
    join patron p on p.id = r.patron_id and p.email = o.address and p.notice_by = 'mail'
    where o.sent_at is null and o.failed_at is null and r.state = 'ready' and r.keep_until >= library_day(0)
    order by o.made_at, o.id limit 100
$$;

-- It went out. False: it was not to be sent any more.
create function mail.note_sent(p_mail uuid) returns boolean language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
    update outbox set sent_at = library_midnight() where id = p_mail and sent_at is null and failed_at is null;
    return found;
end $$;

-- It could not be sent, and will not be: staff tell its reader.
create function mail.note_failed(p_mail uuid) returns boolean language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
    update outbox set failed_at = library_midnight() where id = p_mail and sent_at is null and failed_at is null;
    return found;
end $$;

-- == by hand ==================================================================================================

-- Who is to be told at this branch: a row for each reservation. Each patron in it is a look, in a list.
create function desk.list_to_tell(p_visit uuid) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_rows jsonb; v_why text;
begin
    if p_visit is null then return refused('not_allowed'); end if;
    v_rows := coalesce(facts_to_tell(v_here.branch_id), '[]');
    v_why := list_refused(v_here,
        array(select (f.shown ->> 'patron_id')::bigint from jsonb_array_elements(v_rows) with ordinality f (shown, place)
              group by 1 order by min(f.place)), p_visit, 'to_tell');
    if v_why is not null then return refused(v_why); end if;
    return jsonb_build_object('refusal', null, 'rows', v_rows)::text;
end $$;

-- Keeps what came of telling a patron of what lies ready for them here. Whoever of the contract staff stands at this
-- branch tells them, wherever they registered; that it was about them is a look, in a visit of its own.
create function desk.tell(p_operation uuid, p_patron bigint, p_reservations text, p_way text, p_outcome text)
returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_act text; v_before jsonb; v_why text; v_ready bigint[]; v_each bigint; v_said jsonb;
begin
    if p_operation is null or p_patron is null
        or coalesce(p_reservations, '') !~ '^[0-9]{1,18}(,[0-9]{1,18}){0,99}$'
        or coalesce(p_way, '') not in ('telephone', 'mail', 'post_card')
        or coalesce(p_outcome, '') not in ('reached', 'no_answer', 'message_left', 'posted')
        -- what is posted is a post card, and nothing else
        or (p_way = 'post_card') <> (p_outcome = 'posted') then
        return refused('not_allowed');
    end if;
    if not exists (select from operation where id = p_operation) then
        if not exists (select from patron where id = p_patron) then return refused('unknown_reservation'); end if;
        v_why := list_refused(v_here, array[p_patron], p_operation, 'to_tell');
        if v_why is not null then return refused(v_why); end if;
    end if;
    perform from patron where id = p_patron for no key update;
    v_said := jsonb_build_object('refusal', null, 'patron', p_patron, 'way', p_way, 'outcome', p_outcome);
    select act, answer::jsonb into v_act, v_before from operation where id = p_operation;
    if found then
        -- about anybody or anything else it is another act
        if v_act <> 'cancelled' and (v_act <> 'tell' or v_before is distinct from v_said) then
            return refused('not_allowed');
        end if;
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    select array_agg(id) into v_ready from (
        select r.id from reservation r
        where r.id = any (string_to_array(p_reservations, ',')::bigint[]) and r.patron_id = p_patron
          and r.state = 'ready' and r.pickup_branch_id = v_here.branch_id
        order by r.id for no key update) held;
    if v_ready is null then return refused('unknown_reservation'); end if;
    perform claim_about(p_operation, 'tell');
    insert into telling (id, reservation_id, way, outcome, told_on, login)
        select gen_random_uuid(), u.id, p_way, p_outcome, library_day(0), v_here.login from unnest(v_ready) u (id);
    if p_outcome <> 'no_answer' then
        -- whoever knows it gets no mail about it
        delete from outbox where reservation_id = any (v_ready) and sent_at is null and failed_at is null;
    end if;
    update operation set answer = v_said::text where id = p_operation;
    -- the key of the reservation leads nowhere once its row has gone
    foreach v_each in array v_ready loop
        perform note(v_here, 'reservation told',
                     jsonb_build_object('reservation', v_each, 'way', p_way, 'outcome', p_outcome));
    end loop;
    return v_said::text;
end $$;

-- What the slip in a copy that lies ready here says. It says what stands on the shelf before everybody's eyes, so it is
-- no look; a record of it would say who waited for what was brought back at that moment.
create function desk.read_shelf_slip(p_item text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_slip jsonb;
begin
    v_slip := facts_of_shelf_slip(p_item, v_here.branch_id) -> 0;
    if v_slip is null then return refused('unknown_item'); end if;
    if v_slip ->> 'keep_until' is null then return refused('not_here'); end if;
    return jsonb_build_object('refusal', null, 'slip', v_slip)::text;
end $$;
