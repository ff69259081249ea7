-- Written from madoguchi.app.server.title_statements by read_functions; tests compare the two.

create function public.facts_of_titles(p_title_ids bigint[], p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT title.id AS title_id, title.title, title.volume, title.statement, title.publisher, title.year, (SELECT min(item.kind) AS min_1
FROM item
WHERE item.title_id = title.id) AS kind, (SELECT count(*) AS count_1
FROM item
WHERE item.title_id = title.id) AS copies, (SELECT count(*) AS count_2
FROM item
WHERE item.title_id = title.id AND NOT (EXISTS (SELECT *
FROM loan AS open_loan
WHERE open_loan.item_id = item.id AND open_loan.returned_at IS NULL)) AND NOT (EXISTS (SELECT *
FROM transit
WHERE transit.item_id = item.id)) AND NOT (EXISTS (SELECT *
FROM reservation AS trap
WHERE trap.trapped_item_id = item.id AND trap.state IN ('in_transit', 'ready'))) AND NOT (EXISTS (SELECT *
FROM shelf_leftover
WHERE shelf_leftover.item_id = item.id)) AND item.missing_since IS NULL AND item.home_branch_id = p_branch_id::SMALLINT) AS here, (SELECT count(*) AS count_3
FROM item
WHERE item.title_id = title.id AND NOT (EXISTS (SELECT *
FROM loan AS open_loan
WHERE open_loan.item_id = item.id AND open_loan.returned_at IS NULL)) AND NOT (EXISTS (SELECT *
FROM transit
WHERE transit.item_id = item.id)) AND NOT (EXISTS (SELECT *
FROM reservation AS trap
WHERE trap.trapped_item_id = item.id AND trap.state IN ('in_transit', 'ready'))) AND NOT (EXISTS (SELECT *
FROM shelf_leftover
WHERE shelf_leftover.item_id = item.id)) AND item.missing_since IS NULL) AS on_shelf, (SELECT count(*) AS count_4
FROM reservation
WHERE reservation.title_id = title.id AND reservation.state = 'waiting') AS waiting
FROM unnest(p_title_ids::BIGINT[]) WITH ORDINALITY AS anon_1(title_id, place) JOIN title ON title.id = anon_1.title_id ORDER BY anon_1.place
    ) row_of);
end $$;

create function public.facts_of_title(p_title_id bigint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT title.id, title.ndl_id, title.title, title.title_kana, title.volume, title.series, title.statement, title.publisher, title.year, title.isbn, title.ndc, title.edition, title.extent
FROM title
WHERE title.id = p_title_id::BIGINT
    ) row_of);
end $$;

create function public.facts_of_copies(p_title_id bigint, p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT item.number, item.kind, item.reference_only, item.borrowed_from, home.short_name AS home, CASE WHEN (open_loan.id IS NOT NULL) THEN 'lent'::VARCHAR WHEN (transit.item_id IS NOT NULL) THEN 'transit'::VARCHAR WHEN (trap.id IS NOT NULL) THEN 'reservation_shelf'::VARCHAR WHEN (shelf_leftover.item_id IS NOT NULL) THEN 'reservation_shelf'::VARCHAR WHEN (item.missing_since IS NOT NULL) THEN 'missing'::VARCHAR ELSE 'shelf'::VARCHAR END AS place, CASE WHEN (open_loan.id IS NOT NULL) THEN ''::VARCHAR WHEN (transit.item_id IS NOT NULL) THEN to_branch.short_name WHEN (trap.id IS NOT NULL) THEN pickup.short_name WHEN (shelf_leftover.item_id IS NOT NULL) THEN kept.short_name ELSE home.short_name END AS at, open_loan.due_on, item.home_branch_id = p_branch_id::SMALLINT AND NOT (EXISTS (SELECT *
FROM loan AS open_loan
WHERE open_loan.item_id = item.id AND open_loan.returned_at IS NULL)) AND NOT (EXISTS (SELECT *
FROM transit
WHERE transit.item_id = item.id)) AND NOT (EXISTS (SELECT *
FROM reservation AS trap
WHERE trap.trapped_item_id = item.id AND trap.state IN ('in_transit', 'ready'))) AND NOT (EXISTS (SELECT *
FROM shelf_leftover
WHERE shelf_leftover.item_id = item.id)) AND item.missing_since IS NULL AS here
FROM item JOIN branch AS home ON home.id = item.home_branch_id LEFT OUTER JOIN loan AS open_loan ON open_loan.item_id = item.id AND open_loan.returned_at IS NULL LEFT OUTER JOIN reservation AS trap ON trap.trapped_item_id = item.id AND trap.state IN ('in_transit', 'ready') LEFT OUTER JOIN branch AS pickup ON pickup.id = trap.pickup_branch_id LEFT OUTER JOIN transit ON transit.item_id = item.id LEFT OUTER JOIN branch AS to_branch ON to_branch.id = transit.to_branch_id LEFT OUTER JOIN shelf_leftover ON shelf_leftover.item_id = item.id LEFT OUTER JOIN branch AS kept ON kept.id = shelf_leftover.branch_id
WHERE item.title_id = p_title_id::BIGINT ORDER BY item.home_branch_id != p_branch_id::SMALLINT, item.home_branch_id, item.number
 LIMIT 300::INTEGER
    ) row_of);
end $$;

create function public.facts_of_queue(p_title_id bigint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT branch.name AS branch, count(*) AS waiting
FROM reservation JOIN branch ON branch.id = reservation.pickup_branch_id
WHERE reservation.title_id = p_title_id::BIGINT AND reservation.state = 'waiting' GROUP BY branch.id, branch.name ORDER BY branch.id
    ) row_of);
end $$;

create function public.facts_of_branches() returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT branch.id, branch.name
FROM branch ORDER BY branch.id
    ) row_of);
end $$;
