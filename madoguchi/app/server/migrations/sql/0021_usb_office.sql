-- USB control in the office (0036): the register of devices, signed policies, the agents, what happened.

-- == the register (system staff) ==============================================================================

create function account.list_usb_devices() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(usb_device_row(d) order by d.disposed_on is not null, d.label, d.id)
        from account.usb_device d), '[]'))::text;
end $$;

create function account.enrol_usb_device(
    p_kind text, p_vendor_id text, p_product_id text, p_serial text, p_interfaces text[], p_label text, p_owner text
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_number integer; v_before account.usb_device; v_interfaces text;
begin
    select string_agg(i, ',' order by i collate "C") into v_interfaces from unnest(p_interfaces) i;
    if p_kind is null or p_kind not in ('stick', 'scanner', 'other')
        or coalesce(p_vendor_id, '-') !~ '^[0-9a-f]{4}$' or coalesce(p_product_id, '-') !~ '^[0-9a-f]{4}$'
        or v_interfaces is null or cardinality(p_interfaces) > 64
        or v_interfaces !~ '^([0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2},)*[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}$'
        -- a challenge says - where there is none; a rule can hold neither of the other two
        or p_serial is null or p_serial = '-' or p_serial <> btrim(p_serial)
        or p_serial <> '' and not usb_is_line(p_serial, 100)
        or not usb_is_line(p_label, 60) or (p_serial || p_label) ~ '["\\]' or not usb_is_line(p_owner, 100) then
        return refused('bad_value');
    end if;
    if p_kind = 'stick' and p_serial = '' then return refused('no_serial'); end if;
    if exists (select from account.usb_device where label = btrim(p_label)) then return refused('label_taken'); end if;
    select * into v_before from account.usb_device
        where p_serial <> '' and vendor_id = p_vendor_id and product_id = p_product_id and serial = p_serial;
    if found then
        return refused(case when v_before.disposed_on is null then 'enrolled_already' else 'disposed' end);
    end if;
    insert into account.usb_device (kind, vendor_id, product_id, serial, interfaces, label, owner, enrolled_by)
        values (p_kind, p_vendor_id, p_product_id, p_serial, v_interfaces, btrim(p_label), btrim(p_owner),
                v_here.login)
        on conflict do nothing returning id into v_number;
    -- somebody else enrolled it, or took the label, meanwhile
    if not found then return refused('again'); end if;
    perform note(v_here, 'usb device enrolled', jsonb_build_object('device', v_number, 'kind', p_kind));
    return jsonb_build_object('refusal', null, 'number', v_number)::text;
end $$;

create function account.lend_usb_device(p_number integer, p_to text) returns text language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_device account.usb_device;
begin
    if not usb_is_line(p_to, 100) then return refused('bad_value'); end if;
    select * into v_device from account.usb_device where id = p_number for update;
    if not found then return refused('no_such_device'); end if;
    if v_device.disposed_on is not null then return refused('disposed'); end if;
    if exists (select from account.usb_device_loan where device_id = p_number and returned_at is null) then
        return refused('lent_already');
    end if;
    insert into account.usb_device_loan (device_id, lent_to, lent_by) values (p_number, btrim(p_to), v_here.login);
    perform note(v_here, 'usb device lent', jsonb_build_object('device', p_number));
    return '{"refusal": null}';
end $$;

create function account.return_usb_device(p_number integer) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff');
begin
    perform from account.usb_device where id = p_number for update;
    if not found then return refused('no_such_device'); end if;
    update account.usb_device_loan set returned_at = clock_timestamp(), returned_to = v_here.login
        where device_id = p_number and returned_at is null;
    if not found then return refused('not_lent'); end if;
    perform note(v_here, 'usb device returned', jsonb_build_object('device', p_number));
    return '{"refusal": null}';
end $$;

-- What was disposed of stays so; one that is lent out is back first.
create function account.dispose_usb_device(p_number integer, p_on date, p_what text, p_person text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_device account.usb_device;
begin
    if p_on is null or not isfinite(p_on) or not usb_is_line(p_what, 500) or not usb_is_line(p_person, 100) then
        return refused('bad_value');
    end if;
    select * into v_device from account.usb_device where id = p_number for update;
    if not found then return refused('no_such_device'); end if;
    if v_device.disposed_on is not null then return refused('disposed'); end if;
    -- by the library's clock; years as the pages take them
    if p_on not between date '1900-01-01' and library_day(0) then return refused('bad_value'); end if;
    if exists (select from account.usb_device_loan where device_id = p_number and returned_at is null) then
        return refused('lent_already');
    end if;
    update account.usb_device set disposed_on = p_on, disposed_what = btrim(p_what), disposed_by = btrim(p_person),
        disposal_noted_by = v_here.login, disposal_noted_at = clock_timestamp() where id = p_number;
    perform note(v_here, 'usb device disposed of', jsonb_build_object('device', p_number, 'on', p_on));
    return '{"refusal": null}';
end $$;

-- == policies =================================================================================================

create function public.usb_policy_row(p account.usb_policy) returns jsonb language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select jsonb_build_object('group', p.group_name, 'version', p.version, 'text', p.text, 'put_at', p.put_at,
                              'put_by', p.put_by, 'withdrawn_at', w.at)
    from (select) one left join account.usb_policy_withdrawn w
        on w.group_name = p.group_name and w.version = p.version
$$;

-- Puts a signed policy there. Who it is for and its version are read in it; the signature is the agents' to check, for
-- nothing here could make one. A version that is not higher than the one there is refused; one that was withdrawn does
-- not count, and is not put again.
create function account.put_usb_policy(p_text text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff'); v_said text[]; v_policy account.usb_policy;
begin
    if p_text is null or octet_length(p_text) > 65536 or p_text ~ '[\r\t\f\v]' then return refused('malformed'); end if;
    v_said := regexp_match(p_text, '^madoguchi device policy 1\ngroup: ([a-z0-9-]{1,30})\nversion: ([1-9][0-9]{0,9})\n\n'
                           '(?:[^\n]*\n)*signature: [A-Za-z0-9+/]{86}==\n$');
    if v_said is null or v_said[2]::bigint > 1000000000 then return refused('malformed'); end if;
    -- whoever else puts one waits; whoever reads does not
    lock table account.usb_policy in share row exclusive mode;
    if exists (select from account.usb_policy p where group_name = v_said[1] and (version = v_said[2]::integer
            or version > v_said[2]::integer and not usb_is_withdrawn(p))) then
        return refused('older');
    end if;
    insert into account.usb_policy (group_name, version, text, put_by)
        values (v_said[1], v_said[2]::integer, p_text, v_here.login) returning * into v_policy;
    perform note(v_here, 'usb policy put', jsonb_build_object('group', v_said[1], 'version', v_said[2]::integer,
        'sha256', encode(sha256(convert_to(p_text, 'UTF8')), 'hex')));
    return jsonb_build_object('refusal', null, 'row', usb_policy_row(v_policy))::text;
end $$;

-- Has a policy given to no terminal any more, and stand in no other's way. On the server only. An agent that took it
-- keeps it: it goes by the highest version it ever took.
create function account.withdraw_usb_policy(p_group text, p_version integer) returns text language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if not account.is_administrator() then
        raise exception using errcode = 'insufficient_privilege', message = 'not allowed for this role';
    end if;
    -- with whoever puts one
    lock table account.usb_policy in share row exclusive mode;
    perform from account.usb_policy where group_name = p_group and version = p_version;
    if not found then return refused('no_such_policy'); end if;
    insert into account.usb_policy_withdrawn (group_name, version, by) values (p_group, p_version, session_user)
        on conflict do nothing;
    if not found then return refused('withdrawn_already'); end if;
    perform audit.note(0, session_user, 'usb policy withdrawn', jsonb_build_object('group', p_group,
                                                                                    'version', p_version));
    return '{"refusal": null}';
end $$;

-- The last five of each group, and the last five that were withdrawn.
create function account.list_usb_policies() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(usb_policy_row(p) order by p.group_name, p.version desc) from account.usb_policy p
        where p.version in (select k.version from account.usb_policy k where k.group_name = p.group_name
                              and usb_is_withdrawn(k) = usb_is_withdrawn(p)
                            order by k.version desc limit 5)), '[]'))::text;
