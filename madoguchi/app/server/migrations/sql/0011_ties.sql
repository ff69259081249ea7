-- Notes and blocks, families, and who picks up for whom. Locks, answers and words as in 0004_desk.sql.

-- == shown ====================================================================================================

-- Somebody of whom is shown who they are: nothing of what they borrow or where they live.
create function public.relative_as_shown(p_patron patron) returns jsonb language sql immutable
set search_path = pg_catalog, public, pg_temp as $$
    select jsonb_build_object('patron_id', p_patron.id, 'name', p_patron.name, 'kana', p_patron.kana)
$$;

-- The notes that hold today, the family, and who may pick up.
create function public.ties_of_patron(p_patron bigint) returns jsonb language sql stable
set search_path = pg_catalog, public, pg_temp as $$
    select jsonb_build_object(
        'notes', coalesce((
            select jsonb_agg(jsonb_build_object(
                       'id', n.id, 'text', n.text, 'blocks', n.blocks, 'author', coalesce(s.name, n.login),
                       'made_on', n.made_on, 'ends_on', n.ends_on)
                   order by n.blocks desc, n.made_on, n.id)
            from patron_note n left join staff s on s.login = n.login
            where n.patron_id = p_patron and (n.ends_on is null or n.ends_on >= library_day(0))), '[]'),
        'family', coalesce((
            select jsonb_agg(relative_as_shown(p) order by p.birth_date, p.id)
            from family_member own join family_member f on f.family_id = own.family_id
            join patron p on p.id = f.patron_id
            where own.patron_id = p_patron and p.id <> p_patron), '[]'),
        'may_pick_up', coalesce((
            select jsonb_agg(relative_as_shown(p) order by u.given_on, p.id)
            from pick_up u join patron p on p.id = u.by_patron_id where u.patron_id = p_patron), '[]'))
$$;

-- == notes ====================================================================================================

create function desk.add_note(
    p_operation uuid, p_patron bigint, p_text text, p_blocks boolean, p_ends date
) returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_here here := here(); v_answer text; v_today date := library_day(0);
    v_text text := plain_field(jsonb_build_object('text', p_text), 'text', 300);
begin
    if v_text is null or v_text !~ '[^ \u3000]' or p_blocks is null
        or p_ends < v_today or p_ends > v_today + 36525 then
        return refused('not_allowed');
    end if;
    v_answer := begin_about(v_here, p_operation, 'note_add', p_patron);
    if v_answer is not null then return v_answer; end if;
    if not claim(p_operation, 'note_add') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    insert into patron_note (id, patron_id, text, blocks, login, made_on, ends_on)
        values (p_operation, p_patron, v_text, p_blocks, v_here.login, v_today, p_ends);
    return done_about(v_here, p_operation, case when p_blocks then 'patron blocked' else 'patron noted' end,
                      jsonb_build_object('patron', p_patron, 'note', p_operation));
end $$;

