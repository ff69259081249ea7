-- Written from madoguchi.app.server.queue_statements by read_functions; tests compare the two.

create function public.facts_of_waiter(p_card_number text) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT patron.id AS patron_id, patron.name, card.number AS card_number, library_day(0::INTEGER) AS today, policy.time_zone, policy.max_reservations
FROM card JOIN patron ON patron.id = card.patron_id JOIN policy ON policy.id = 1::SMALLINT
WHERE card.number = p_card_number::VARCHAR
    ) row_of);
end $$;

create function public.facts_of_waited_for(p_patron_id bigint, p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT one.id AS reservation_id, asked.number AS item_number, one.pickup_branch_id, pickup.name AS pickup_branch, one.placed_at, one.asked_on, CASE WHEN (one.state = 'waiting'::VARCHAR AND NOT (NOT one.suspended OR coalesce(one.resume_on <= library_day(0::INTEGER), false))) THEN 'suspended'::VARCHAR ELSE one.state END AS state, one.resume_on, one.keep_until, one.title_id, title.title, title.volume, title.statement, CASE WHEN (one.state = 'waiting'::VARCHAR) THEN (SELECT count(*) AS count_1
FROM reservation AS other
WHERE other.title_id = one.title_id AND other.state = 'waiting' AND (other.placed_at < one.placed_at OR other.placed_at = one.placed_at AND other.id <= one.id)) ELSE 0::INTEGER END AS place, (SELECT count(*) AS count_2
FROM reservation AS other
WHERE other.title_id = one.title_id AND other.state = 'waiting') AS waiting, one.pickup_branch_id = p_branch_id::SMALLINT AS here
FROM reservation AS one JOIN branch AS pickup ON pickup.id = one.pickup_branch_id LEFT OUTER JOIN item AS asked ON asked.id = one.item_id JOIN title ON title.id = one.title_id
WHERE one.patron_id = p_patron_id::BIGINT AND one.state != 'lent'::VARCHAR ORDER BY CASE WHEN (one.state = 'ready'::VARCHAR) THEN 0::INTEGER WHEN (one.state = 'in_transit'::VARCHAR) THEN 1::INTEGER ELSE 2::INTEGER END, one.placed_at, one.id
    ) row_of);
end $$;

create function public.facts_of_queued_title(p_title_id bigint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT title.id AS title_id, title.title, title.volume, library_day(0::INTEGER) AS today, policy.time_zone
FROM title JOIN policy ON policy.id = 1::SMALLINT
WHERE title.id = p_title_id::BIGINT
    ) row_of);
end $$;

create function public.facts_of_who_waits(p_title_id bigint, p_login text) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT one.id AS reservation_id, asked.number AS item_number, one.pickup_branch_id, pickup.name AS pickup_branch, one.placed_at, one.asked_on, CASE WHEN (one.state = 'waiting'::VARCHAR AND NOT (NOT one.suspended OR coalesce(one.resume_on <= library_day(0::INTEGER), false))) THEN 'suspended'::VARCHAR ELSE one.state END AS state, one.resume_on, one.keep_until, CASE WHEN (NOT (NOT (EXISTS (SELECT *
FROM staff
WHERE staff.login = p_login::VARCHAR AND staff.role = 'contract_staff'::VARCHAR)) OR (EXISTS (SELECT *
FROM staff_branch
WHERE staff_branch.login = p_login::VARCHAR AND staff_branch.branch_id = patron.branch_id)))) THEN ''::VARCHAR WHEN (length(card.number) > 4::INTEGER) THEN substr(card.number, length(card.number) - 3::INTEGER) ELSE coalesce(card.number, ''::VARCHAR) END AS number_end, CASE WHEN (NOT (EXISTS (SELECT *
FROM staff
WHERE staff.login = p_login::VARCHAR AND staff.role = 'contract_staff'::VARCHAR)) OR (EXISTS (SELECT *
FROM staff_branch
WHERE staff_branch.login = p_login::VARCHAR AND staff_branch.branch_id = patron.branch_id))) THEN substr(patron.kana, 1::INTEGER, 1::INTEGER) ELSE ''::VARCHAR END AS kana_initial
FROM reservation AS one JOIN branch AS pickup ON pickup.id = one.pickup_branch_id LEFT OUTER JOIN item AS asked ON asked.id = one.item_id JOIN patron ON patron.id = one.patron_id LEFT OUTER JOIN card ON card.patron_id = patron.id AND card.state = 'active'::VARCHAR
WHERE one.title_id = p_title_id::BIGINT AND one.state = 'waiting' OR one.title_id = p_title_id::BIGINT AND one.state IN ('in_transit', 'ready') ORDER BY CASE WHEN (one.state = 'ready'::VARCHAR) THEN 0::INTEGER WHEN (one.state = 'in_transit'::VARCHAR) THEN 1::INTEGER ELSE 2::INTEGER END, one.placed_at, one.id
    ) row_of);
end $$;
