-- Staff and their sessions: coming and going, passwords, accounts, terminals. These functions may make and
-- change logins; they take a validated name and one of four groups, and nothing else that reaches a statement.

create function account.is_administrator() returns boolean language sql stable
set search_path = pg_catalog, pg_temp
as $$ select rolsuper from pg_roles where rolname = session_user $$;

-- Who calls, for the audit: a member of staff with one of the roles, signed in at a terminal, or the
-- server's administrator on the server itself.
create function account.caller(variadic p_roles text[]) returns here language plpgsql stable
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here;
begin
    if account.is_administrator() then
        v_here.login := session_user; v_here.role := 'administrator'; v_here.terminal := 0;
        return v_here;
    end if;
    v_here := here();
    if v_here.role <> all (p_roles) then
        raise exception using errcode = 'insufficient_privilege', message = 'not allowed for this role';
    end if;
    return v_here;
end $$;

create function account.bad_value(p_what text) returns void language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$ begin raise exception using errcode = '22023', message = p_what; end $$;

create function account.check_verifier(p_verifier text) returns void language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
    -- plaintext never comes this far; the count is the one that unknown logins are answered with, too
    if p_verifier is null
        or p_verifier !~ '^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' then
        perform account.bad_value('not a verifier');
    end if;
end $$;

-- Until when the login may come in: never while disabled or locked, else to the end of the account's last day.
create function account.apply_validity(p_login text) returns void language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare v_until text;
begin
    select case when a.disabled_at is not null or a.locked_until > now() then '-infinity'
                when s.active_until is null then 'infinity'
                -- in digits alone: how a moment is written and read is the caller's own setting
                else to_char((s.active_until + 1)::timestamp at time zone p.time_zone at time zone 'UTC',
                             'YYYY-MM-DD"T"HH24:MI:SS"Z"') end
        into strict v_until
        from public.staff s join account.state a on a.login = s.login, public.policy p where s.login = p_login;
    execute format('alter role %I valid until %L', p_login, v_until);
end $$;

-- Ends a login's connections. One whose commit still waits for the second host is left to finish: cancelled, it
-- would stand here and might be lost there.
create function account.end_connections(p_login text, p_but integer default null) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    -- who has come since they were last looked at in this transaction, too
    perform pg_stat_clear_snapshot();
    perform pg_terminate_backend(pid, 1000) from pg_stat_activity
        where usename = p_login and datname = current_database() and pid <> pg_backend_pid() and pid is distinct from p_but
          and wait_event is distinct from 'SyncRep';
end $$;

-- Ends open sessions. Locks are taken in one order, here and in desk.enter: the account, then its session.
create function account.end_sessions(p_login text, p_how text, p_but integer default null) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    -- first the connections: a transaction left open there would hold the session's row
    perform account.end_connections(p_login, p_but);
    update account.session set ended_at = clock_timestamp(), how_ended = p_how
        where login = p_login and ended_at is null and pid is distinct from p_but;
end $$;

-- == coming and going =========================================================================================

-- Signs in over this connection, or goes on with a session whose connection was lost. Answers a refusal, or who
-- signed in, where, and what confirms to them that it was they who signed in last (7.2(10)).
create function desk.enter(p_session uuid, p_take_over boolean) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_login text := session_user; v_terminal account.terminal; v_staff staff; v_state account.state;
    v_rule account.rule; v_open account.session; v_mine account.session; v_last account.session;
