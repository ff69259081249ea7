-- USB control (0036): what the server keeps of agents, policies, the register of devices and exceptions, and the
-- proofs that it makes for the agents. No role that a person can have reads any of it but by the functions of
-- 0021_usb_desk.sql and 0021_usb_office.sql.

-- == keys and proofs ==========================================================================================
-- An agent's key is in this row and in a file of root's at its terminal. It lies with the web passwords, where the
-- counter's functions cannot read either: they have a MAC made, and never see what it is made with.

create table web.usb_key (
    terminal_id integer primary key references account.terminal (id),
    key bytea not null check (length(key) = 32),
    made_at timestamptz not null default now()
);

-- HMAC-SHA256 of a text under the key of a terminal's agent, in hex; null: it has no key.
create function web.usb_mac(p_terminal integer, p_text text) returns text language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
    select encode(web.hmac(convert_to(p_text, 'UTF8'), k.key, 'sha256'), 'hex')
    from web.usb_key k where k.terminal_id = p_terminal
$$;

-- A new key, in hex: this once. Null: there is one, and no other is wanted.
create function web.make_usb_key(p_terminal integer, p_again boolean) returns text language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare v_key bytea := web.gen_random_bytes(32);
begin
    insert into web.usb_key as k (terminal_id, key) values (p_terminal, v_key)
        on conflict (terminal_id) do update set key = v_key, made_at = now() where p_again;
    return case when found then encode(v_key, 'hex') end;
end $$;

-- Lines of a text that is under a MAC.
create function public.usb_text(variadic p_lines text[]) returns text language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select array_to_string(p_lines, chr(10)) || chr(10) $$;

-- Whether a MAC is that of the text. Digests are compared, so that how long it takes tells nothing of the MAC.
create function public.usb_mac_holds(p_terminal integer, p_text text, p_mac text) returns boolean language sql stable
set search_path = pg_catalog, pg_temp as $$
    select coalesce(sha256(convert_to(web.usb_mac(p_terminal, p_text), 'UTF8')) = sha256(convert_to(p_mac, 'UTF8')),
                    false)
$$;

-- Has the commit of this transaction wait for the disk (and for the second host), whatever the session says: anybody may
-- turn that off for theirs, and what is proved to an agent must not be gone after a crash. It holds until the
-- transaction's end; as a setting of a function it would end with the function, before the commit.
create function public.usb_commit_waits() returns void language sql volatile
set search_path = pg_catalog, pg_temp as $$
    select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') <> 'remote_apply'
$$;

-- == tables ===================================================================================================

create table account.usb_agent (
    terminal_id integer primary key references account.terminal (id),
    -- counts the keys it was given: with each its records begin anew
    epoch smallint not null default 1,
    last_seq bigint not null default 0,
    last_mac text not null default repeat('0', 64),
    heard_at timestamptz,
    policy_version integer not null default 0,
    is_protected boolean,
    -- why its records were not taken, and of which number
    trouble text check (trouble in ('mac', 'order', 'changed')),
    trouble_seq bigint,
    -- which transaction took its last records: they are receipted once that one is over
    tx xid8
);

-- What an agent sent, to the letter as it is under its MAC. The key of a chain is the MAC of the one before.
create table account.usb_record (
    terminal_id integer not null references account.terminal (id),
    epoch smallint not null,
    seq bigint not null,
    at timestamptz not null,
    what text not null,
    text text not null,
    mac text not null,
    taken_at timestamptz not null default clock_timestamp(),
    login text not null references public.staff (login),
    primary key (terminal_id, epoch, seq)
);
comment on column account.usb_record.at is 'by the agent''s clock; where it says none, when it was taken';
comment on column account.usb_record.login is 'in whose session the window brought it';
create index usb_record_by_time on account.usb_record (at);
create index usb_record_by_taking on account.usb_record (taken_at, terminal_id, seq);

create table account.usb_policy (
    group_name text not null check (group_name ~ '^[a-z0-9-]{1,30}$'),
    version integer not null check (version between 1 and 1000000000),
    text text not null,
    put_at timestamptz not null default clock_timestamp(),
    put_by text not null,
    primary key (group_name, version)
);

