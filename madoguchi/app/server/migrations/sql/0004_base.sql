-- What makes a PostgreSQL database the central lending server: who is here, from which terminal, and what they did.
--
-- Schemas: public holds the library's tables and the functions its owner alone may call; desk, account and
-- audit hold what staff may call, watch what the watcher may; web holds what no member of staff may ever
-- read. Who owns and who may call what stands in madoguchi/app/server/rights.py and nowhere else.
--
-- Errors of class 28M end a session, the program words them:
--   28M01 not signed in here   28M02 unknown or revoked terminal   28M03 the account has ended
--   28M04 the password must be changed first   28M05 not at this branch

create schema desk;
create schema account;
create schema audit;
create schema watch;
create schema web;
create schema tls;
create extension sslinfo with schema tls;

-- == settings =================================================================================================

create table account.rule (
    id smallint primary key default 1 check (id = 1),
    password_days smallint not null default 90 check (password_days > 0),
    password_warning_days smallint not null default 14,
    password_history smallint not null default 5 check (password_history >= 1),
    failures_to_lock smallint not null default 5 check (failures_to_lock >= 1),
    lock_minutes smallint not null default 15 check (lock_minutes > 0),
    connection_limit smallint not null default 4 check (connection_limit >= 2),
    views_an_hour smallint not null default 300 check (views_an_hour > 0),
    view_days smallint not null default 365 check (view_days > 0)
);
comment on column account.rule.connection_limit is 'one at work, and what is left of one that the line cut off';
comment on column account.rule.views_an_hour is 'records of patrons a login may open in an hour';
comment on column account.rule.view_days is 'for how long it is kept who looked at whose record, and who signed in';
insert into account.rule default values;

-- == terminals, accounts, sessions ============================================================================

create table account.terminal (
    id integer generated always as identity primary key,
    name text not null unique check (length(btrim(name)) between 1 and 60),
    branch_id smallint not null references public.branch (id),
    serial text not null unique check (serial ~ '^[0-9]{1,50}$'),
    valid_until timestamptz not null,
    -- of the certificate that was signed to take its place; both are known until the new one is first shown
    next_serial text unique check (next_serial ~ '^[0-9]{1,50}$'),
    next_valid_until timestamptz,
    enrolled_at timestamptz not null default now(),
    revoked_at timestamptz,
    settings jsonb not null default '{}'
        check (jsonb_typeof(settings) = 'object' and length(settings::text) <= 10000),
    check ((next_serial is null) = (next_valid_until is null))
);
comment on column account.terminal.serial is 'of its TLS client certificate: how the server knows it';

create table account.state (
    login text primary key references public.staff (login),
    must_change boolean not null default true,
    disabled_at timestamptz,
    locked_until timestamptz,
    created_at timestamptz not null default now(),
    password_set_at timestamptz not null default now(),
    -- bad sign-ins before it are forgiven: of a sign-in that went well, or of an unlocking
    failures_since timestamptz not null default now()
);

-- Verifiers, the present one and those before it: only ever compared, never given out.
create table account.password (
    login text not null references account.state (login) on delete cascade,
    set_at timestamptz not null default clock_timestamp(),
    verifier text not null,
    primary key (login, set_at)
);

create table account.session (
    id uuid primary key,
    login text not null references public.staff (login),
    terminal_id integer not null references account.terminal (id),
    signed_in_at timestamptz not null default clock_timestamp(),
    pid integer not null,
    last_act_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz,
    how_ended text check (how_ended in ('signed out', 'taken over', 'lost', 'account ended', 'terminal revoked')),
    check ((ended_at is null) = (how_ended is null))
);
create unique index session_one_open on account.session (login) where ended_at is null;
create index session_by_login on account.session (login, signed_in_at desc);
create index session_by_terminal on account.session (terminal_id) where ended_at is null;

create table account.failure (
    login text not null references public.staff (login),
    at timestamptz not null,
    pid integer not null,
    host text not null,
    primary key (login, at, pid)
);

