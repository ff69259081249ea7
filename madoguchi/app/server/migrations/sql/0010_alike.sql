-- Who may be the one that is being typed.

-- Those of the same kana, as it may be written, the same birth date or the same telephone, compared here: what is
-- kept of them stays here but for the name, the kana and the end of their card. Told is of those who are alike in
-- two things, in one of them exactly, and each is on record. p_visit is one registration.
create function desk.patrons_alike(
    p_visit uuid, p_name text, p_kana text, p_birth_date date, p_telephone text, p_address text
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_kana text; v_telephone text; v_found jsonb; v_why text;
begin
    if p_visit is null or greatest(length(p_name), length(p_kana), length(p_telephone), length(p_address)) > 200 then
        return refused('not_allowed');
    end if;
    v_kana := person_key(coalesce(p_kana, ''));
    v_telephone := telephone_key(coalesce(p_telephone, ''));
    select jsonb_agg(jsonb_build_object('patron_id', c.id, 'name', c.name, 'kana', c.kana, 'number_end',
                coalesce((select right(k.number, 4) from card k where k.patron_id = c.id and k.state = 'active'), ''))
            || m.matches order by c.id)
        into v_found
        from (
            select p.* from patron p
            where p.id in (
                    select s.patron_id from patron_search s where v_kana <> '' and s.alike_key = v_kana
                    union select b.id from patron b where b.birth_date = p_birth_date
                    union select s.patron_id from patron_search s
                        where v_telephone <> '' and s.telephone_key = v_telephone)
                and (v_here.role <> 'contract_staff' or p.branch_id in (
                    select b.branch_id from staff_branch b where b.login = v_here.login))
            order by p.id limit 200) c
        cross join lateral (
            select people_match(coalesce(p_name, ''), coalesce(p_kana, ''), p_birth_date, coalesce(p_telephone, ''),
                                coalesce(p_address, ''), c.name, c.kana, c.birth_date, c.telephone, c.address)
                   as matches) m
        where (select count(*) filter (where f.how >= 2) >= 2 and max(f.how) = 3 from (values
                (greatest((m.matches ->> 'name_match')::integer, (m.matches ->> 'kana_match')::integer)),
                ((m.matches ->> 'birth_match')::integer), ((m.matches ->> 'telephone_match')::integer),
                ((m.matches ->> 'address_match')::integer)) f (how));
    v_why := list_refused(v_here, array(select (f ->> 'patron_id')::bigint from jsonb_array_elements(v_found) f),
                          p_visit, 'alike');
    if v_why is not null then return refused(v_why); end if;
    return jsonb_build_object('refusal', null, 'rows', coalesce(v_found, '[]'))::text;
end $$;