create function desk.end_note(p_operation uuid, p_note uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text; v_patron bigint;
begin
    select patron_id into v_patron from patron_note where id = p_note;
    if not found and not exists (select from operation where id = p_operation) then
        return refused(case when p_operation is null then 'not_allowed' else 'changed' end);
    end if;
    v_answer := begin_about(v_here, p_operation, 'note_end', v_patron);
    if v_answer is not null then return v_answer; end if;
    if not exists (select from patron_note where id = p_note) then return refused('changed'); end if;
    if not claim(p_operation, 'note_end') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    delete from patron_note where id = p_note;
    return done_about(v_here, p_operation, 'note ended',
                      jsonb_build_object('patron', v_patron, 'note', p_note));
end $$;

-- Erases the notes whose last day is over; how many.
create function watch.erase_notes() returns integer language sql security definer
set search_path = pg_catalog, public, pg_temp as $$
    with gone as (delete from patron_note where ends_on < library_day(0) returning 1)
    select count(*)::integer from gone
$$;

-- == families =================================================================================================

-- Makes two patrons one family, with all who are of either's. Whoever calls it holds the lock of policy.
create function public.join_family(p_patron bigint, p_other bigint) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_one uuid; v_other uuid;
begin
    select family_id into v_one from family_member where patron_id = p_patron;
    select family_id into v_other from family_member where patron_id = p_other;
    v_one := coalesce(v_one, v_other, gen_random_uuid());
    update family_member set family_id = v_one where family_id = v_other and v_other <> v_one;
    insert into family_member (patron_id, family_id) values (p_patron, v_one), (p_other, v_one)
        on conflict (patron_id) do nothing;
end $$;

-- The patron is of no family; a family of one is none. Whoever calls it holds the lock of policy.
create function public.part_family(p_patron bigint) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_family uuid;
begin
    delete from family_member where patron_id = p_patron returning family_id into v_family;
    delete from family_member where family_id = v_family
        and (select count(*) from family_member f where f.family_id = v_family) = 1;
end $$;

-- The patron whose card it is, with a look at them on record; an answer where there is none to go on with.
create function public.other_by_card(p_here here, p_operation uuid, p_patron bigint, p_card text,
                                     out other bigint, out answer text)
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_card card; v_why text;
begin
    select * into v_card from card where number = p_card;
    if not found then answer := refused('unknown_card'); return; end if;
    if v_card.state <> 'active' then answer := refused('card_lost'); return; end if;
    if v_card.patron_id = p_patron then answer := refused('not_allowed'); return; end if;
    v_why := view_refused(p_here, v_card.patron_id, p_operation, 'card');
    if v_why is not null then answer := refused(v_why); return; end if;
    other := v_card.patron_id;
end $$;

create function desk.link_family(p_operation uuid, p_patron bigint, p_card text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text; v_other bigint; v_again text;
begin
    -- two families are more rows than those of the two, and nobody withdraws meanwhile
    perform from policy for no key update;
    v_answer := begin_about(v_here, p_operation, 'family_link', p_patron);
    if v_answer is not null and v_answer <> refused('again') then return v_answer; end if;
    select o.other, o.answer into v_other, v_again from other_by_card(v_here, p_operation, p_patron, p_card) o;
    -- both looks are made in one go: whoever is asked again is asked once
    v_answer := coalesce(v_again, v_answer);
    if v_answer is not null then return v_answer; end if;
    if not claim(p_operation, 'family_link') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    perform join_family(p_patron, v_other);
    return done_about(v_here, p_operation, 'family linked',
                      jsonb_build_object('patron', p_patron, 'other', v_other));
end $$;

create function desk.leave_family(p_operation uuid, p_patron bigint) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text;
begin
    perform from policy for no key update;
    v_answer := begin_about(v_here, p_operation, 'family_leave', p_patron);
    if v_answer is not null then return v_answer; end if;
    if not claim(p_operation, 'family_leave') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    perform part_family(p_patron);
    return done_about(v_here, p_operation, 'family left', jsonb_build_object('patron', p_patron));
end $$;

-- == picking up ===============================================================================================

create function desk.let_pick_up(p_operation uuid, p_patron bigint, p_card text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text; v_other bigint; v_again text;
begin
    -- as for a family: nobody withdraws meanwhile
    perform from policy for no key update;
    v_answer := begin_about(v_here, p_operation, 'pick_up', p_patron);
    if v_answer is not null and v_answer <> refused('again') then return v_answer; end if;
    select o.other, o.answer into v_other, v_again from other_by_card(v_here, p_operation, p_patron, p_card) o;
    v_answer := coalesce(v_again, v_answer);
    if v_answer is not null then return v_answer; end if;
    if not claim(p_operation, 'pick_up') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    insert into pick_up (patron_id, by_patron_id, given_on) values (p_patron, v_other, library_day(0))
        on conflict do nothing;
    return done_about(v_here, p_operation, 'pick-up agreed',
                      jsonb_build_object('patron', p_patron, 'other', v_other));
end $$;

create function desk.end_pick_up(p_operation uuid, p_patron bigint, p_other bigint) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text;
begin
    v_answer := begin_about(v_here, p_operation, 'pick_up_end', p_patron);
    if v_answer is not null then return v_answer; end if;
    if not claim(p_operation, 'pick_up_end') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    delete from pick_up where patron_id = p_patron and by_patron_id = p_other;
    return done_about(v_here, p_operation, 'pick-up ended',
                      jsonb_build_object('patron', p_patron, 'other', p_other));
end $$;