-- What the administrator took back (nobody checks a signature here: nonsense with the highest version of all would be
-- the last one that its group ever gets). It stays where it is, is given to no terminal, and stands in no other's way.
create table account.usb_policy_withdrawn (
    group_name text not null,
    version integer not null,
    at timestamptz not null default clock_timestamp(),
    by text not null,
    primary key (group_name, version),
    foreign key (group_name, version) references account.usb_policy
);

-- The register (2.2(5)②).
create table account.usb_device (
    id integer primary key generated always as identity,
    kind text not null check (kind in ('stick', 'scanner', 'other')),
    vendor_id text not null check (vendor_id ~ '^[0-9a-f]{4}$'),
    product_id text not null check (product_id ~ '^[0-9a-f]{4}$'),
    serial text not null check (length(serial) <= 100),
    -- as the policy writes them: sorted, with commas
    interfaces text not null check (interfaces ~ '^([0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2},){0,63}[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}$'),
    label text not null unique check (length(btrim(label)) between 1 and 60),
    owner text not null check (length(btrim(owner)) between 1 and 100),
    enrolled_at timestamptz not null default clock_timestamp(),
    enrolled_by text not null,
    disposed_on date,
    -- what it held and how that was erased
    disposed_what text check (length(btrim(disposed_what)) between 1 and 500),
    disposed_by text check (length(btrim(disposed_by)) between 1 and 100),
    disposal_noted_by text,
    disposal_noted_at timestamptz,
    check (kind <> 'stick' or serial <> ''),
    check (num_nulls(disposed_on, disposed_what, disposed_by, disposal_noted_by, disposal_noted_at) in (0, 5))
);
-- one that was disposed of stays: what comes back under its serial number is not enrolled anew
create unique index usb_device_once on account.usb_device (vendor_id, product_id, serial) where serial <> '';

create table account.usb_device_loan (
    id integer primary key generated always as identity,
    device_id integer not null references account.usb_device (id),
    lent_to text not null check (length(btrim(lent_to)) between 1 and 100),
    lent_at timestamptz not null default clock_timestamp(),
    lent_by text not null,
    returned_at timestamptz,
    returned_to text,
    check ((returned_at is null) = (returned_to is null))
);
create unique index usb_device_loan_open on account.usb_device_loan (device_id) where returned_at is null;
create index usb_device_loan_by_device on account.usb_device_loan (device_id, lent_at desc);

create table account.usb_exception (
    number integer primary key generated always as identity,
    terminal_id integer not null references account.terminal (id),
    device_id integer not null references account.usb_device (id),
    nonce text not null unique check (nonce ~ '^[0-9a-f]{32}$'),
    challenge text not null,
    minutes smallint not null check (minutes between 1 and 60),
    login text not null references public.staff (login),
    session_id uuid not null,
    reason text not null check (length(btrim(reason)) between 1 and 200),
    asked_at timestamptz not null default clock_timestamp(),
    decision text check (decision in ('approved', 'refused', 'taken_back')),
    decided_by text references public.staff (login),
    decided_at timestamptz,
    -- which transaction decided: the proof is given once that one is over
    tx xid8,
    -- by the agent's records, and its clock
    begun_at timestamptz,
    ended_at timestamptz,
    how_ended text,
    check (num_nulls(decision, decided_by, decided_at, tx) in (0, 4)),
    check ((ended_at is null) = (how_ended is null)),
    -- of one person alone nothing is opened
    check (decision is distinct from 'approved' or decided_by <> login)
);
create index usb_exception_by_login on account.usb_exception (login, asked_at);
create index usb_exception_by_device on account.usb_exception (device_id)
    where decision = 'approved' and ended_at is null;

create table account.usb_copy (
    id uuid primary key,
    exception_number integer not null references account.usb_exception (number),
    at timestamptz not null default clock_timestamp(),
    way text not null check (way in ('from_stick', 'to_stick')),
    verdict text not null check (verdict in ('clean', 'found', 'failed')),
    files integer not null check (files between 0 and 1000000),
    bytes bigint not null check (bytes between 0 and 1000000000000000)
);
create index usb_copy_by_exception on account.usb_copy (exception_number);