begin
    if p_session is null then return refused('session_ended'); end if;
    select * into v_state from account.state where login = v_login for update;
    select * into v_staff from staff where login = v_login;
    if v_state.login is null or v_state.disabled_at is not null or v_staff.active_until < library_day(0) then
        return refused('not_known');
    end if;
    select * into v_terminal from account.terminal where tls.ssl_client_serial()::text in (serial, next_serial);
    if v_terminal.id is null then return refused('terminal_unknown'); end if;
    if v_terminal.revoked_at is not null then return refused('terminal_revoked'); end if;
    -- the new certificate has arrived: the old one is known no longer
    update account.terminal set serial = next_serial, valid_until = next_valid_until, next_serial = null,
        next_valid_until = null where id = v_terminal.id and next_serial = tls.ssl_client_serial()::text;
    if v_staff.role = 'contract_staff' and not exists (
        select from staff_branch b where b.login = v_login and b.branch_id = v_terminal.branch_id) then
        return refused('wrong_branch');
    end if;
    select * into strict v_rule from account.rule;
    if v_state.must_change or v_state.password_set_at < now() - make_interval(days => v_rule.password_days) then
        return jsonb_build_object(
            'refusal', case when v_state.must_change then 'password_temporary' else 'password_old' end,
            'name', v_staff.name)::text;
    end if;

    select * into v_mine from account.session where id = p_session;
    if v_mine.id is not null and (v_mine.login <> v_login or v_mine.terminal_id <> v_terminal.id
        or v_mine.ended_at is not null and v_mine.how_ended <> 'lost') then
        return refused('session_ended');
    end if;
    select * into v_open from account.session where login = v_login and ended_at is null and id <> p_session;
    if v_open.id is not null then
        -- one that goes on does not push aside a later one; one whose connection is gone stands in nobody's way
        if v_mine.id is not null then return refused('session_ended'); end if;
        if p_take_over is not true and exists (
            select from pg_stat_activity where pid = v_open.pid and usename = v_login) then
            return jsonb_build_object(
                'refusal', 'signed_in_elsewhere', 'since', v_open.signed_in_at,
                'terminal', t.name, 'branch', b.name)::text
                from account.terminal t join branch b on b.id = t.branch_id where t.id = v_open.terminal_id;
        end if;
        perform account.end_sessions(v_login, case when p_take_over then 'taken over' else 'lost' end);
        perform audit.note(v_open.terminal_id, v_login, 'session ended', jsonb_build_object('by', v_terminal.id));
    end if;

    select * into v_last from account.session where login = v_login and id <> p_session
        order by signed_in_at desc limit 1;
    if v_mine.id is not null then
        perform pg_terminate_backend(pid) from pg_stat_activity
            where pid = v_mine.pid and usename = v_login and pid <> pg_backend_pid()
              and wait_event is distinct from 'SyncRep';
        update account.session set pid = pg_backend_pid(), ended_at = null, how_ended = null,
            last_act_at = clock_timestamp() where id = p_session;
    else
        insert into account.session (id, login, terminal_id, pid)
            values (p_session, v_login, v_terminal.id, pg_backend_pid());
        perform audit.note(v_terminal.id, v_login, 'sign-in', '{}');
        update account.state set failures_since = now() where login = v_login;
    end if;
    return jsonb_build_object(
        'refusal', null, 'login', v_login, 'name', v_staff.name, 'role', v_staff.role,
        'branch_id', v_terminal.branch_id, 'branch', b.name, 'branch_code', b.code,
        'terminal', v_terminal.name, 'settings', v_terminal.settings, 'command_prefix', p.command_prefix,
        'server_time', clock_timestamp(), 'time_zone', p.time_zone,
        'last_in', v_last.signed_in_at, 'last_out', v_last.ended_at, 'last_how', v_last.how_ended,
        'last_terminal', lt.name, 'last_branch', lb.name,
        'failures', (select count(*) from account.failure f
                     where f.login = v_login and f.at > coalesce(v_last.signed_in_at, v_state.created_at)),
        'password_days_left',
            v_rule.password_days - floor(extract(epoch from now() - v_state.password_set_at) / 86400),
        'password_warning_days', v_rule.password_warning_days)::text
        from branch b cross join policy p
        left join account.terminal lt on lt.id = v_last.terminal_id
        left join branch lb on lb.id = lt.branch_id
        where b.id = v_terminal.branch_id;
end $$;

create function desk.leave() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_session account.session;
begin
    update account.session set ended_at = clock_timestamp(), how_ended = 'signed out'
        where login = session_user and ended_at is null and pid = pg_backend_pid() returning * into v_session;
    if found then perform audit.note(v_session.terminal_id, v_session.login, 'sign-out', '{}'); end if;
    return '{"refusal": null}';