create table watch.state (
    id smallint primary key default 1 check (id = 1),
    beat_at timestamptz,
    log_file text not null default '',
    log_offset bigint not null default 0,
    -- the second host is gone and the first goes on alone
    alone_since timestamptz
) with (fillfactor = 20);
insert into watch.state default values;

-- Items of loans that were erased or called off, until they are locked anew (erase_returned says why).
create table watch.item_to_touch (item_id bigint primary key);

-- == what no member of staff may read (答申ア(ｲ)c) ============================================================

create table web.password (
    patron_id bigint primary key references public.patron (id) on delete cascade,
    verifier text not null,
    temporary boolean not null default false,
    expires_at timestamptz
);
create table web.favourite (
    patron_id bigint not null references public.patron (id) on delete cascade,
    title_id bigint not null references public.title (id),
    added_on date not null,
    primary key (patron_id, title_id)
);

-- == the audit ================================================================================================
-- One chain a terminal, so that terminals never queue behind each other; chain 0 is the server's own. A
-- record's hash is sha256(hash of the one before || text of the record). No record holds a personal value, an
-- item, or anything that outlives a return and joins a person to an item: of a loan it holds the loan's key,
-- whose row is gone when the return can no longer be undone.

create table audit.record (
    chain integer not null,
    seq bigint not null,
    at timestamptz not null,
    who text not null,
    act text not null,
    subject jsonb not null,
    hash bytea not null,
    primary key (chain, seq)
);
create index record_by_time on audit.record using brin (at);

create table audit.head (
    chain integer primary key,
    seq bigint not null,
    at timestamptz not null,
    hash bytea not null
) with (fillfactor = 20);

-- Who looked at whose record: chains of their own, erased by age. The head keeps where a chain begins now.
create table audit.viewed (
    chain integer not null,
    seq bigint not null,
    at timestamptz not null,
    who text not null,
    patron_id bigint not null,
    visit uuid,
    how text not null check (how in ('card', 'checkout', 'search')),
    hash bytea not null,
    -- which transaction wrote it: a record counts once that one is over, not while it could be rolled back
    tx xid8 not null default pg_current_xact_id(),
    primary key (chain, seq)
);
create index viewed_by_login on audit.viewed (who, at);
create index viewed_by_visit on audit.viewed (visit, patron_id) where visit is not null;
create index viewed_by_time on audit.viewed using brin (at);

create table audit.viewed_head (
    chain integer primary key,
    first_seq bigint not null default 1,
    first_hash bytea not null,
    seq bigint not null,
    at timestamptz not null,
    hash bytea not null
) with (fillfactor = 20);

create function audit.beginning(p_kind text, p_chain integer) returns bytea language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select sha256(convert_to('madoguchi ' || p_kind || ' ' || p_chain, 'UTF8')) $$;

create function audit.moment(p_at timestamptz) returns text language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

create function audit.hash_of(
    p_before bytea, p_chain integer, p_seq bigint, p_at timestamptz, p_who text, p_act text, p_subject jsonb
) returns bytea language sql immutable set search_path = pg_catalog, pg_temp as $$
    select sha256(p_before || convert_to(
        jsonb_build_array(p_chain, p_seq, audit.moment(p_at), p_who, p_act, p_subject)::text, 'UTF8'))
$$;

create function audit.hash_of_view(
    p_before bytea, p_chain integer, p_seq bigint, p_at timestamptz, p_who text, p_patron bigint, p_visit uuid,
    p_how text
) returns bytea language sql immutable set search_path = pg_catalog, pg_temp as $$
    select sha256(p_before || convert_to(
        jsonb_build_array(p_chain, p_seq, audit.moment(p_at), p_who, p_patron, p_visit, p_how)::text, 'UTF8'))
$$;

