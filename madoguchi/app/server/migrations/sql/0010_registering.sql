-- Registering patrons and changing what is kept of them.

-- The fields as json; null: they are none.
create function public.fields_of(p_fields text) returns jsonb language plpgsql immutable
set search_path = pg_catalog, public, pg_temp as $$
declare v_fields jsonb;
begin
    if p_fields is null or length(p_fields) > 20000 then return null; end if;
    begin
        v_fields := p_fields::jsonb;
    exception when others then
        -- no json, or too deep: what was typed is not told on
        return null;
    end;
    return case when jsonb_typeof(v_fields) = 'object' then v_fields end;
end $$;

-- The person that the fields say, as a row without a key; its name is null where one of them is not as it must be
-- (madoguchi.app.patrons.fitting). Proof that is given was seen today.
create function public.person_of_fields(p_fields jsonb) returns patron language plpgsql stable
set search_path = pg_catalog, public, pg_temp as $$
declare v_patron patron; v_today date := library_day(0); v_born text := plain_field(p_fields, 'birth_date', 10);
begin
    v_patron.kana := plain_field(p_fields, 'kana', 100);
    v_patron.category := plain_field(p_fields, 'category', 16);
    v_patron.postal_code := plain_field(p_fields, 'postal_code', 7);
    v_patron.address := plain_field(p_fields, 'address', 200);
    v_patron.telephone := plain_field(p_fields, 'telephone', 30);
    v_patron.email := plain_field(p_fields, 'email', 254);
    v_patron.notice_by := plain_field(p_fields, 'notice_by', 10);
    v_patron.proof := nullif(plain_field(p_fields, 'proof', 12), '');
    if num_nulls(plain_field(p_fields, 'name', 100), v_patron.kana, v_patron.category, v_patron.postal_code,
                 v_patron.address, v_patron.telephone, v_patron.email, v_patron.notice_by,
                 plain_field(p_fields, 'proof', 12)) > 0
        or plain_field(p_fields, 'name', 100) !~ '[^ \u3000]'
        or v_patron.kana !~ '^[ァ-ヺヽヾ・ー]+( [ァ-ヺヽヾ・ー]+)*$'
        or v_patron.postal_code !~ '^([0-9]{7})?$'
        or v_patron.telephone !~ '^([0-9]+(-[0-9]+)*)?$'
        or v_patron.email !~ '^([!-?A-~]+@[!-?A-~]+\.[!-?A-~]+)?$'
        or v_patron.notice_by not in ('telephone', 'mail', 'post_card', 'none')
        or v_patron.proof not in ('not_needed', 'licence', 'my_number', 'insurance', 'residence', 'student',
                                  'employee', 'mail', 'other')
        or coalesce(v_born, '') !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then
        return null;
    end if;
    begin
        v_patron.birth_date := v_born::date;
    exception when others then
        return null;
    end;
    if v_patron.birth_date not between (v_today - interval '130 years')::date and v_today then return null; end if;
    if v_patron.proof <> 'not_needed' then v_patron.proof_seen_on := v_today; end if;
    v_patron.name := plain_field(p_fields, 'name', 100);
    return v_patron;
end $$;

-- Those of the same kana, as it may be written, and birth date, the oldest record first.
create function public.same_person(p_kana text, p_birth_date date) returns bigint[] language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select array(
        select p.id from patron_search s join patron p on p.id = s.patron_id
        where s.alike_key = person_key(p_kana) and s.alike_key <> '' and p.birth_date = p_birth_date
        order by p.id limit 50)
$$;

-- Why somebody cannot be registered with that card; null: they can. Whoever calls it holds the lock of policy.
create function public.registering_refused(p_patron patron, p_card text) returns text language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select case
        when p_patron.name is null or p_card is null or p_card !~ '^[!-~]{1,20}$' then 'not_allowed'
        when not exists (select from jsonb_array_elements(facts_of_categories()) c
                         where c ->> 'code' = p_patron.category) then 'wrong_category'
        when exists (select from card where number = p_card) then 'card_taken'
    end
$$;

-- Writes somebody at the terminal's branch, with a card that works; their key.
create function public.write_patron(p_here here, p_patron patron, p_card text) returns bigint language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare v_id bigint; v_today date := library_day(0);
begin
    insert into patron (name, kana, birth_date, category, postal_code, address, telephone, email, notice_by, proof,
                        proof_seen_on, last_used_on, registered_on, branch_id)
        values (p_patron.name, p_patron.kana, p_patron.birth_date, p_patron.category, p_patron.postal_code,
                p_patron.address, p_patron.telephone, p_patron.email, p_patron.notice_by, p_patron.proof,
                p_patron.proof_seen_on, v_today, v_today, p_here.branch_id)
        returning id into v_id;
    insert into card (number, patron_id, state, issued_on) values (p_card, v_id, 'active', v_today)
        on conflict do nothing;
    if not found then
        -- given to somebody in this very moment; asked again it is known
        raise exception using errcode = 'serialization_failure', message = 'the card was given elsewhere';
    end if;
    return v_id;