end $$;

-- How the server is, for the counters: when the watcher was last heard of, and whether the second host is there.
create function desk.state() returns text language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
    select jsonb_build_object('refusal', null, 'server_time', clock_timestamp(), 'beat_at', beat_at,
                              'alone_since', alone_since)::text from watch.state
$$;

-- == passwords ================================================================================================

-- Under which salts this login's passwords were kept, so that the terminal can show without sending it that a
-- new one is none of them.
create function desk.password_salts() returns text language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
    select jsonb_build_object('refusal', null, 'name', (select s.name from public.staff s where s.login = session_user),
        'rows', coalesce(jsonb_agg(split_part(split_part(verifier, '$', 2), ':', 2)), '[]'))::text
    from account.password where login = session_user
$$;

-- A new password for the caller, as a verifier, with the keys that it gives under each of the old salts. The only
-- way that gives a temporary account its group.
create function desk.change_password(p_verifier text, p_keys jsonb) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_login text := session_user; v_state account.state; v_role text; v_terminal account.terminal;
begin
    select * into v_terminal from this_terminal();
    if v_terminal.id is null then
        raise exception using errcode = '28M02', message = 'this terminal is not enrolled, or was revoked';
    end if;
    perform account.check_verifier(p_verifier);
    select * into v_state from account.state where login = v_login for update;
    select role into v_role from staff where login = v_login;
    if v_state.login is null or v_state.disabled_at is not null then
        raise exception using errcode = '28M03', message = 'this account has ended';
    end if;
    if exists (select from account.password o where o.login = v_login and coalesce(
            p_keys ->> split_part(split_part(o.verifier, '$', 2), ':', 2), 'not shown')
            in ('not shown', split_part(split_part(o.verifier, '$', 3), ':', 1))) then
        return refused('reused');
    end if;
    execute format('alter role %I password %L', v_login, p_verifier);
    insert into account.password (login, verifier) values (v_login, p_verifier);
    delete from account.password o where o.login = v_login and o.set_at not in (
        select set_at from account.password k where k.login = v_login order by set_at desc
        limit (select password_history from account.rule));
    update account.state set must_change = false, password_set_at = now() where login = v_login;
    execute format('grant %I to %I', v_role, v_login);
    perform audit.note(v_terminal.id, v_login, 'password changed', '{}');
    return '{"refusal": null}';
end $$;

-- == accounts (system staff; the administrator on the server) ==================================================

create function account.check_branches(p_role text, p_branches text[]) returns void language plpgsql stable
set search_path = pg_catalog, public, pg_temp as $$
begin
    if exists (select from unnest(p_branches) c where not exists (select from branch b where b.code = c)) then
        perform account.bad_value('no such branch');
    end if;
    if p_role = 'contract_staff' and cardinality(p_branches) = 0 then
        perform account.bad_value('contract staff work at named branches');
    end if;
end $$;