end $$;

-- == the agents and what happened =============================================================================

-- The key of a terminal's agent, in hex: this once. With another one its records begin anew. On the server only.
create function account.make_usb_key(p_terminal text, p_again boolean) returns text language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_terminal integer; v_key text; v_epoch smallint;
begin
    if not account.is_administrator() then
        raise exception using errcode = 'insufficient_privilege', message = 'not allowed for this role';
    end if;
    select id into v_terminal from account.terminal where name = p_terminal and revoked_at is null for update;
    if not found then return refused('no_such_terminal'); end if;
    v_key := web.make_usb_key(v_terminal, coalesce(p_again, false));
    if v_key is null then return refused('key_there'); end if;
    insert into account.usb_agent as a (terminal_id) values (v_terminal)
        on conflict (terminal_id) do update set epoch = a.epoch + 1, last_seq = 0, last_mac = repeat('0', 64),
            trouble = null, trouble_seq = null
        returning epoch into v_epoch;
    perform audit.note(0, session_user, 'usb agent key', jsonb_build_object('terminal', v_terminal, 'epoch', v_epoch));
    return jsonb_build_object('refusal', null, 'key', v_key)::text;
end $$;

create function account.list_usb_agents(p_silent_hours integer) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    if coalesce(p_silent_hours, 0) not between 1 and 8760 then return refused('bad_value'); end if;
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(to_jsonb(f) - 'branch_id' order by f.branch_id, f.terminal) from (
            select t.branch_id, t.name as terminal, b.code as branch, usb_group_of(t) as group,
                   a.terminal_id is not null as has_key, a.heard_at, coalesce(a.last_seq, 0) as last_seq,
                   coalesce(a.policy_version, 0) as policy_version,
                   coalesce((select max(p.version) from account.usb_policy p
                             where p.group_name = usb_group_of(t) and not usb_is_withdrawn(p)), 0) as newest_version,
                   a.is_protected, a.trouble,
                   coalesce(a.heard_at < clock_timestamp() - make_interval(hours => p_silent_hours), true) as is_silent
            from account.terminal t join branch b on b.id = t.branch_id
            left join account.usb_agent a on a.terminal_id = t.id
            where t.revoked_at is null) f), '[]'))::text;