-- Adds a record to a terminal's chain. Its transaction holds the chain until it ends: a terminal does one act
-- at a time. A record is never earlier than the one before, though it waited for it or the clock was set back.
create function audit.note(p_chain integer, p_who text, p_act text, p_subject jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare v_seq bigint; v_hash bytea; v_at timestamptz := clock_timestamp();
begin
    insert into audit.head as h (chain, seq, at, hash)
        values (p_chain, 1, v_at, audit.hash_of(audit.beginning('audit', p_chain), p_chain, 1, v_at, p_who, p_act,
                                                p_subject))
        on conflict (chain) do update set
            seq = h.seq + 1,
            at = greatest(h.at, v_at),
            hash = audit.hash_of(h.hash, p_chain, h.seq + 1, greatest(h.at, v_at), p_who, p_act, p_subject)
        returning seq, at, hash into v_seq, v_at, v_hash;
    insert into audit.record (chain, seq, at, who, act, subject, hash)
        values (p_chain, v_seq, v_at, p_who, p_act, p_subject, v_hash);
end $$;

create function audit.note_view(p_chain integer, p_who text, p_patron bigint, p_visit uuid, p_how text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare v_seq bigint; v_hash bytea; v_at timestamptz := clock_timestamp();
    v_beginning bytea := audit.beginning('views', p_chain);
begin
    insert into audit.viewed_head as h (chain, first_hash, seq, at, hash)
        values (p_chain, v_beginning, 1, v_at,
                audit.hash_of_view(v_beginning, p_chain, 1, v_at, p_who, p_patron, p_visit, p_how))
        on conflict (chain) do update set
            seq = h.seq + 1,
            at = greatest(h.at, v_at),
            hash = audit.hash_of_view(h.hash, p_chain, h.seq + 1, greatest(h.at, v_at), p_who, p_patron, p_visit,
                                      p_how)
        returning seq, at, hash into v_seq, v_at, v_hash;
    insert into audit.viewed (chain, seq, at, who, patron_id, visit, how, hash)
        values (p_chain, v_seq, v_at, p_who, p_patron, p_visit, p_how, v_hash);
end $$;

-- What was written stays: nobody changes the audit in passing, its owner included.
create function audit.refuse_change() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
    raise exception using message = 'the audit is only ever added to', errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on audit.record
    for each row execute function audit.refuse_change();
create trigger append_only_whole before truncate on audit.record
    for each statement execute function audit.refuse_change();
create trigger no_update before update on audit.viewed
    for each row execute function audit.refuse_change();
create trigger no_truncate before truncate on audit.viewed
    for each statement execute function audit.refuse_change();

-- Settings: old and new value on record, whoever changes them and however.
create function audit.note_setting() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare v_old jsonb; v_new jsonb; v_left_out text[] := array['command_prefix', 'password_hash', 'card_number'];
begin
    -- the prefix of the command codes is for staff alone; names are not what a setting is about
    if tg_table_name = 'staff' then v_left_out := v_left_out || 'name'::text; end if;
    if tg_op <> 'INSERT' then v_old := to_jsonb(old) - v_left_out; end if;
    if tg_op <> 'DELETE' then v_new := to_jsonb(new) - v_left_out; end if;
    if v_old is distinct from v_new then
        perform audit.note(0, session_user::text, 'setting',
            jsonb_strip_nulls(jsonb_build_object('table', tg_table_schema || '.' || tg_table_name,
                                                 'old', v_old, 'new', v_new)));
    end if;
    return null;
end $$;
create trigger on_record after insert or update or delete on account.rule
    for each row execute function audit.note_setting();
create trigger on_record after insert or update or delete on account.terminal
    for each row execute function audit.note_setting();
create trigger on_record after insert or update or delete on public.policy
    for each row execute function audit.note_setting();
create trigger on_record after insert or update or delete on public.loan_term
    for each row execute function audit.note_setting();
create trigger on_record after insert or update or delete on public.branch
    for each row execute function audit.note_setting();
create trigger on_record after insert or update or delete on public.closed_day
    for each row execute function audit.note_setting();
create trigger on_record after insert or update or delete on public.patron_category
    for each row execute function audit.note_setting();
create trigger on_record after insert or update or delete on public.material_kind
    for each row execute function audit.note_setting();
create trigger on_record after insert or update or delete on public.staff
    for each row execute function audit.note_setting();
create trigger on_record after insert or update or delete on public.staff_branch
    for each row execute function audit.note_setting();

-- == who is here ==============================================================================================

create type public.here as (login text, role text, terminal integer, branch_id smallint, session uuid);

-- The terminal whose certificate this connection was made with; null: none that is known and not revoked.
create function public.this_terminal() returns account.terminal language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select t from account.terminal t
    where tls.ssl_client_serial()::text in (t.serial, t.next_serial) and t.revoked_at is null
$$;

-- Who is signed in over this very connection, and where: everything an act of theirs is stamped with. None of
-- it is a value that the client sets. Looked at anew in every act: what was revoked holds no longer.
create function public.here() returns here language plpgsql stable
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here; v_ended boolean; v_change boolean; v_elsewhere boolean;
begin
    select s.login, s.role, t.id, t.branch_id, e.id,
           a.login is null or a.disabled_at is not null or s.active_until < library_day(0),
           a.must_change or a.password_set_at < now() - make_interval(days => r.password_days),
           s.role = 'contract_staff' and not exists (
               select from staff_branch b where b.login = s.login and b.branch_id = t.branch_id)
        into v_here.login, v_here.role, v_here.terminal, v_here.branch_id, v_here.session,
             v_ended, v_change, v_elsewhere
        from account.rule r
        left join account.terminal t
            on tls.ssl_client_serial()::text in (t.serial, t.next_serial) and t.revoked_at is null
        left join staff s on s.login = session_user::text
        left join account.state a on a.login = s.login
        left join account.session e on e.login = s.login and e.ended_at is null and e.pid = pg_backend_pid()
            and e.terminal_id = t.id;
    if v_here.terminal is null then
        raise exception using errcode = '28M02', message = 'this terminal is not enrolled, or was revoked';
    elsif v_ended then
        raise exception using errcode = '28M03', message = 'this account has ended';
    elsif v_change then
        raise exception using errcode = '28M04', message = 'the password must be changed first';
    elsif v_elsewhere then
        raise exception using errcode = '28M05', message = 'not at this branch';
    elsif v_here.session is null then
        raise exception using errcode = '28M01', message = 'not signed in over this connection';
    end if;
    return v_here;
end $$;

create function public.note(p_here here, p_act text, p_subject jsonb) returns void language sql
set search_path = pg_catalog, public, pg_temp
as $$ select audit.note(p_here.terminal, p_here.login, p_act, p_subject) $$;

-- Why a patron may not be shown now; null: they may. They are shown only when it stands on record, in a
-- transaction that is over, that this login looks at them in this visit: a record made in the transaction that
-- shows them could be rolled back by whoever has read. 'again': the record is made now, ask once more after the
-- commit. 'too_many_views': this login has opened too many within the hour.
create function public.view_refused(p_here here, p_patron bigint, p_visit uuid, p_how text) returns text
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_over boolean;
begin
    select bool_or(v.tx is distinct from pg_current_xact_id_if_assigned()) into v_over from audit.viewed v
        where v.visit = p_visit and v.patron_id = p_patron and v.who = p_here.login
          and v.at > now() - interval '1 hour';
    if v_over then return null; end if;
    if v_over is null then
        if (select count(*) from audit.viewed v where v.who = p_here.login and v.at > now() - interval '1 hour')
            >= (select r.views_an_hour from account.rule r) then
            return 'too_many_views';
        end if;
        perform audit.note_view(p_here.terminal, p_here.login, p_patron, p_visit, p_how);
    end if;
    return 'again';
end $$;

-- An answer given twice may be the only one that arrived: before it is said again, what it says must be as
-- safe on the second host as if it were new. A commit that has written waits for that, one that has read
-- does not.
create function public.said_again(p_here here) returns void language sql
set search_path = pg_catalog, public, pg_temp
as $$ update account.session set last_act_at = clock_timestamp() where id = p_here.session $$;
