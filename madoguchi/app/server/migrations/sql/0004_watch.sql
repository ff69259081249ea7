-- What the watcher on the server calls (madoguchi-server watch), and reading the audit.

-- A bad sign-in that the server's log told of. Five since the last good one, within the time of a lock, lock
-- the account for a quarter of an hour; what comes while it is locked does not lengthen it.
create function watch.failed_sign_in(p_login text, p_at timestamptz, p_pid integer, p_host text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_state account.state; v_rule account.rule; v_count bigint;
begin
    select * into v_state from account.state where login = p_login for update;
    if not found then return 'unknown'; end if;
    insert into account.failure (login, at, pid, host) values (p_login, p_at, p_pid, p_host) on conflict do nothing;
    if not found then return 'known'; end if;
    if v_state.locked_until > now() or v_state.disabled_at is not null then return 'locked'; end if;
    select * into strict v_rule from account.rule;
    -- what is read late, of a log that waited for the watcher, locks nobody now
    if p_at < now() - make_interval(mins => v_rule.lock_minutes) then return 'noted'; end if;
    select count(*) into v_count from account.failure
        where login = p_login and at > v_state.failures_since
          and at > p_at - make_interval(mins => v_rule.lock_minutes);
    if v_count < v_rule.failures_to_lock then return 'noted'; end if;
    update account.state set locked_until = now() + make_interval(mins => v_rule.lock_minutes),
        failures_since = now() where login = p_login;
    perform account.apply_validity(p_login);
    perform audit.note(0, session_user, 'account locked', jsonb_build_object('login', p_login));
    return 'locked now';
end $$;

create function watch.read_log_to(p_file text, p_offset bigint) returns void language sql security definer
set search_path = pg_catalog, pg_temp
as $$ update watch.state set log_file = p_file, log_offset = p_offset $$;

create function watch.log_position() returns text language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$ select jsonb_build_object('file', log_file, 'offset', log_offset)::text from watch.state $$;

-- Everything that rests on time and on nobody's client: said as json, what was done.
create function watch.tick() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_login text; v_pid integer; v_terminal integer; v_done jsonb := '{}'; v_session account.session;
begin
    update watch.state set beat_at = clock_timestamp();
    -- a transaction that a member of staff keeps open holds up whoever needs what it locks, and what follows here;
    -- the program's own are over at once
    for v_login, v_pid in
        select a.login, p.pid from account.state a
        join pg_stat_activity p on p.usename = a.login and p.datname = current_database()
        where p.xact_start < clock_timestamp() - interval '5 seconds' and p.wait_event is distinct from 'SyncRep'
    loop
        perform pg_terminate_backend(v_pid, 1000);
        perform audit.note(0, session_user, 'transaction ended', jsonb_build_object('login', v_login));
        v_done := v_done || jsonb_build_object('transaction of ' || v_login, true);
    end loop;
    -- locks that are over, and with them what was tried meanwhile
    for v_login in select login from account.state where locked_until <= now() loop
        update account.state set failures_since = locked_until, locked_until = null where login = v_login;
        perform account.apply_validity(v_login);
        perform audit.note(0, session_user, 'lock over', jsonb_build_object('login', v_login));
        v_done := v_done || jsonb_build_object('unlocked ' || v_login, true);
    end loop;
    -- a password that did not come by change_password or a reset
    for v_login in
        select a.login from account.state a join pg_authid r on r.rolname = a.login
        where a.disabled_at is null and r.rolpassword is distinct from (
            select p.verifier from account.password p where p.login = a.login order by p.set_at desc limit 1)
    loop
        update account.state set disabled_at = now() where login = v_login;
        perform account.apply_validity(v_login);
        execute format('revoke %I from %I', (select role from staff where login = v_login), v_login);
        perform audit.note(0, session_user, 'account disabled',
            jsonb_build_object('login', v_login, 'why', 'its password was changed past the rules'));
        perform account.end_sessions(v_login, 'account ended');
        v_done := v_done || jsonb_build_object('disabled ' || v_login, true);
    end loop;
    -- connections of accounts that have ended
    for v_login in
        select distinct s.login from staff s join account.state a on a.login = s.login
        join pg_stat_activity p on p.usename = s.login and p.datname = current_database()
        where (a.disabled_at is not null or s.active_until < library_day(0))
          and p.wait_event is distinct from 'SyncRep'
    loop
        perform account.end_sessions(v_login, 'account ended');
        perform audit.note(0, session_user, 'session ended', jsonb_build_object('login', v_login));
        v_done := v_done || jsonb_build_object('ended ' || v_login, true);
    end loop;
    -- and of terminals that were revoked
    for v_terminal in
        select distinct t.id from account.terminal t
        join pg_stat_ssl c on c.client_serial::text in (t.serial, t.next_serial)
        where t.revoked_at is not null
    loop
        perform account.end_terminal_sessions(v_terminal);
        v_done := v_done || jsonb_build_object('ended terminal ' || v_terminal, true);
    end loop;
    -- sessions whose connection is gone
    for v_session in
        select e.* from account.session e where e.ended_at is null
        and not exists (select from pg_stat_activity p where p.pid = e.pid and p.usename = e.login)
    loop
        update account.session set ended_at = clock_timestamp(), how_ended = 'lost'
            where id = v_session.id and ended_at is null and pid = v_session.pid;
        if found then
            perform audit.note(v_session.terminal_id, v_session.login, 'session lost', '{}');
            v_done := v_done || jsonb_build_object('lost ' || v_session.login, true);
        end if;
    end loop;
    return v_done::text;
end $$;

-- Erases by age who looked at whose record and who signed in: the chains begin later then, and say where.
create function watch.erase_by_age() returns integer language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_before timestamptz; v_head record; v_last record; v_erased integer := 0; v_count integer;
begin
    select now() - make_interval(days => view_days) into strict v_before from account.rule;
    for v_head in select chain from audit.viewed_head loop
        select seq, hash into v_last from audit.viewed
            where chain = v_head.chain and at < v_before order by seq desc limit 1;
        continue when not found;
        update audit.viewed_head set first_seq = v_last.seq + 1, first_hash = v_last.hash where chain = v_head.chain;
        delete from audit.viewed where chain = v_head.chain and seq <= v_last.seq;
        get diagnostics v_count = row_count;
        v_erased := v_erased + v_count;
    end loop;
    delete from account.failure where at < v_before;
    -- the last of each login stays: it is what the next sign-in shows
    delete from account.session e where e.ended_at < v_before and exists (
        select from account.session later where later.login = e.login and later.signed_in_at > e.signed_in_at);
    return v_erased;
end $$;

-- Erases what joins a person to an item once the return can no longer be undone; how many loans. An override
-- forgets its item as long after it was given, lent or not: never later than its loan goes.
--
-- PostgreSQL keeps in every row which transaction wrote it or locked it last (xmin, xmax), so the item, its
-- transit and the reservations of its title would go on meeting the audit's record of the same act, and through
-- it whoever was looked at. When there is nothing left to erase they are locked or written anew, in a transaction
-- that does nothing else: one that erased, too, would join them to the overrides it erases. So what is called
-- until it answers 0 leaves nothing behind.
create function public.erase_returned() returns integer language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare v_since timestamptz; v_items bigint[]; v_loans bigint[]; v_overrides uuid[];
begin
    v_since := library_clock() - make_interval(mins => (select undo_minutes from policy));
    select array_agg(id), array_agg(item_id) into v_overrides, v_items from (
        select id, item_id from loan_override where item_id is not null and granted_at < v_since
        for update skip locked) due;
    select array_agg(id), coalesce(v_items, '{}') || array_agg(item_id) into v_loans, v_items from (
        select id, item_id from loan where returned_at < v_since
        order by id for update skip locked limit 1000) due;
    if v_loans is not null or v_overrides is not null then
        update loan_override set item_id = null, item_erased = true where id = any (v_overrides);
        update operation set answer = null, loan_id = null where loan_id = any (v_loans);
        delete from loan where id = any (v_loans);
        insert into watch.item_to_touch (item_id) select distinct unnest(v_items) on conflict do nothing;
        return coalesce(cardinality(v_loans), 0);
    end if;
    -- one that somebody works with now is left to the next time
    select array_agg(id) into v_items from (
        select i.id from item i where i.id in (select item_id from watch.item_to_touch)
        order by i.id for no key update skip locked) held;
    update reservation set state = state where id in (
        select r.id from reservation r join item i on i.title_id = r.title_id
        where i.id = any (v_items) and r.state <> 'lent' for update of r skip locked);
    update transit set since = since where item_id in (
        select item_id from transit where item_id = any (v_items) for update skip locked);
    delete from watch.item_to_touch where item_id = any (v_items);
    return 0;
end $$;

create function watch.erase_returned() returns integer language sql security definer
set search_path = pg_catalog, public, pg_temp
as $$ select erase_returned() $$;

-- The second host is gone, or back: on record, and shown at the counters.
create function watch.second_host(p_there boolean) returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
    update watch.state set alone_since = case when p_there then null else clock_timestamp() end
        where (alone_since is null) is distinct from p_there;
    if found then
        perform audit.note(0, session_user::text,
            case when p_there then 'second host back' else 'second host gone' end, '{}');
    end if;
end $$;

-- == reading the audit ========================================================================================

-- What is wrong with the chains; no row: nothing. A record changed, deleted, added or put elsewhere shows where
-- its chain breaks, one cut off at the end by the head, which is another table.
create function audit.problems() returns table (kind text, chain integer, seq bigint, problem text)
language sql stable security definer set search_path = pg_catalog, audit, pg_temp as $$
    with heads as (
        select 'audit' as kind, h.chain, 1::bigint as first_seq, beginning('audit', h.chain) as first_hash,
               h.seq, h.hash from audit.head h
        union all
        select 'views', h.chain, h.first_seq, h.first_hash, h.seq, h.hash from audit.viewed_head h
    ), links as (
        select 'audit' as kind, r.chain, r.seq, r.at, r.hash, lag(r.seq) over w as seq_before,
               lag(r.at) over w as at_before,
               hash_of(coalesce(lag(r.hash) over w, beginning('audit', r.chain)), r.chain, r.seq, r.at, r.who,
                       r.act, r.subject) as computed
        from audit.record r window w as (partition by r.chain order by r.seq)
        union all
        select 'views', v.chain, v.seq, v.at, v.hash, coalesce(lag(v.seq) over w, h.first_seq - 1),
               lag(v.at) over w,
               hash_of_view(coalesce(lag(v.hash) over w, h.first_hash), v.chain, v.seq, v.at, v.who, v.patron_id,
                            v.visit, v.how)
        from audit.viewed v left join audit.viewed_head h on h.chain = v.chain
        window w as (partition by v.chain order by v.seq)
    ), ends as (
        select l.kind, l.chain, max(l.seq) as seq from links l group by l.kind, l.chain
    )
    select l.kind, l.chain, l.seq, 'records are missing before it' from links l
        where l.seq <> coalesce(l.seq_before, 0) + 1
    union all
    select l.kind, l.chain, l.seq, 'it was changed, or does not follow the one before' from links l
        where l.hash is distinct from l.computed
    union all
    select l.kind, l.chain, l.seq, 'it is earlier than the one before' from links l where l.at < l.at_before
    union all
    select h.kind, h.chain, h.seq, 'the end of the chain is missing or was changed' from heads h
        left join ends e on e.kind = h.kind and e.chain = h.chain
        left join links l on l.kind = h.kind and l.chain = h.chain and l.seq = h.seq
        where e.seq is distinct from h.seq and not (e.seq is null and h.seq = h.first_seq - 1)
           or (l.hash is distinct from h.hash and not (e.seq is null and h.seq = h.first_seq - 1 and h.hash = h.first_hash))
    union all
    select e.kind, e.chain, e.seq, 'a chain that has no head' from ends e
        where not exists (select from heads h where h.kind = e.kind and h.chain = e.chain)
    order by 1, 2, 3
$$;

create function audit.verify() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('security_manager');
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(to_jsonb(p)) from audit.problems() p), '[]'))::text;
end $$;

