-- The lists of a branch as functions: written by madoguchi.app.server.read_functions from the statements that the
-- embedded library runs. They are for madoguchi_owner's own functions.

create function public.facts_of_pull_list(p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
WITH titles_here AS
(SELECT DISTINCT queued.title_id AS title_id
FROM reservation AS queued
WHERE queued.state = 'waiting' AND (NOT queued.suspended OR queued.resume_on <= library_day(0::INTEGER)) AND (EXISTS (SELECT *
FROM item
WHERE item.title_id = queued.title_id AND item.home_branch_id = p_branch_id::SMALLINT))),
copies AS
(SELECT item.id AS item_id, item.title_id AS title_id, item.home_branch_id AS home_branch_id, item.number AS number, item.not_found AS not_found, CASE WHEN (EXISTS (SELECT *
FROM reservation AS queued
WHERE queued.state = 'waiting' AND (NOT queued.suspended OR queued.resume_on <= library_day(0::INTEGER)) AND queued.item_id = item.id AND queued.title_id = item.title_id)) THEN 1::INTEGER ELSE 0::INTEGER END AS asked_for
FROM titles_here JOIN item ON item.title_id = titles_here.title_id
WHERE NOT (EXISTS (SELECT *
FROM loan AS open_loan
WHERE open_loan.item_id = item.id AND open_loan.returned_at IS NULL)) AND NOT (EXISTS (SELECT *
FROM transit
WHERE transit.item_id = item.id)) AND NOT (EXISTS (SELECT *
FROM reservation AS trap
WHERE trap.trapped_item_id = item.id AND trap.state IN ('in_transit', 'ready'))) AND NOT (EXISTS (SELECT *
FROM shelf_leftover
WHERE shelf_leftover.item_id = item.id)) AND NOT item.reference_only AND item.missing_since IS NULL AND (item.not_found_on IS NULL OR item.not_found_on < library_day(0::INTEGER))),
how_many AS
(SELECT copies.title_id AS title_id, count(*) AS n
FROM copies GROUP BY copies.title_id),
in_order AS
(SELECT queued.id AS id, queued.title_id AS title_id, queued.pickup_branch_id AS pickup_branch_id, queued.placed_at AS placed_at, row_number() OVER (PARTITION BY queued.title_id ORDER BY queued.placed_at, queued.id) AS place
FROM how_many JOIN reservation AS queued ON queued.title_id = how_many.title_id
WHERE queued.state = 'waiting' AND (NOT queued.suspended OR queued.resume_on <= library_day(0::INTEGER)) AND queued.item_id IS NULL),
wanted AS
(SELECT in_order.id AS id, in_order.title_id AS title_id, in_order.pickup_branch_id AS pickup_branch_id, in_order.placed_at AS placed_at, in_order.place AS place, row_number() OVER (PARTITION BY in_order.title_id, in_order.pickup_branch_id ORDER BY in_order.place) AS place_here
FROM in_order JOIN how_many ON how_many.title_id = in_order.title_id
WHERE in_order.place <= how_many.n),
never_in_vain AS
(SELECT copies.item_id AS item_id, copies.title_id AS title_id, copies.home_branch_id AS home_branch_id, row_number() OVER (PARTITION BY copies.title_id, copies.home_branch_id ORDER BY copies.asked_for, copies.number) AS place_here
FROM copies
WHERE copies.not_found = 0::SMALLINT),
near AS
(SELECT never_in_vain.item_id AS item_id, wanted.id AS id, wanted.pickup_branch_id AS pickup_branch_id, wanted.placed_at AS placed_at
FROM wanted JOIN never_in_vain ON never_in_vain.title_id = wanted.title_id AND never_in_vain.home_branch_id = wanted.pickup_branch_id AND never_in_vain.place_here = wanted.place_here),
still_wanted AS
(SELECT wanted.id AS id, wanted.title_id AS title_id, wanted.pickup_branch_id AS pickup_branch_id, wanted.placed_at AS placed_at, row_number() OVER (PARTITION BY wanted.title_id ORDER BY wanted.place) AS place
FROM wanted
WHERE (wanted.id NOT IN (SELECT near.id
FROM near))),
copies_left AS
(SELECT copies.item_id AS item_id, copies.title_id AS title_id, row_number() OVER (PARTITION BY copies.title_id ORDER BY copies.asked_for, copies.not_found, copies.number) AS place
FROM copies
WHERE (copies.item_id NOT IN (SELECT near.item_id
FROM near))),
far AS
(SELECT copies_left.item_id AS item_id, still_wanted.id AS id, still_wanted.pickup_branch_id AS pickup_branch_id, still_wanted.placed_at AS placed_at
FROM still_wanted JOIN copies_left ON copies_left.title_id = still_wanted.title_id AND copies_left.place = still_wanted.place),
this_one AS
(SELECT copies.item_id AS item_id, queued.id AS id, queued.pickup_branch_id AS pickup_branch_id, queued.placed_at AS placed_at
FROM copies JOIN reservation AS queued ON queued.title_id = copies.title_id AND queued.item_id = copies.item_id
WHERE copies.asked_for = 1::INTEGER AND queued.state = 'waiting' AND (NOT queued.suspended OR queued.resume_on <= library_day(0::INTEGER))),
matched AS
(SELECT near.item_id AS item_id, near.id AS id, near.pickup_branch_id AS pickup_branch_id, near.placed_at AS placed_at
FROM near UNION ALL SELECT far.item_id AS item_id, far.id AS id, far.pickup_branch_id AS pickup_branch_id, far.placed_at AS placed_at
FROM far UNION ALL SELECT this_one.item_id AS item_id, this_one.id AS id, this_one.pickup_branch_id AS pickup_branch_id, this_one.placed_at AS placed_at
FROM this_one)
 SELECT item.number, title.ndc, coalesce(nullif(item.author_mark, ''::VARCHAR), (SELECT nullif(substr(title_creator.reading, 1::INTEGER, 1::INTEGER), ''::VARCHAR) AS nullif_2
FROM title_creator
WHERE title_creator.title_id = title.id ORDER BY title_creator.position
 LIMIT 1::INTEGER), nullif(substr(title.title_kana, 1::INTEGER, 1::INTEGER), ''::VARCHAR), ''::VARCHAR) AS author_mark, title.title, title.volume, title.statement, pickup.short_name AS pickup_branch, first.placed_at, policy.time_zone, item.not_found
FROM (SELECT matched.item_id AS item_id, matched.id AS id, matched.pickup_branch_id AS pickup_branch_id, matched.placed_at AS placed_at, row_number() OVER (PARTITION BY matched.item_id ORDER BY matched.placed_at, matched.id) AS place
FROM matched) AS first JOIN item ON item.id = first.item_id JOIN title ON title.id = item.title_id JOIN branch AS pickup ON pickup.id = first.pickup_branch_id JOIN policy ON true
WHERE first.place = 1::INTEGER AND item.home_branch_id = p_branch_id::SMALLINT
    ) row_of);
