-- The web side: applications that come from it, and one-time passwords for it.
--
-- An application is what somebody wrote whom nobody has seen. Its number is known to whoever sent it and to the
-- web side, so records name a digest of it: whoever has the number can find them, nobody else is told it.

create extension pgcrypto with schema web;

alter table account.rule add column web_password_hours smallint not null default 24
    check (web_password_hours between 1 and 168);
comment on column account.rule.web_password_hours is 'for how long a one-time password for the web is good';

-- Who looked at which applications: what is shown is shown when this is committed, as with patrons (view_refused).
-- What must be kept of it is in the audit; these rows go after a day.
create table watch.application_look (
    visit uuid not null,
    login text not null references public.staff (login),
    about text not null,
    amount integer not null,
    at timestamptz not null default clock_timestamp(),
    tx xid8 not null default pg_current_xact_id(),
    primary key (visit, login, about)
);
create index application_look_by_login on watch.application_look (login, at);

create function public.application_digest(p_number text) returns text language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select encode(sha256(convert_to(p_number, 'UTF8')), 'hex') $$;

-- Whatever puts one in: the day is the server's own unless its owner says it; what nobody sees is refused, and so
-- is a number that was confirmed or rejected. What is said of a refusal repeats no value.
create function public.take_application() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_name text; v_longest integer; v_today date := library_day(0);
begin
    new.applied_on := coalesce(new.applied_on, v_today);
    for v_name, v_longest in
        select * from (values ('number', 20), ('name', 100), ('kana', 100), ('postal_code', 7), ('address', 200),
                              ('telephone', 30), ('email', 254), ('category', 16)) f (name, longest)
    loop
        if plain_field(to_jsonb(new), v_name, v_longest) is null then
            raise exception using errcode = 'check_violation', column = v_name,
                message = 'application: ' || v_name || ' is too long, or holds what nobody sees';
        end if;
    end loop;
    if new.number !~ '^[!-~]+$' or new.postal_code !~ '^([0-9]{7})?$' or not isfinite(new.birth_date)
        or new.birth_date not between date '1850-01-01' and v_today or new.applied_on > v_today then
        raise exception using errcode = 'check_violation',
            message = 'application: number, postal code or a date is not as it must be';
    end if;
    if exists (select from application_done where digest = application_digest(new.number)) then
        raise exception using errcode = 'unique_violation',
            message = 'application: this number was confirmed or rejected';
    end if;
    return new;
end $$;
create trigger take_in before insert on public.application
    for each row execute function public.take_application();

-- Why applications may not be shown now; null: they may. p_about says which, p_amount how many. They count with the
-- patrons that this login has opened, or seen in lists, within the hour.
create function public.application_look_refused(
    p_here here, p_visit uuid, p_about text, p_amount integer, p_act text, p_subject jsonb
) returns text language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare v_tx xid8; v_looked bigint; v_listed boolean := starts_with(p_about, 'listed ');
begin
    select tx into v_tx from watch.application_look l
        where l.visit = p_visit and l.login = p_here.login and l.about = p_about and l.at > now() - interval '1 hour';
    if found then
        return case when v_tx is distinct from pg_current_xact_id_if_assigned() then null else 'again' end;
    end if;
    select coalesce(sum(l.amount), 0) into v_looked from watch.application_look l
        where l.login = p_here.login and l.at > now() - interval '1 hour'
          and starts_with(l.about, 'listed ') = v_listed;
    select v_looked + count(*) into v_looked from audit.viewed v
        where v.who = p_here.login and v.at > now() - interval '1 hour'
          and (v.how in ('search', 'alike')) = v_listed;
    if v_looked + p_amount > (select case when v_listed then r.list_rows_an_hour else r.views_an_hour end
                              from account.rule r) then
        return 'too_many_views';
    end if;
    insert into watch.application_look (visit, login, about, amount)
        values (p_visit, p_here.login, p_about, p_amount)
        on conflict (visit, login, about) do update set at = clock_timestamp(), tx = pg_current_xact_id();
    perform note(p_here, p_act, p_subject);
    return 'again';
end $$;

