-- USB control at a terminal (0036): what the window carries between agent and server, and exceptions.
--
-- What proves something to an agent is answered only when what it proves is on record in a transaction that is over:
-- whoever rolled theirs back would have a receipt for records that the server does not have, or a stick opened that
-- nobody approved. 'again' means as ever: it is on record now, ask once more after the commit.

create function desk.read_usb_policy() returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_group text; v_policy account.usb_policy;
begin
    select usb_group_of(t) into strict v_group from account.terminal t where t.id = v_here.terminal;
    select * into v_policy from account.usb_policy p where group_name = v_group and not usb_is_withdrawn(p)
        order by version desc limit 1;
    return jsonb_build_object('refusal', null, 'group', v_group, 'version', coalesce(v_policy.version, 0),
                              'text', coalesce(v_policy.text, ''))::text;
end $$;

-- == what the agent kept ======================================================================================

-- Takes the records of this terminal's agent, in their order alone; p_records is a JSON list of at most 100 with seq,
-- text and mac each. Where one is not as it must be, those before it are taken, and 'trouble' says why it was not. One
-- that was taken before is passed over. The receipt says up to which one all are here. What is no record at all is
-- refused before any is taken: what is kept and how far the count stands change together or not at all.
create function desk.send_usb_records(p_records text) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_agent account.usb_agent; v_name text; v_rows jsonb; v_row jsonb; v_seq bigint;
    v_text text; v_trouble text; v_before bigint; v_receipt text;
begin
    v_rows := case when length(p_records) <= 4000000 then usb_json(p_records) end;
    if jsonb_typeof(v_rows) is distinct from 'array' or jsonb_array_length(v_rows) > 100 then
        return refused('bad_value');
    end if;
    for v_row in select value from jsonb_array_elements(v_rows) loop
        if coalesce(v_row ->> 'seq', '-') !~ '^[0-9]{1,15}$' or coalesce(v_row ->> 'mac', '-') !~ '^[0-9a-f]{64}$'
            or v_row ->> 'text' is null or length(v_row ->> 'text') > 100000 then
            return refused('bad_value');
        end if;
    end loop;
    perform usb_commit_waits();
    select * into v_agent from account.usb_agent where terminal_id = v_here.terminal for update;
    if not found then return refused('no_key'); end if;
    select name into strict v_name from account.terminal where id = v_here.terminal;
    v_before := v_agent.last_seq;
    for v_row in select value from jsonb_array_elements(v_rows) loop
        v_text := v_row ->> 'text';
        v_seq := (v_row ->> 'seq')::bigint;
        if v_seq <= v_agent.last_seq then
            if not exists (select from account.usb_record r where r.terminal_id = v_here.terminal
                    and r.epoch = v_agent.epoch and r.seq = v_seq and r.mac = v_row ->> 'mac' and r.text = v_text) then
                v_trouble := 'changed';
            end if;
        elsif v_seq > v_agent.last_seq + 1 then
            v_trouble := 'order';
        elsif not usb_mac_holds(v_here.terminal, usb_text('madoguchi usb record 1', v_name, v_seq::text,
                                                          v_agent.last_mac, v_text), v_row ->> 'mac') then
            v_trouble := 'mac';
        else
            v_agent := usb_take_record(v_here, v_agent, v_seq, v_text, v_row ->> 'mac');
        end if;
        exit when v_trouble is not null;
    end loop;
    if v_agent.last_seq > v_before then
        v_agent.heard_at := clock_timestamp();
        v_agent.tx := pg_current_xact_id();
        perform note(v_here, 'usb records taken', jsonb_build_object(
            'epoch', v_agent.epoch, 'from', v_before + 1, 'to', v_agent.last_seq, 'mac', v_agent.last_mac));
    end if;
    if v_trouble is not null and (v_trouble, v_seq) is distinct from (v_agent.trouble, v_agent.trouble_seq) then
        perform usb_note_hourly(v_here, 'usb records refused', v_trouble, jsonb_build_object(
            'record', v_seq, 'why', v_trouble));
    end if;
    update account.usb_agent set last_seq = v_agent.last_seq, last_mac = v_agent.last_mac, heard_at = v_agent.heard_at,
        policy_version = v_agent.policy_version, is_protected = v_agent.is_protected, tx = v_agent.tx,
        -- it holds until records come that can be taken
        trouble = case when v_trouble is null and v_agent.last_seq = v_before then v_agent.trouble else v_trouble end,
        trouble_seq = case when v_trouble is null and v_agent.last_seq = v_before then v_agent.trouble_seq
                           when v_trouble is not null then v_seq end
        where terminal_id = v_here.terminal;
    if v_agent.tx is not distinct from pg_current_xact_id() then return refused('again'); end if;
    -- another journal than the one that was taken: what that one's receipt says would be nothing to this one
    if v_trouble = 'changed' then
        return jsonb_build_object('refusal', null, 'up_to', v_agent.last_seq, 'receipt', '', 'mac', '',
                                  'trouble', v_trouble)::text;
    end if;
    -- with the MAC of the last record: numbers begin anew with a new journal, and an old receipt is still about
    v_receipt := usb_text('madoguchi usb receipt 1', v_name, v_agent.last_seq::text, v_agent.last_mac);
    return jsonb_build_object('refusal', null, 'up_to', v_agent.last_seq, 'receipt', v_receipt,
                              'mac', web.usb_mac(v_here.terminal, v_receipt), 'trouble', v_trouble)::text;