end $$;

create function public.facts_of_transits(p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT library_day(0::INTEGER) AS today, item.number, title.title, title.volume, transit.from_branch_id, from_branch.short_name AS from_branch, transit.to_branch_id, to_branch.short_name AS to_branch, transit.since, transit.sent_on, EXISTS (SELECT *
FROM reservation AS trap
WHERE trap.trapped_item_id = transit.item_id AND trap.state = 'in_transit') AS reserved, policy.transit_days
FROM policy LEFT OUTER JOIN transit ON transit.from_branch_id = p_branch_id::SMALLINT OR transit.to_branch_id = p_branch_id::SMALLINT LEFT OUTER JOIN item ON item.id = transit.item_id LEFT OUTER JOIN title ON title.id = item.title_id LEFT OUTER JOIN branch AS from_branch ON from_branch.id = transit.from_branch_id LEFT OUTER JOIN branch AS to_branch ON to_branch.id = transit.to_branch_id
    ) row_of);
end $$;

create function public.facts_of_shelf(p_branch_id smallint, p_slip_name text) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT item.number, title.title, title.volume, CASE WHEN (p_slip_name::VARCHAR = 'full'::VARCHAR) THEN patron.name WHEN (p_slip_name::VARCHAR = 'number_end'::VARCHAR) THEN coalesce(CASE WHEN (length(card.number) > 4::INTEGER) THEN substr(card.number, length(card.number) - 3::INTEGER, 4::INTEGER) ELSE card.number END, substr(patron.kana, 1::INTEGER, 1::INTEGER)) ELSE substr(patron.kana, 1::INTEGER, 1::INTEGER) END AS label, reservation.ready_on, reservation.keep_until, reservation.keep_until < library_day(0::INTEGER) AS expired, (EXISTS (SELECT *
FROM telling
WHERE telling.reservation_id = reservation.id AND telling.outcome IN ('reached'::VARCHAR, 'message_left'::VARCHAR, 'posted'::VARCHAR))) OR (EXISTS (SELECT *
FROM outbox
WHERE outbox.reservation_id = reservation.id AND outbox.sent_at IS NOT NULL)) AS told
FROM reservation JOIN item ON item.id = reservation.trapped_item_id JOIN title ON title.id = item.title_id JOIN patron ON patron.id = reservation.patron_id LEFT OUTER JOIN card ON card.patron_id = patron.id AND card.state = 'active'::VARCHAR
WHERE reservation.state = 'ready' AND reservation.pickup_branch_id = p_branch_id::SMALLINT UNION ALL SELECT item.number, title.title, title.volume, '', CAST(NULL AS DATE) AS anon_1, CAST(NULL AS DATE) AS anon__1, false AS anon_2, false AS anon__2
FROM shelf_leftover JOIN item ON item.id = shelf_leftover.item_id JOIN title ON title.id = item.title_id
WHERE shelf_leftover.branch_id = p_branch_id::SMALLINT
    ) row_of);
end $$;
