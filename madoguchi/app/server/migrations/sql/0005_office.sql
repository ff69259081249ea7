-- What system staff and the security manager do from a terminal, and what everybody may: report an incident
-- (6.3, 8.4①) and cut their terminal off (8.4③). Settings change here with their old value said, so that nobody
-- undoes unseen what a colleague has just done; the triggers of 0004 put both values on record.

create table account.incident (
    id uuid primary key,
    number integer generated always as identity unique,
    reported_at timestamptz not null default clock_timestamp(),
    -- by the terminal's clock: a report can have waited there for the line
    noticed_at timestamptz not null,
    terminal_id integer not null references account.terminal (id),
    login text not null references public.staff (login),
    kind text not null check (kind in ('device', 'loss', 'intruder', 'fault', 'other')),
    content text not null check (length(btrim(content)) between 1 and 2000),
    cause text not null check (length(cause) <= 2000),
    damage text not null check (length(damage) <= 2000),
    extent text not null check (length(extent) <= 2000),
    -- what was done about it, by the security manager
    measures text check (length(btrim(measures)) between 1 and 2000),
    closed_at timestamptz,
    closed_by text references public.staff (login),
    check ((measures is null) = (closed_at is null) and (closed_at is null) = (closed_by is null))
);
comment on column account.incident.login is 'who was signed in when it was sent';
create index incident_open on account.incident (number) where closed_at is null;

alter table account.terminal add column disconnected_at timestamptz;
comment on column account.terminal.disconnected_at is 'cut off by whoever was there; system staff let it in again';

alter table account.session drop constraint session_how_ended_check;
alter table account.session add constraint session_how_ended_check check (how_ended in
    ('signed out', 'taken over', 'lost', 'account ended', 'terminal revoked', 'terminal disconnected'));

-- == from any screen ==========================================================================================