end $$;

-- Keeps a record whose MAC holds, and what follows from it.
create function public.usb_take_record(
    p_here here, p_agent account.usb_agent, p_seq bigint, p_text text, p_mac text
) returns account.usb_agent language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
    v_said jsonb := usb_json(p_text); v_agent account.usb_agent := p_agent; v_at timestamptz; v_what text;
    v_version text;
begin
    -- what cannot be read is kept all the same: it would stand in the way of all that come after it
    v_what := case when v_said ->> 'what' ~ '^[a-z_]{1,40}$' then v_said ->> 'what' else 'unreadable' end;
    v_at := coalesce(usb_moment(v_said ->> 'at'), clock_timestamp());
    insert into account.usb_record (terminal_id, epoch, seq, at, what, text, mac, login)
        values (p_here.terminal, p_agent.epoch, p_seq, v_at, v_what, p_text, p_mac, p_here.login);
    v_agent.last_seq := p_seq;
    v_agent.last_mac := p_mac;
    if v_what in ('started', 'floor') and jsonb_typeof(v_said -> 'why') = 'array' then
        -- without a policy, or a disk to write to, everything stays closed; without these something may be open
        v_agent.is_protected := not v_said -> 'why' ?| array['no_floor', 'usbguard', 'rescue'];
    end if;
    v_version := case v_what when 'started' then v_said ->> 'policy_version' when 'policy' then v_said ->> 'version' end;
    if v_version ~ '^[0-9]{1,10}$' then
        v_agent.policy_version := least(v_version::bigint, 1000000000);
    end if;
    if v_what = 'lease' then
        update account.usb_exception set begun_at = v_at
            where terminal_id = p_here.terminal and nonce = v_said ->> 'nonce' and decision = 'approved'
              and begun_at is null;
    elsif v_what = 'lease_ended' then
        update account.usb_exception set ended_at = v_at,
            how_ended = case when v_said ->> 'how' in ('time', 'released', 'window_gone', 'device_gone', 'agent_ended')
                             then v_said ->> 'how' else 'other' end
            where terminal_id = p_here.terminal and nonce = v_said ->> 'nonce' and decision = 'approved'
              and ended_at is null;
    end if;
    return v_agent;
end $$;

-- == exceptions ===============================================================================================