-- What a window may have put on record as often as it likes: once an hour for each person, terminal and kind. The rest
-- is counted, and the count is in the next one of its kind.
create table account.usb_noted (
    terminal_id integer not null references account.terminal (id),
    login text not null references public.staff (login),
    kind text not null,
    since timestamptz not null,
    more integer not null default 0,
    primary key (terminal_id, login, kind)
);

create function public.usb_note_hourly(p_here here, p_act text, p_why text, p_subject jsonb) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    v_now timestamptz := clock_timestamp(); v_kind text := concat_ws(': ', p_act, p_why); v_noted account.usb_noted;
begin
    insert into account.usb_noted (terminal_id, login, kind, since) values (p_here.terminal, p_here.login, v_kind, v_now)
        on conflict do nothing;
    if not found then
        select * into strict v_noted from account.usb_noted
            where terminal_id = p_here.terminal and login = p_here.login and kind = v_kind for update;
        if v_noted.since > v_now - interval '1 hour' then
            update account.usb_noted set more = more + 1
                where terminal_id = p_here.terminal and login = p_here.login and kind = v_kind;
            return;
        end if;
        update account.usb_noted set since = v_now, more = 0
            where terminal_id = p_here.terminal and login = p_here.login and kind = v_kind;
    end if;
    perform note(p_here, p_act, p_subject || case when v_noted.more > 0 then
        jsonb_build_object('more_before', v_noted.more) else '{}' end);
end $$;

-- == what stays ===============================================================================================

create function public.usb_refuse_change() returns trigger language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
    raise exception using message = 'what was put on record here stays', errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on account.usb_policy
    for each row execute function public.usb_refuse_change();
create trigger append_only_whole before truncate on account.usb_policy
    for each statement execute function public.usb_refuse_change();
create trigger append_only before update or delete on account.usb_policy_withdrawn
    for each row execute function public.usb_refuse_change();
create trigger append_only_whole before truncate on account.usb_policy_withdrawn
    for each statement execute function public.usb_refuse_change();
create trigger append_only before update or delete on account.usb_record
    for each row execute function public.usb_refuse_change();
create trigger append_only_whole before truncate on account.usb_record
    for each statement execute function public.usb_refuse_change();
create trigger kept before delete on account.usb_device
    for each row execute function public.usb_refuse_change();
create trigger kept_whole before truncate on account.usb_device
    for each statement execute function public.usb_refuse_change();
create trigger disposed_for_good before update on account.usb_device
    for each row when (old.disposed_on is not null) execute function public.usb_refuse_change();

-- == how things are shown =====================================================================================

-- Whether a text is one line that everybody sees all of, of so many characters at most: something besides spaces, and
-- nothing that shows as nothing, ends a line, turns the rest of it round, or is drawn otherwise at each terminal. What
-- device_control.device.is_plain refuses is refused, but for characters that are not assigned yet.
create function public.usb_is_line(p_text text, p_longest integer) returns boolean language sql immutable
set search_path = pg_catalog, pg_temp as $$
    select coalesce(length(btrim(p_text)) between 1 and p_longest and p_text ~ '[^ \u3000]'
        and p_text !~ ('[\u0001-\u001F\u007F-\u00A0\u00AD\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u1680\u180E'
            '\u2000-\u200F\u2028-\u202F\u205F-\u206F\uE000-\uF8FF\uFDD0-\uFDEF\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF'
            '\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A'
            '\U000E0000-\U000E00FF\U000E01F0-\U000E0FFF\U000F0000-\U0010FFFF]'), false)
$$;

-- What a text says as JSON; null: it is none that can be kept as such.
create function public.usb_json(p_text text) returns jsonb language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
    return p_text::jsonb;
exception when data_exception or program_limit_exceeded then return null;
end $$;

-- A moment as an agent writes it; null: it is none.
create function public.usb_moment(p_text text) returns timestamptz language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
    if p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|\+00:00)$' then
        return p_text::timestamptz;
    end if;
    return null;