-- Takes a report once, however often it is sent; answers the number that it has.
create function desk.report_incident(
    p_id uuid, p_noticed_at timestamptz, p_kind text, p_content text, p_cause text, p_damage text, p_extent text
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_number integer;
begin
    if p_id is null or p_noticed_at is null or not isfinite(p_noticed_at)
        or p_noticed_at < clock_timestamp() - interval '1 year'
        or p_kind is null or p_kind not in ('device', 'loss', 'intruder', 'fault', 'other')
        or coalesce(length(btrim(p_content)), 0) not between 1 and 2000
        or greatest(length(p_cause), length(p_damage), length(p_extent)) > 2000 then
        return refused('bad_value');
    end if;
    -- nobody needs more; somebody who floods the list would hide what matters
    if not exists (select from account.incident where id = p_id) and (select count(*) from account.incident i
            where i.login = v_here.login and i.reported_at > now() - interval '1 hour') >= 60 then
        return refused('too_many');
    end if;
    insert into account.incident (id, noticed_at, terminal_id, login, kind, content, cause, damage, extent)
        values (p_id, least(p_noticed_at, clock_timestamp()), v_here.terminal, v_here.login, p_kind, btrim(p_content),
                coalesce(btrim(p_cause), ''), coalesce(btrim(p_damage), ''), coalesce(btrim(p_extent), ''))
        on conflict (id) do nothing returning number into v_number;
    if found then
        perform note(v_here, 'incident reported', jsonb_build_object('incident', v_number, 'kind', p_kind));
    else
        select number into v_number from account.incident where id = p_id;
        perform said_again(v_here);
    end if;
    return jsonb_build_object('refusal', null, 'number', v_number)::text;
end $$;

-- Cuts this terminal off: whoever works here is out, and nobody comes in but system staff.
create function desk.disconnect_terminal() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here();
begin
    update account.terminal set disconnected_at = clock_timestamp()
        where id = v_here.terminal and disconnected_at is null;
    if found then
        perform note(v_here, 'terminal disconnected', jsonb_build_object('terminal', v_here.terminal));
    end if;
    update account.session set ended_at = clock_timestamp(), how_ended = 'terminal disconnected'
        where terminal_id = v_here.terminal and ended_at is null;
    return '{"refusal": null}';
end $$;

-- == terminals and accounts (system staff) ====================================================================

create function account.reconnect_terminal(p_name text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_id integer;
begin
    update account.terminal set disconnected_at = null
        where name = p_name and disconnected_at is not null returning id into v_id;
    if not found then return refused('no_such_terminal'); end if;
    perform note(v_here, 'terminal reconnected', jsonb_build_object('terminal', v_id));
    return '{"refusal": null}';
end $$;

-- The number of a person's staff card; null: they have none. It only ever fills in who signs in.
create function account.set_card(p_login text, p_number text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff');
begin
    if p_number !~ '^[0-9A-Za-z]{1,20}$' then perform account.bad_value('no number of a card'); end if;
    if exists (select from staff where card_number = p_number and login <> p_login) then
        return refused('card_taken');
    end if;
    update staff set card_number = p_number where login = p_login;
    if not found then return refused('no_such_account'); end if;
    perform note(v_here, 'account card', jsonb_build_object('login', p_login));
    return '{"refusal": null}';
end $$;

create or replace function account.list_staff(p_unused_days integer) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null, 'today', library_day(0), 'rows', coalesce((
        select jsonb_agg(to_jsonb(f) order by f.login) from (
            select s.login, s.name, s.role, s.active_until, s.card_number, a.must_change, a.disabled_at,
                   case when a.locked_until > now() then a.locked_until end as locked_until,
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

create or replace function account.list_terminals() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(to_jsonb(f) order by f.branch_id, f.name) from (
            select t.id, t.name, t.branch_id, b.code as branch, t.serial, t.valid_until, t.next_serial,
                   t.next_valid_until, t.enrolled_at, t.revoked_at, t.disconnected_at, t.settings,
                   e.login as signed_in
            from account.terminal t join branch b on b.id = t.branch_id
            left join lateral (select string_agg(o.login, ', ' order by o.login) as login from account.session o
                               where o.terminal_id = t.id and o.ended_at is null) e on true
        ) f), '[]'),
        'branches', (select jsonb_agg(jsonb_build_array(code, name) order by id) from branch))::text;
end $$;

-- == settings (system staff) ==================================================================================

-- What may be set from a terminal, each with its limits: the checks of the tables stand behind them.
create function account.settings() returns table (
    place text, row_key text, name text, value text, kind text, least_value integer, most_value integer
) language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select 'policy', '', s.name, to_jsonb(p) ->> s.name, s.kind, s.low, s.high
        from policy p, (values ('overdue_block_days', 'number', 0, 3650), ('card_idle_years', 'number', 1, 50),
            ('max_renewals', 'number', 0, 20), ('due_on_open_day', 'yes', 0, 1), ('undo_minutes', 'number', 1, 120),
            ('shelf_open_days', 'number', 1, 60), ('backdate_days', 'number', 0, 60)) s (name, kind, low, high)
    union all
    select 'rule', '', s.name, to_jsonb(r) ->> s.name, 'number', s.low, s.high
        from account.rule r, (values ('password_days', 1, 3650), ('password_warning_days', 0, 365),
            ('password_history', 1, 50), ('failures_to_lock', 1, 100), ('lock_minutes', 1, 1440),
            ('views_an_hour', 1, 30000), ('view_days', 1, 3650)) s (name, low, high)
    union all
    select 'loan_term', t.category || '/' || t.loan_group, s.name, to_jsonb(t) ->> s.name, 'number', s.low, s.high
        from loan_term t, (values ('max_loans', 0, 999), ('loan_days', 1, 365)) s (name, low, high)
$$;

create function account.list_settings() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null,
        'rows', (select coalesce(jsonb_agg(to_jsonb(s)), '[]') from account.settings() s),
        'categories', (select jsonb_object_agg(code, name) from patron_category))::text;
end $$;

-- Sets one setting from one value to another; 'changed': it is not what the caller has seen.
create function account.set_setting(p_place text, p_row_key text, p_name text, p_old text, p_new text)
returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_is record; v_table text;
begin
    -- whoever else sets one waits: what was looked at here is so until the commit
    perform from policy for update;
    select * into v_is from account.settings() s
        where s.place = p_place and s.row_key = p_row_key and s.name = p_name;
    if not found then return refused('no_such_setting'); end if;
    if v_is.value is distinct from p_old then
        return jsonb_build_object('refusal', 'changed', 'value', v_is.value)::text;
    end if;
    -- a CASE, so that what is no number is not taken for one; in brackets, for its THEN is not that of IF
    if p_new is null or (case when v_is.kind = 'yes' then p_new not in ('true', 'false')
                              when p_new !~ '^[0-9]{1,5}$' then true
                              else p_new::integer not between v_is.least_value and v_is.most_value end) then
        return refused('bad_value');
    end if;
    v_table := case p_place when 'rule' then 'account.rule' else 'public.' || p_place end;
    if p_place = 'loan_term' then
        execute format('update %s set %I = $1::smallint where category = $2 and loan_group = $3', v_table, p_name)
            using p_new, split_part(p_row_key, '/', 1), split_part(p_row_key, '/', 2);
    else
        execute format('update %s set %I = $1::%s', v_table, p_name,
                       case v_is.kind when 'yes' then 'boolean' else 'smallint' end) using p_new;
    end if;
    perform note(v_here, 'setting changed', jsonb_build_object(
        'place', p_place, 'row', p_row_key, 'name', p_name, 'old', p_old, 'new', p_new));
    return '{"refusal": null}';
end $$;

-- The last changes of settings, newest first: made from a terminal or past it.
create function account.setting_changes() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(to_jsonb(f)) from (
            select r.at, r.who, r.subject from audit.record r
            where r.chain = 0 and r.act = 'setting'
              and r.subject ->> 'table' in ('public.policy', 'account.rule', 'public.loan_term')
              and r.subject ? 'old'
            order by r.seq desc limit 200) f), '[]'))::text;