-- Asks for the stick that this terminal's agent made the challenge of. The same challenge is the same exception.
create function desk.ask_usb_exception(p_challenge text, p_mac text, p_reason text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_name text; v_said text[]; v_device account.usb_device; v_before account.usb_exception;
    v_number integer;
begin
    -- the second person decides by it
    if not usb_is_line(p_reason, 200) or length(p_challenge) > 2000 then
        return refused('bad_value');
    end if;
    if web.usb_mac(v_here.terminal, '') is null then return refused('no_key'); end if;
    -- terminal, nonce, id, serial, interfaces, digest, minutes
    v_said := regexp_match(p_challenge, '^madoguchi usb challenge 1\n([^\n]+)\n([0-9a-f]{32})\n'
        '([0-9a-f]{4}:[0-9a-f]{4})\n([^\n]{1,100})\n([0-9a-f:,]+)\n([0-9a-f]{64})\n([1-9][0-9]?)\n$');
    select name into strict v_name from account.terminal where id = v_here.terminal;
    if v_said is null or v_said[1] <> v_name or v_said[7]::integer not between 1 and 60
        or not usb_mac_holds(v_here.terminal, p_challenge, p_mac) then
        perform usb_note_hourly(v_here, 'usb challenge forged', null, '{}');
        return refused('forged');
    end if;
    select * into v_before from account.usb_exception where nonce = v_said[2];
    if found then
        if v_before.login <> v_here.login then return refused('not_allowed'); end if;
        perform said_again(v_here);
        return jsonb_build_object('refusal', null, 'number', v_before.number)::text;
    end if;
    select * into v_device from account.usb_device d where d.vendor_id || ':' || d.product_id = v_said[3]
        and d.serial = v_said[4] and d.kind = 'stick' for share;
    if not found then return refused('not_registered'); end if;
    if v_device.disposed_on is not null then return refused('disposed'); end if;
    if v_device.interfaces <> v_said[5] then
        perform usb_note_hourly(v_here, 'usb stick differs', v_device.id::text, jsonb_build_object('device', v_device.id));
        return refused('interfaces_differ');
    end if;
    if usb_is_elsewhere(v_device.id, v_here.terminal) then
        perform usb_note_hourly(v_here, 'usb stick elsewhere', v_device.id::text,
                              jsonb_build_object('device', v_device.id));
        return refused('open_elsewhere');
    end if;
    if (select count(*) from account.usb_exception e
            where e.login = v_here.login and e.asked_at > now() - interval '1 hour') >= 60 then
        return refused('too_many');
    end if;
    insert into account.usb_exception (terminal_id, device_id, nonce, challenge, minutes, login, session_id, reason)
        values (v_here.terminal, v_device.id, v_said[2], p_challenge, v_said[7]::smallint, v_here.login,
                v_here.session, btrim(p_reason))
        on conflict (nonce) do nothing returning number into v_number;
    -- asked twice at once, over two connections: whoever comes again finds it
    if not found then return refused('again'); end if;
    perform note(v_here, 'usb exception asked', jsonb_build_object(
        'exception', v_number, 'device', v_device.id, 'minutes', v_said[7]::integer));
    return jsonb_build_object('refusal', null, 'number', v_number)::text;
end $$;

-- One of this terminal, for who asked for it and for whoever may approve it.
create function desk.read_usb_exception(p_number integer) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_exception account.usb_exception;
begin
    select * into v_exception from account.usb_exception where number = p_number and terminal_id = v_here.terminal;
    if not found or v_here.role <> 'security_manager' and v_exception.login <> v_here.login then
        return refused('no_such_exception');
    end if;
    return jsonb_build_object('refusal', null, 'row', usb_exception_row(v_exception))::text;
end $$;

-- Approves one of this terminal: by a security manager who did not ask for it, within ten minutes, once. Answers the
-- proof for the agent; to whoever approved and did not hear it, again within that time.
create function desk.approve_usb_exception(p_number integer) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_exception account.usb_exception; v_device account.usb_device; v_name text;
begin
    if v_here.role <> 'security_manager' then return refused('not_allowed'); end if;
    perform usb_commit_waits();
    select * into v_exception from account.usb_exception
        where number = p_number and terminal_id = v_here.terminal for update;
    if not found then return refused('no_such_exception'); end if;
    if v_exception.login = v_here.login then return refused('own_request'); end if;
    if v_exception.decision is not null
        and (v_exception.decision <> 'approved' or v_exception.decided_by <> v_here.login) then
        return refused('decided_already');
    end if;
    if v_exception.asked_at + usb_decision_time() <= clock_timestamp() then return refused('too_late'); end if;
    -- one at a time: who approves it at another terminal waits here
    select * into strict v_device from account.usb_device where id = v_exception.device_id for no key update;
    if v_device.disposed_on is not null then return refused('disposed'); end if;
    -- looked at again before the proof is given: who decided without seeing the other gets none
    if usb_is_elsewhere(v_device.id, v_here.terminal) then
        perform usb_note_hourly(v_here, 'usb stick elsewhere', v_device.id::text,
                              jsonb_build_object('device', v_device.id, 'exception', p_number));
        return refused('open_elsewhere');
    end if;
    if not exists (select from account.session s where s.id = v_exception.session_id and s.ended_at is null) then
        return refused('requester_gone');
    end if;
    if v_exception.decision is null then
        update account.usb_exception set decision = 'approved', decided_by = v_here.login,
            decided_at = clock_timestamp(), tx = pg_current_xact_id() where number = p_number;
        perform note(v_here, 'usb exception approved', jsonb_build_object('exception', p_number));
        return refused('again');
    end if;
    if v_exception.tx is not distinct from pg_current_xact_id_if_assigned() then return refused('again'); end if;
    perform said_again(v_here);
    select name into strict v_name from account.terminal where id = v_here.terminal;
    return jsonb_build_object('refusal', null, 'nonce', v_exception.nonce, 'minutes', v_exception.minutes,
        'mac', web.usb_mac(v_here.terminal, usb_text('madoguchi usb grant 1', v_name, v_exception.nonce,
                                                     v_exception.minutes::text)))::text;
end $$;

-- Refuses one of this terminal, or takes back one's own.
create function desk.refuse_usb_exception(p_number integer) returns text language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_exception account.usb_exception; v_decision text;
begin
    select * into v_exception from account.usb_exception
        where number = p_number and terminal_id = v_here.terminal for update;
    if not found or v_here.role <> 'security_manager' and v_exception.login <> v_here.login then
        return refused('no_such_exception');
    end if;
    v_decision := case when v_exception.login = v_here.login then 'taken_back' else 'refused' end;
    if v_exception.decision is not null then
        if v_exception.decision <> v_decision then return refused('decided_already'); end if;
        perform said_again(v_here);
        return '{"refusal": null}';
    end if;
    update account.usb_exception set decision = v_decision, decided_by = v_here.login, decided_at = clock_timestamp(),
        tx = pg_current_xact_id() where number = p_number;
    perform note(v_here, 'usb exception ' || case v_decision when 'refused' then 'refused' else 'taken back' end,
                 jsonb_build_object('exception', p_number));
    return '{"refusal": null}';
end $$;

-- What was copied under one's own exception: how much, and what the virus check said. Never names.
create function desk.note_usb_copy(
    p_id uuid, p_number integer, p_way text, p_verdict text, p_files integer, p_bytes bigint
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_exception account.usb_exception;
begin
    if p_id is null or p_way is null or p_verdict is null or p_files is null or p_bytes is null
        or p_way not in ('from_stick', 'to_stick') or p_verdict not in ('clean', 'found', 'failed')
        or p_files not between 0 and 1000000 or p_bytes not between 0 and 1000000000000000 then
        return refused('bad_value');
    end if;
    select * into v_exception from account.usb_exception
        where number = p_number and terminal_id = v_here.terminal and login = v_here.login for update;
    if not found then return refused('no_such_exception'); end if;
    if exists (select from account.usb_copy where id = p_id) then
        if not exists (select from account.usb_copy where id = p_id and exception_number = p_number) then
            return refused('not_allowed');
        end if;
        perform said_again(v_here);
        return '{"refusal": null}';
    end if;
    -- what was copied in the last minute is said, too, when the line is back
    if v_exception.decision is distinct from 'approved' or v_exception.decided_at
            + usb_decision_time() + make_interval(mins => v_exception.minutes) + interval '1 hour' < clock_timestamp() then
        return refused('not_open');
    end if;
    if (select count(*) from account.usb_copy where exception_number = p_number) >= 200 then
        return refused('too_many');
    end if;
    insert into account.usb_copy (id, exception_number, way, verdict, files, bytes)
        values (p_id, p_number, p_way, p_verdict, p_files, p_bytes);
    perform note(v_here, 'usb files copied', jsonb_build_object('exception', p_number, 'way', p_way,
        'verdict', p_verdict, 'files', p_files, 'bytes', p_bytes));
    return '{"refusal": null}';
end $$;