-- Records of the audit, newest first, at most 1,000 a call; that they were read is on record too.
create function audit.search(p_from timestamptz, p_to timestamptz, p_who text, p_act text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('security_manager'); v_rows jsonb;
begin
    select coalesce(jsonb_agg(to_jsonb(f) - 'hash'), '[]') into v_rows from (
        select * from audit.record r
        where (p_from is null or r.at >= p_from) and (p_to is null or r.at < p_to)
          and (p_who is null or r.who = p_who) and (p_act is null or r.act = p_act)
        order by r.at desc, r.chain, r.seq desc limit 1000) f;
    perform note(v_here, 'audit read', '{}');
    return jsonb_build_object('refusal', null, 'rows', v_rows)::text;
end $$;

-- Who looked at whose record, newest first, at most 1,000 a call; that it was asked is on record.
create function audit.search_views(p_from timestamptz, p_to timestamptz, p_who text, p_card text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('security_manager'); v_rows jsonb;
begin
    select coalesce(jsonb_agg(to_jsonb(f) - 'hash' - 'tx'), '[]') into v_rows from (
        select * from audit.viewed v
        where (p_from is null or v.at >= p_from) and (p_to is null or v.at < p_to)
          and (p_who is null or v.who = p_who)
          and (p_card is null or v.patron_id = (select c.patron_id from card c where c.number = p_card))
        order by v.at desc, v.chain, v.seq desc limit 1000) f;
    perform note(v_here, 'views read', '{}');
    return jsonb_build_object('refusal', null, 'rows', v_rows)::text;
end $$;
