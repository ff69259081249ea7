-- Written by madoguchi.app.server.read_functions from the statements of this version.

create function public.facts_to_tell(p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT patron.id AS patron_id, patron.name, patron.kana, CASE WHEN (patron.address != '' AND (patron.notice_by = 'post_card' OR patron.telephone = '')) THEN 'post_card' WHEN (patron.telephone != '') THEN 'telephone' ELSE patron.notice_by END AS way, CASE WHEN (patron.address != '' AND (patron.notice_by = 'post_card' OR patron.telephone = '')) THEN patron.postal_code ELSE '' END AS postal_code, CASE WHEN (patron.address != '' AND (patron.notice_by = 'post_card' OR patron.telephone = '')) THEN patron.address WHEN (patron.telephone != '') THEN patron.telephone WHEN (patron.notice_by = 'mail') THEN patron.email ELSE '' END AS reach, reservation.id AS reservation_id, reservation.keep_until, (SELECT count(*) AS count_1
FROM telling
WHERE telling.reservation_id = reservation.id AND telling.outcome = 'no_answer') AS tries, (SELECT max(telling.told_on) AS max_1
FROM telling
WHERE telling.reservation_id = reservation.id AND telling.outcome = 'no_answer') AS last_try, EXISTS (SELECT *
FROM outbox
WHERE outbox.reservation_id = reservation.id AND (outbox.failed_at IS NOT NULL OR outbox.sent_at IS NULL AND outbox.failed_at IS NULL AND outbox.made_at < library_midnight())) AS mail_failed
FROM reservation JOIN patron ON patron.id = reservation.patron_id
WHERE reservation.state = 'ready' AND reservation.pickup_branch_id = p_branch_id::SMALLINT AND reservation.keep_until >= library_day(0::INTEGER) AND patron.notice_by != 'none' AND NOT ((EXISTS (SELECT *
FROM telling
WHERE telling.reservation_id = reservation.id AND telling.outcome != 'no_answer')) OR (EXISTS (SELECT *
FROM outbox
WHERE outbox.reservation_id = reservation.id AND outbox.sent_at IS NOT NULL))) AND NOT (EXISTS (SELECT *
FROM outbox
WHERE outbox.reservation_id = reservation.id AND outbox.sent_at IS NULL AND outbox.failed_at IS NULL AND outbox.made_at >= library_midnight())) ORDER BY reservation.keep_until, patron.id, reservation.id
    ) row_of);
end $$;

create function public.facts_of_shelf_slip(p_item_number text, p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT item.number AS item_number, title.title, title.volume, CASE WHEN (policy.slip_name = 'full') THEN patron.name WHEN (policy.slip_name = 'kana_initial') THEN substr(patron.kana, 1::INTEGER, 1::INTEGER) ELSE substr(coalesce((SELECT card.number
FROM card
WHERE card.patron_id = patron.id ORDER BY card.state = 'active' DESC, card.issued_on DESC, card.number
 LIMIT 1), ''), CASE WHEN (length(coalesce((SELECT card.number
FROM card
WHERE card.patron_id = patron.id ORDER BY card.state = 'active' DESC, card.issued_on DESC, card.number
 LIMIT 1), '')) > 4::INTEGER) THEN length(coalesce((SELECT card.number
FROM card
WHERE card.patron_id = patron.id ORDER BY card.state = 'active' DESC, card.issued_on DESC, card.number
 LIMIT 1), '')) - 3::INTEGER ELSE 1::INTEGER END) END AS label, branch.name AS branch, reservation.keep_until
FROM item JOIN title ON title.id = item.title_id JOIN policy ON policy.id = 1::SMALLINT JOIN branch ON branch.id = p_branch_id::SMALLINT LEFT OUTER JOIN reservation ON reservation.trapped_item_id = item.id AND reservation.state = 'ready' AND reservation.pickup_branch_id = p_branch_id::SMALLINT LEFT OUTER JOIN patron ON patron.id = reservation.patron_id
WHERE item.number = p_item_number::VARCHAR
    ) row_of);
end $$;