exception when data_exception then return null;
end $$;

create function public.usb_group_of(p_terminal account.terminal) returns text language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select coalesce(p_terminal.settings ->> 'usb_group', 'counters') $$;

create function public.usb_is_withdrawn(p account.usb_policy) returns boolean language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select exists (select from account.usb_policy_withdrawn w
                   where w.group_name = p.group_name and w.version = p.version)
$$;

-- Within which an exception is decided on, and the agent takes the proof.
create function public.usb_decision_time() returns interval language sql immutable
set search_path = pg_catalog, pg_temp as $$ select interval '10 minutes' $$;

-- Whether a stick may be open at another terminal now. At one terminal its agent has one lease at a time; that one stick is
-- at two is the plainest sign that its serial number was copied.
create function public.usb_is_elsewhere(p_device integer, p_terminal integer) returns boolean language sql volatile
set search_path = pg_catalog, public, pg_temp as $$
    select exists (select from account.usb_exception e
        where e.device_id = p_device and e.terminal_id <> p_terminal and e.decision = 'approved' and e.ended_at is null
          and e.asked_at + usb_decision_time() + make_interval(mins => e.minutes) > clock_timestamp())
$$;

create function public.usb_exception_state(p account.usb_exception) returns text language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select case
        when p.decision is null and p.asked_at + usb_decision_time() > clock_timestamp() then 'waiting'
        when p.decision is null then 'lapsed'
        when p.decision <> 'approved' then p.decision
        when p.ended_at is not null then 'ended'
        -- the agent may have taken it at the last moment
        when p.asked_at + usb_decision_time() + make_interval(mins => p.minutes) < clock_timestamp() then 'not_reported'
        when p.begun_at is not null then 'open'
        else 'approved' end
$$;

create function public.usb_exception_row(p account.usb_exception) returns jsonb language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select jsonb_build_object(
        'number', p.number, 'state', usb_exception_state(p), 'terminal', t.name, 'device_number', d.id,
        'device_label', d.label, 'device_owner', d.owner, 'usb_id', d.vendor_id || ':' || d.product_id,
        'serial', d.serial, 'login', p.login, 'name', s.name, 'reason', p.reason, 'minutes', p.minutes,
        'asked_at', p.asked_at, 'left_seconds', case when usb_exception_state(p) = 'waiting' then
            greatest(0, floor(extract(epoch from p.asked_at + usb_decision_time() - clock_timestamp()))::integer)
            else 0 end,
        'decided_by', p.decided_by, 'decided_at', p.decided_at, 'begun_at', p.begun_at, 'ended_at', p.ended_at,
        'how_ended', p.how_ended, 'verdicts', c.verdicts, 'files', c.files, 'bytes', c.bytes)
    from account.terminal t, account.usb_device d, staff s, lateral (
        select coalesce(jsonb_agg(distinct k.verdict), '[]') as verdicts,
               coalesce(sum(k.files) filter (where k.verdict = 'clean'), 0) as files,
               coalesce(sum(k.bytes) filter (where k.verdict = 'clean'), 0) as bytes
        from account.usb_copy k where k.exception_number = p.number) c
    where t.id = p.terminal_id and d.id = p.device_id and s.login = p.login
$$;

create function public.usb_device_row(p account.usb_device) returns jsonb language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select jsonb_build_object(
        'number', p.id, 'kind', p.kind, 'vendor_id', p.vendor_id, 'product_id', p.product_id, 'serial', p.serial,
        'interfaces', p.interfaces, 'label', p.label, 'owner', p.owner, 'enrolled_at', p.enrolled_at,
        'enrolled_by', p.enrolled_by, 'lent_to', l.lent_to, 'lent_at', l.lent_at, 'returned_at', l.returned_at,
        'disposed_on', p.disposed_on, 'disposed_what', p.disposed_what, 'disposed_by', p.disposed_by,
        'disposal_noted_by', p.disposal_noted_by)
    from (select) one left join lateral (
        select k.* from account.usb_device_loan k where k.device_id = p.id order by k.lent_at desc, k.id desc limit 1
    ) l on true
$$;
