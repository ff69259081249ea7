-- Written from madoguchi.app.server.patron_statements by read_functions; tests compare the two.

create function public.facts_of_patron_file(p_patron_id bigint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT patron.id AS patron_id, (SELECT card.number
FROM card
WHERE card.patron_id = patron.id AND card.state = 'active'::VARCHAR) AS card_number, patron.name, patron.kana, patron.category, patron_category.name AS category_name, patron.notice_by, patron.registered_on, patron.last_used_on, policy.card_idle_years, library_day(0::INTEGER) AS today, patron.version, (SELECT count(*) AS count_1
FROM loan
WHERE loan.patron_id = patron.id AND loan.returned_at IS NULL) AS open_loans, (SELECT count(*) AS count_2
FROM loan
WHERE loan.patron_id = patron.id AND loan.returned_at IS NULL AND loan.due_on < library_day(0::INTEGER)) AS overdue_items, (SELECT count(*) AS count_3
FROM reservation
WHERE reservation.patron_id = patron.id AND reservation.state != 'lent'::VARCHAR) AS reservations, (SELECT count(*) AS count_4
FROM card
WHERE card.patron_id = patron.id AND card.state = 'lost'::VARCHAR) AS lost_cards
FROM patron JOIN patron_category ON patron_category.code = patron.category JOIN policy ON policy.id = 1::SMALLINT
WHERE patron.id = p_patron_id::BIGINT
    ) row_of);
end $$;

create function public.facts_of_person(p_patron_id bigint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT patron.name, patron.kana, patron.birth_date, patron.category, patron.postal_code, patron.address, patron.telephone, patron.email, patron.notice_by, patron.proof
FROM patron
WHERE patron.id = p_patron_id::BIGINT
    ) row_of);
end $$;

create function public.facts_of_categories() returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT patron_category.code, patron_category.name
FROM patron_category
WHERE NOT (EXISTS (SELECT material_kind.code
FROM material_kind
WHERE NOT (EXISTS (SELECT loan_term.category
FROM loan_term
WHERE loan_term.category = patron_category.code AND loan_term.loan_group = material_kind.loan_group)))) ORDER BY patron_category.code
    ) row_of);
end $$;