-- Those who wait, the oldest first, at most 50: by their number, by parts of name or kana, by birth date. Contract
-- staff find one by its number alone, as they do any patron: an application is of no branch.
create function desk.list_applications(p_visit uuid, p_number text, p_words text, p_birth_date date) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_rows jsonb; v_numbers text; v_found integer; v_why text; v_words text[];
begin
    if p_visit is null or length(coalesce(p_number, '')) > 20 or length(coalesce(p_words, '')) > 200 then
        return refused('not_allowed');
    end if;
    if v_here.role = 'contract_staff' and coalesce(p_number, '') = '' then return refused('search_too_wide'); end if;
    v_words := array(select search_folded(w) from regexp_split_to_table(coalesce(p_words, ''), '[\s\u3000]+') w
                     where search_folded(w) <> '');
    select count(*), coalesce(string_agg(f.number, ' ' order by f.applied_on, f.number), ''),
           coalesce(jsonb_agg(to_jsonb(f) order by f.applied_on, f.number), '[]')
        into v_found, v_numbers, v_rows from (
            select a.number, a.name, a.kana, extract(year from a.birth_date)::integer as birth_year, a.applied_on
            from application a
            where (coalesce(p_number, '') = '' or a.number = p_number)
              and (p_birth_date is null or a.birth_date = p_birth_date)
              and not exists (select from unnest(v_words) w
                              where strpos(search_folded(a.name), w) = 0 and strpos(search_folded(a.kana), w) = 0)
            order by a.applied_on, a.number limit 51) f;
    if v_found > 0 then
        v_why := application_look_refused(v_here, p_visit, 'listed ' || application_digest(v_numbers),
            least(v_found, 50), 'applications listed', jsonb_build_object('number', least(v_found, 50)));
        if v_why is not null then return refused(v_why); end if;
    end if;
    return jsonb_build_object('refusal', null, 'more', v_found > 50,
        'rows', case when v_found > 50 then v_rows - 50 else v_rows end)::text;
end $$;