end $$;

-- Registers somebody. Nobody beside somebody of the same kana and birth date, unless p_as_new says that it is
-- another person; whose record stands in the way is told, and that it was told is on record.
create function desk.register_patron(p_operation uuid, p_fields text, p_as_new boolean) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_fields jsonb := fields_of(p_fields); v_patron patron; v_card text; v_same bigint[];
    v_family bigint; v_id bigint; v_why text; v_act text; v_answer text;
begin
    if p_operation is null or p_as_new is null or v_fields is null
        or coalesce(v_fields ->> 'family_of', '') !~ '^([0-9]{1,18})?$' then
        return refused('not_allowed');
    end if;
    v_family := nullif(v_fields ->> 'family_of', '')::bigint;
    -- who is not there yet cannot be locked: one registration at a time
    perform from policy for no key update;
    select act into v_act from operation where id = p_operation;
    if found then
        if v_act not in ('register', 'cancelled') then return refused('not_allowed'); end if;
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    v_patron := person_of_fields(v_fields);
    v_card := plain_field(v_fields, 'card_number', 20);
    v_why := registering_refused(v_patron, v_card);
    if v_why is not null then return refused(v_why); end if;
    if v_family is not null then
        if not exists (select from patron where id = v_family) then return refused('unknown_patron'); end if;
        if not is_theirs(v_here, v_family) then return refused('not_allowed'); end if;
    end if;
    if not p_as_new then
        v_same := same_person(v_patron.kana, v_patron.birth_date);
        if v_same <> '{}' then
            v_why := list_refused(v_here, v_same, p_operation, 'alike');
            if v_why is not null then return refused(v_why); end if;
            return jsonb_build_object('refusal', 'same_person', 'patron_ids', to_jsonb(v_same))::text;
        end if;
    end if;
    if not claim(p_operation, 'register') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    v_id := write_patron(v_here, v_patron, v_card);
    if v_family is not null then perform join_family(v_id, v_family); end if;
    v_answer := jsonb_build_object('refusal', null, 'patron_id', v_id)::text;
    update operation set answer = v_answer where id = p_operation;
    perform note(v_here, 'patron registered', jsonb_build_object('patron', v_id));
    if v_family is not null then
        perform note(v_here, 'family linked', jsonb_build_object('patron', v_id, 'other', v_family));
    end if;
    return v_answer;
end $$;

-- Puts the fields in place of what is kept of a patron, if it is still as it was (p_version). Which columns are
-- others now is on record, not what they hold.
create function desk.change_patron(p_operation uuid, p_patron bigint, p_version integer, p_fields text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_fields jsonb := fields_of(p_fields); v_was patron; v_is patron; v_act text;
    v_changed text[];
begin
    if p_operation is null or p_version is null or v_fields is null then return refused('not_allowed'); end if;
    select * into v_was from patron where id = p_patron for no key update;
    select act into v_act from operation where id = p_operation;
    if found then
        if v_act not in ('change', 'cancelled') then return refused('not_allowed'); end if;
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    if v_was.id is null then return refused('unknown_patron'); end if;
    if not is_theirs(v_here, p_patron) then return refused('not_allowed'); end if;
    v_is := person_of_fields(v_fields);
    if v_is.name is null then return refused('not_allowed'); end if;
    if not exists (select from jsonb_array_elements(facts_of_categories()) c
                   where c ->> 'code' = v_is.category) then
        return refused('wrong_category');
    end if;
    if v_was.version <> p_version then return refused('changed'); end if;
    if not claim(p_operation, 'change') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    -- what was seen before is not unseen
    v_is.proof := coalesce(v_is.proof, v_was.proof);
    v_is.proof_seen_on := coalesce(v_is.proof_seen_on, v_was.proof_seen_on);
    update patron set name = v_is.name, kana = v_is.kana, birth_date = v_is.birth_date, category = v_is.category,
            postal_code = v_is.postal_code, address = v_is.address, telephone = v_is.telephone, email = v_is.email,
            notice_by = v_is.notice_by, proof = v_is.proof, proof_seen_on = v_is.proof_seen_on,
            version = version + 1
        where id = p_patron returning * into v_is;
    select array_agg(n.key order by n.key) into v_changed from jsonb_each(to_jsonb(v_is)) n
        where n.key <> 'version' and n.value is distinct from to_jsonb(v_was) -> n.key;
    update operation set answer = '{"refusal": null}' where id = p_operation;
    perform note(v_here, 'patron changed',
                 jsonb_build_object('patron', p_patron, 'columns', to_jsonb(coalesce(v_changed, '{}'))));
    return '{"refusal": null}';
end $$;