end $$;

-- The last records of a terminal's agent, or of all: newest first, at most 200. p_before is the 'place' of the last one
-- that is known: those behind it.
create function account.list_usb_records(p_terminal text, p_before text default null) returns text language plpgsql
security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager'); v_place text[];
begin
    if p_before is not null then
        v_place := regexp_match(p_before, '^([0-9]{1,17}) ([0-9]{1,9}) ([0-9]{1,15})$');
        if v_place is null then return refused('bad_value'); end if;
    end if;
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(to_jsonb(f)) from (
            select t.name as terminal, r.seq, r.at, r.what,
                   case when jsonb_typeof(usb_json(r.text)) = 'object' then usb_json(r.text) - array['seq', 'at', 'what']
                        end as said,
                   concat_ws(' ', (extract(epoch from r.taken_at) * 1000000)::bigint, r.terminal_id, r.seq) as place
            from account.usb_record r join account.terminal t on t.id = r.terminal_id
            where (p_terminal is null or t.name = p_terminal)
              and (v_place is null or (r.taken_at, r.terminal_id, r.seq)
                  -- microseconds as an interval: a double would round them
                  < (timestamptz 'epoch' + v_place[1]::bigint * interval '1 microsecond', v_place[2]::integer,
                     v_place[3]::bigint))
            order by r.taken_at desc, r.terminal_id desc, r.seq desc limit 200) f), '[]'))::text;
end $$;

create function account.list_usb_exceptions() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := account.caller('system_staff', 'security_manager');
begin
    return jsonb_build_object('refusal', null, 'rows', coalesce((
        select jsonb_agg(usb_exception_row(e) order by e.number desc) from (
            select * from account.usb_exception order by number desc limit 200) e), '[]'))::text;
end $$;

-- What happened in the month that a day lies in, by the library's clock.
create function account.usb_report(p_month date) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := account.caller('system_staff', 'security_manager');
    v_first date := date_trunc('month', p_month::timestamp)::date; v_zone text; v_from timestamptz; v_to timestamptz;
begin
    if p_month is null or not isfinite(p_month) or p_month not between date '2000-01-01' and date '2199-12-31' then
        return refused('bad_value');
    end if;
    select time_zone into strict v_zone from policy;
    v_from := v_first::timestamp at time zone v_zone;
    v_to := (v_first + interval '1 month') at time zone v_zone;
    return jsonb_build_object('refusal', null, 'first', v_first,
        'exceptions', (select coalesce(jsonb_agg(usb_exception_row(e) order by e.number), '[]')
            from account.usb_exception e where e.asked_at >= v_from and e.asked_at < v_to),
        'enrolled', (select coalesce(jsonb_agg(usb_device_row(d) order by d.label), '[]')
            from account.usb_device d where d.enrolled_at >= v_from and d.enrolled_at < v_to),
        'disposed', (select coalesce(jsonb_agg(usb_device_row(d) order by d.label), '[]')
            from account.usb_device d where d.disposed_on >= v_first and d.disposed_on < v_first + interval '1 month'),
        'lent', (select coalesce(jsonb_agg(usb_device_row(d) order by d.label), '[]')
            from account.usb_device d where exists (select from account.usb_device_loan l
                where l.device_id = d.id and l.lent_at >= v_from and l.lent_at < v_to)),
        'happened', (select coalesce(jsonb_object_agg(f.what, f.amount), '{}') from (
            select r.what, count(*) as amount from account.usb_record r where r.at >= v_from and r.at < v_to
            group by r.what) f),
        'silent_terminals', (select coalesce(jsonb_agg(t.name order by t.branch_id, t.name), '[]')
            from account.terminal t where t.revoked_at is null and t.enrolled_at < v_to
              and not exists (select from account.usb_record r where r.terminal_id = t.id
                              and r.at >= v_from and r.at < v_to)))::text;
end $$;