end $$;

-- == the security manager =====================================================================================

create function account.list_incidents() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(to_jsonb(f)) from (
            select i.number, i.reported_at, i.noticed_at, t.name as terminal, b.name as branch, i.login, i.kind,
                   i.content, i.cause, i.damage, i.extent, i.measures, i.closed_at, i.closed_by
            from account.incident i join account.terminal t on t.id = i.terminal_id
            join branch b on b.id = t.branch_id
            -- the oldest open one first: nobody pushes it out of sight by reporting more
            order by i.closed_at is not null, case when i.closed_at is null then i.number end, i.number desc
            limit 200) f), '[]'))::text;
end $$;

-- Says what was done about an incident (8.4②); said again, it is said anew: the audit has both.
create function account.close_incident(p_number integer, p_measures text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('security_manager');
begin
    if coalesce(length(btrim(p_measures)), 0) not between 1 and 2000 then return refused('bad_value'); end if;
    update account.incident set measures = btrim(p_measures), closed_at = clock_timestamp(), closed_by = v_here.login
        where number = p_number;
    if not found then return refused('no_such_incident'); end if;
    perform note(v_here, 'incident closed', jsonb_build_object('incident', p_number));
    return '{"refusal": null}';
end $$;

-- What can be seen of the standard's demands on this server now, as figures; the page says what each is to be.
create function account.compliance() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null,
        'accounts', (select count(*) from account.state where disabled_at is null),
        'administrators', (select count(*) from staff s join account.state a on a.login = s.login
            where s.role in ('system_staff', 'security_manager') and a.disabled_at is null),
        'unused', (select count(*) from account.state a where a.disabled_at is null
            and coalesce((select max(e.signed_in_at) from account.session e where e.login = a.login), a.created_at)
                < now() - interval '90 days'),
        'ended_not_disabled', (select count(*) from staff s join account.state a on a.login = s.login
            where a.disabled_at is null and s.active_until < library_day(0)),
        'temporary_for_long', (select count(*) from account.state where must_change and disabled_at is null
            and password_set_at < now() - interval '7 days'),
        'locked', (select count(*) from account.state where locked_until > now()),
        'failures_today', (select count(*) from account.failure where at > now() - interval '1 day'),
        'password_days', (select password_days from account.rule),
        'terminals', (select count(*) from account.terminal where revoked_at is null),
        'terminals_ending', (select count(*) from account.terminal where revoked_at is null
            and coalesce(next_valid_until, valid_until) < now() + interval '30 days'),
        'disconnected', (select count(*) from account.terminal where disconnected_at is not null and revoked_at is null),
        'idle_longest', (select max((settings ->> 'idle_seconds')::integer) from account.terminal
            where revoked_at is null and settings ->> 'idle_seconds' ~ '^[0-9]{1,5}$'),
        'incidents_open', (select count(*) from account.incident where closed_at is null),
        'watched', (select coalesce(beat_at > now() - interval '1 minute', false) from watch.state),
        'alone_since', (select alone_since from watch.state),
        'tls', (select coalesce(bool_and(s.ssl), true) from pg_stat_ssl s join pg_stat_activity a on a.pid = s.pid
            where a.datname = current_database() and a.usename in (select login from account.state)),
        'settings_changed', (select max(at) from audit.record where chain = 0 and act = 'setting'),
        'audit_records', (select coalesce(sum(seq), 0) from audit.head))::text;