-- One of them, all of it.
create function desk.open_application(p_visit uuid, p_number text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_application application; v_why text;
begin
    if p_visit is null then return refused('not_allowed'); end if;
    select * into v_application from application where number = p_number;
    if not found then return refused('unknown_application'); end if;
    v_why := application_look_refused(v_here, p_visit, application_digest(p_number), 1, 'application opened',
        jsonb_build_object('application', application_digest(p_number)));
    if v_why is not null then return refused(v_why); end if;
    return jsonb_build_object('refusal', null, 'application', to_jsonb(v_application))::text;
end $$;

-- Registers whoever wrote an application, as the fields say after it was compared with proof (desk.register_patron: what
-- it asks, refuses and answers), and erases it with that.
create function desk.confirm_application(p_operation uuid, p_number text, p_fields text, p_as_new boolean) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_answer text;
begin
    -- as a registration begins: before any application's row
    perform from policy for no key update;
    perform from application where number = p_number for update;
    if not found and not exists (select from operation where id = p_operation) then
        return refused('unknown_application');
    end if;
    v_answer := desk.register_patron(p_operation, p_fields, p_as_new);
    if v_answer::jsonb ->> 'refusal' is null then
        delete from application where number = p_number;
        if found then
            insert into application_done (digest, done_on) values (application_digest(p_number), library_day(0))
                on conflict do nothing;
            perform note(v_here, 'application confirmed',
                         jsonb_build_object('application', application_digest(p_number)));
        end if;
    end if;
    return v_answer;
end $$;

-- Erases an application that becomes no patron; why is on record.
create function desk.reject_application(p_operation uuid, p_number text, p_reason text) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_act text; v_answer text := '{"refusal": null}';
begin
    if p_operation is null or coalesce(p_reason, '') not in ('no_proof', 'not_entitled', 'patron_already', 'taken_back') then
        return refused('not_allowed');
    end if;
    perform from application where number = p_number for update;
    select act into v_act from operation where id = p_operation;
    if found then
        if v_act not in ('reject_app', 'cancelled') then return refused('not_allowed'); end if;
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    if not exists (select from application where number = p_number) then return refused('unknown_application'); end if;
    if not claim(p_operation, 'reject_app') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    delete from application where number = p_number;
    insert into application_done (digest, done_on) values (application_digest(p_number), library_day(0))
        on conflict do nothing;
    update operation set answer = v_answer where id = p_operation;
    perform note(v_here, 'application rejected',
        jsonb_build_object('application', application_digest(p_number), 'reason', p_reason));
    return v_answer;
end $$;

-- == one-time passwords =======================================================================================

-- Makes a patron's one-time password in place of whatever password they had, and says it: this once. 12 letters and
-- digits that nobody takes for one another on paper, 31 to the power of 12 of them. bcrypt: any web server
-- can check it.
create function web.make_password(p_patron bigint, p_expires_at timestamptz) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_made text := ''; v_byte integer;
begin
    while length(v_made) < 14 loop
        if length(v_made) in (4, 9) then v_made := v_made || '-'; end if;
        v_byte := get_byte(web.gen_random_bytes(1), 0);
        -- each letter as likely as any other
        continue when v_byte >= 248;
        v_made := v_made || substr('abcdefghjkmnpqrstuvwxyz23456789', v_byte % 31 + 1, 1);
    end loop;
    insert into web.password (patron_id, verifier, temporary, expires_at)
        values (p_patron, web.crypt(v_made, web.gen_salt('bf', 10)), true, p_expires_at)
        on conflict (patron_id) do update set
            verifier = excluded.verifier, temporary = true, expires_at = excluded.expires_at;
    return v_made;
end $$;

create function web.erase_passwords(p_until timestamptz) returns integer language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare v_erased integer;
begin
    delete from web.password where expires_at < p_until;
    get diagnostics v_erased = row_count;
    return v_erased;
end $$;

-- A one-time password for the web, to be printed for the patron. It is in this answer and nowhere else; a repeat
-- answers that it was made ('made_already'), and whoever lost it has another made.
create function desk.issue_web_password(p_operation uuid, p_patron bigint) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_here here := here(); v_expires timestamptz; v_password text; v_zone text; v_answer text;
begin
    if p_patron is null then return refused('not_allowed'); end if;
    if exists (select from patron where id = p_patron) and not is_theirs(v_here, p_patron) then
        return refused('not_allowed');
    end if;
    -- to have one made is a look at whoever it is for: on record before it is said, and counted
    v_answer := begin_about(v_here, p_operation, 'web_password', p_patron);
    if v_answer is not null then return v_answer; end if;
    if not exists (select from card where patron_id = p_patron and state = 'active') then
        return refused('card_lost');
    end if;
    if not claim(p_operation, 'web_password') then
        perform said_again(v_here);
        return earlier_answer(p_operation);
    end if;
    select library_clock() + make_interval(hours => r.web_password_hours) into strict v_expires from account.rule r;
    select time_zone into strict v_zone from policy;
    v_password := web.make_password(p_patron, v_expires);
    update operation set answer = refused('made_already') where id = p_operation;
    perform note(v_here, 'web password issued', jsonb_build_object('patron', p_patron));
    return jsonb_build_object('refusal', null, 'password', v_password,
        'expires', to_char(v_expires at time zone v_zone, 'YYYY-MM-DD"T"HH24:MI'))::text;
end $$;

-- == by the clock =============================================================================================

-- Erases applications that nobody came for, what is remembered of those that were dealt with, and one-time passwords
-- that are over; how many applications.
create function watch.erase_web_side() returns integer language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
declare v_before date; v_erased integer;
begin
    select library_day(-application_days::integer) into strict v_before from policy;
    delete from application where applied_on < v_before;
    get diagnostics v_erased = row_count;
    if v_erased > 0 then
        perform audit.note(0, session_user::text, 'applications erased', jsonb_build_object('number', v_erased));
    end if;
    delete from application_done where done_on < v_before;
    delete from watch.application_look where at < now() - interval '1 day';
    perform web.erase_passwords(library_clock());
    return v_erased;
end $$;

-- Planned for large tables until they are analysed, it was compiled at every call: a second, under the one lock of
-- all registrations.
alter function public.facts_of_categories() set jit = off;