create function account.add_staff(
    p_login text, p_name text, p_role text, p_branches text[], p_until date, p_verifier text
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_limit integer;
begin
    if p_login is null or p_login !~ '^[a-z][a-z0-9_]{2,29}$' or p_login like 'pg\_%'
        or p_login like 'madoguchi%' then
        perform account.bad_value('a login is 3 to 30 small letters, digits and underscores, a letter first');
    end if;
    if p_role is null
        or p_role not in ('counter_staff', 'contract_staff', 'system_staff', 'security_manager') then
        perform account.bad_value('no such role');
    end if;
    if p_role = 'contract_staff' and p_until is null then
        perform account.bad_value('a contract has a last day');
    end if;
    perform account.check_branches(p_role, coalesce(p_branches, '{}'));
    perform account.check_verifier(p_verifier);
    if exists (select from pg_roles where rolname = p_login) or exists (select from staff where login = p_login) then
        return refused('login_taken');
    end if;
    select connection_limit into strict v_limit from account.rule;
    execute format('create role %I login nosuperuser nocreatedb nocreaterole noreplication'
        ' connection limit %s password %L', p_login, v_limit, p_verifier);
    execute format('grant staff_login to %I', p_login);
    insert into staff (login, name, role, active_until) values (p_login, p_name, p_role, p_until);
    insert into staff_branch (login, branch_id)
        select p_login, b.id from branch b where b.code = any (coalesce(p_branches, '{}'));
    insert into account.state (login) values (p_login);
    insert into account.password (login, verifier) values (p_login, p_verifier);
    perform account.apply_validity(p_login);
    perform note(v_here, 'account added', jsonb_build_object('login', p_login, 'role', p_role));
    return '{"refusal": null}';
end $$;

-- Takes the account's rights and ends its sessions, at once.
create function account.disable_staff(p_login text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_role text;
begin
    if exists (select from account.state where login = p_login) then
        -- a transaction left open there would hold the account's row
        perform account.end_connections(p_login);
    end if;
    update account.state set disabled_at = now() where login = p_login and disabled_at is null;
    if not found then return refused('no_such_account'); end if;
    select role into v_role from staff where login = p_login;
    perform account.apply_validity(p_login);
    execute format('revoke %I from %I', v_role, p_login);
    perform note(v_here, 'account disabled', jsonb_build_object('login', p_login));
    -- whoever came in again before the account's row was ours; who comes now waits for it
    perform account.end_sessions(p_login, 'account ended');
    return '{"refusal": null}';
end $$;

-- A new temporary password; the account is a temporary one again until its owner has changed it.
create function account.reset_staff(p_login text, p_verifier text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_role text;
begin
    perform account.check_verifier(p_verifier);
    select s.role into v_role from staff s join account.state a on a.login = s.login where s.login = p_login;
    if not found then return refused('no_such_account'); end if;
    perform account.end_connections(p_login);
    execute format('alter role %I password %L', p_login, p_verifier);
    execute format('revoke %I from %I', v_role, p_login);
    insert into account.password (login, verifier) values (p_login, p_verifier);
    update account.state set must_change = true, disabled_at = null, locked_until = null, password_set_at = now(),
        failures_since = now() where login = p_login;
    perform account.apply_validity(p_login);
    perform note(v_here, 'account reset', jsonb_build_object('login', p_login));
    -- whoever came in again before the account's row was ours; who comes now waits for it
    perform account.end_sessions(p_login, 'account ended');
    return '{"refusal": null}';
end $$;

create function account.set_last_day(p_login text, p_until date) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_role text;
begin
    select role into v_role from staff where login = p_login;
    if not found or not exists (select from account.state where login = p_login) then
        return refused('no_such_account');
    end if;
    if v_role = 'contract_staff' and p_until is null then
        perform account.bad_value('a contract has a last day');
    end if;
    update staff set active_until = p_until where login = p_login;
    perform account.apply_validity(p_login);
    perform note(v_here, 'account last day', jsonb_build_object('login', p_login, 'until', p_until));
    if p_until < library_day(0) then perform account.end_sessions(p_login, 'account ended'); end if;
    return '{"refusal": null}';
end $$;

create function account.unlock_staff(p_login text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('security_manager');
begin
    update account.state set locked_until = null, failures_since = now() where login = p_login;
    if not found then return refused('no_such_account'); end if;
    perform account.apply_validity(p_login);
    perform note(v_here, 'account unlocked', jsonb_build_object('login', p_login));
    return '{"refusal": null}';
end $$;

-- The accounts; with p_unused_days those alone that nobody has signed in with for so long (5.1(1)④).
create function account.list_staff(p_unused_days integer) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(to_jsonb(f) order by f.login) from (
            select s.login, s.name, s.role, s.active_until, a.must_change, a.disabled_at, a.locked_until,
                   a.password_set_at, a.created_at, l.last_in,
                   (select coalesce(jsonb_agg(b.code order by b.id), '[]') from staff_branch sb
                    join branch b on b.id = sb.branch_id where sb.login = s.login) as branches
            from staff s join account.state a on a.login = s.login
            left join lateral (select max(e.signed_in_at) as last_in from account.session e
                               where e.login = s.login) l on true
            where p_unused_days is null
               or (a.disabled_at is null
                   and coalesce(l.last_in, a.created_at) < now() - make_interval(days => p_unused_days))
        ) f), '[]'))::text;
end $$;

-- == terminals ================================================================================================

-- Enrols a terminal, or gives one that is enrolled its next certificate, beside which the present one is good
-- until the new one is first shown. On the server only: the authority's key lies there.
create function account.enrol_terminal(
    p_name text, p_branch text, p_serial text, p_valid_until timestamptz, p_settings jsonb
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_branch smallint; v_id integer;
begin
    if not account.is_administrator() then
        raise exception using errcode = 'insufficient_privilege', message = 'not allowed for this role';
    end if;
    select id into v_branch from branch where code = p_branch;
    if not found then perform account.bad_value('no such branch'); end if;
    insert into account.terminal as t (name, branch_id, serial, valid_until, settings)
        values (btrim(p_name), v_branch, p_serial, p_valid_until, coalesce(p_settings, '{}'))
        on conflict (name) do update set branch_id = v_branch, enrolled_at = now(), revoked_at = null,
            -- what was revoked stays so: its old certificate is not waited for
            serial = case when t.revoked_at is null then t.serial else p_serial end,
            valid_until = case when t.revoked_at is null then t.valid_until else p_valid_until end,
            next_serial = case when t.revoked_at is null then p_serial end,
            next_valid_until = case when t.revoked_at is null then p_valid_until end,
            settings = jsonb_strip_nulls(t.settings || coalesce(p_settings, '{}'))
        returning id into v_id;
    perform audit.note(0, session_user, 'terminal enrolled', jsonb_build_object('terminal', v_id));
    return jsonb_build_object('refusal', null, 'terminal', v_id)::text;
end $$;

-- Settings of a terminal, its branch among them; one that is null goes.
create function account.set_terminal(p_name text, p_settings jsonb) returns text language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_id integer; v_branch smallint;
begin
    if jsonb_typeof(p_settings) is distinct from 'object' then perform account.bad_value('no settings'); end if;
    if p_settings ? 'branch' then
        select id into v_branch from branch where code = p_settings ->> 'branch';
        if not found then perform account.bad_value('no such branch'); end if;
    end if;
    update account.terminal set branch_id = coalesce(v_branch, branch_id),
        settings = jsonb_strip_nulls(settings || (p_settings - 'branch'))
        where name = p_name returning id into v_id;
    if not found then return refused('no_such_terminal'); end if;
    perform note(v_here, 'terminal set', jsonb_build_object('terminal', v_id));
    return '{"refusal": null}';
end $$;

create function account.revoke_terminal(p_name text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_terminal account.terminal;
begin
    update account.terminal set revoked_at = now() where name = p_name and revoked_at is null returning * into v_terminal;
    if not found then return refused('no_such_terminal'); end if;
    perform note(v_here, 'terminal revoked', jsonb_build_object('terminal', v_terminal.id));
    perform account.end_terminal_sessions(v_terminal.id);
    return '{"refusal": null}';
end $$;

create function account.end_terminal_sessions(p_terminal integer) returns void language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_terminate_backend(a.pid) from pg_stat_activity a
        join pg_stat_ssl c on c.pid = a.pid
        join account.terminal t on c.client_serial::text in (t.serial, t.next_serial)
        where t.id = p_terminal and a.pid <> pg_backend_pid() and a.wait_event is distinct from 'SyncRep';
    update account.session set ended_at = clock_timestamp(), how_ended = 'terminal revoked'
        where terminal_id = p_terminal and ended_at is null;
end $$;

create function account.list_terminals() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(to_jsonb(f) order by f.branch_id, f.name) from (
            select t.id, t.name, t.branch_id, b.code as branch, t.serial, t.valid_until, t.next_serial,
                   t.next_valid_until, t.enrolled_at, t.revoked_at, t.settings, e.login as signed_in
            from account.terminal t join branch b on b.id = t.branch_id
            left join account.session e on e.terminal_id = t.id and e.ended_at is null
        ) f), '[]'))::text;
end $$;