end $$;

-- Where each chain of the audit begins and ends within a time, as an export wants it; that it is taken is on record.
create function audit.export_chains(p_from timestamptz, p_to timestamptz) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('security_manager'); v_rows jsonb;
begin
    select coalesce(jsonb_agg(to_jsonb(f) order by f.chain), '[]') into v_rows from (
        select h.chain, h.seq as head_seq, encode(h.hash, 'hex') as head_hash, w.first_seq, w.last_seq,
               encode(coalesce((select r.hash from audit.record r where r.chain = h.chain and r.seq = w.first_seq - 1),
                               audit.beginning('audit', h.chain)), 'hex') as before
        from audit.head h cross join lateral (
            select min(r.seq) as first_seq, max(r.seq) as last_seq from audit.record r
            where r.chain = h.chain and (p_from is null or r.at >= p_from) and (p_to is null or r.at < p_to)) w
        where w.first_seq is not null) f;
    perform note(v_here, 'audit exported', jsonb_build_object('from', audit.moment(p_from), 'to', audit.moment(p_to)));
    return jsonb_build_object('refusal', null, 'database', current_database(), 'made_at', clock_timestamp(),
                              'rows', v_rows)::text;
end $$;

-- Records of one chain, at most 1,000 a call, to the letter as they were hashed.
create function audit.export_records(p_chain integer, p_first bigint, p_last bigint) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('security_manager');
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(jsonb_build_array(f.text, f.hash) order by f.seq) from (
            select r.seq, encode(r.hash, 'hex') as hash,
                   jsonb_build_array(r.chain, r.seq, audit.moment(r.at), r.who, r.act, r.subject)::text as text
            from audit.record r where r.chain = p_chain and r.seq between p_first and p_last
            order by r.seq limit 1000) f), '[]'))::text;
end $$;

-- Puts the digest of a file that was written on record: whoever has the file can ask whether it is that one.
create function audit.note_export(p_sha256 text, p_records integer) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('security_manager');
begin
    if p_sha256 is null or p_sha256 !~ '^[0-9a-f]{64}$' or p_records is null or p_records < 0 then
        return refused('bad_value');
    end if;
    perform note(v_here, 'audit export', jsonb_build_object('sha256', p_sha256, 'records', p_records));
    return '{"refusal": null}';
end $$;
