-- Written from madoguchi.app.server.statements by read_functions; tests compare the two.

create function public.facts_of_reservation(p_operation uuid, p_card_number text, p_title_id bigint, p_item_number text, p_pickup_branch_id bigint, p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT library_day(0::INTEGER) AS today, policy.overdue_block_days AS policy_overdue_block_days, policy.card_idle_years AS policy_card_idle_years, policy.max_renewals AS policy_max_renewals, policy.due_on_open_day AS policy_due_on_open_day, policy.undo_minutes AS policy_undo_minutes, policy.shelf_open_days AS policy_shelf_open_days, policy.backdate_days AS policy_backdate_days, (SELECT string_agg(CAST(closed_day.day AS TEXT), ',') AS aggregate_strings_1
FROM closed_day
WHERE closed_day.branch_id = p_branch_id::SMALLINT AND closed_day.day BETWEEN library_day(-31::INTEGER) AND library_day(120::INTEGER)) AS closed_days, policy.max_reservations, card.number AS card_number, card.state AS card_state, patron.id AS patron_id, patron.last_used_on AS last_used_on, EXISTS (SELECT *
FROM patron_note AS note
WHERE note.patron_id = patron.id AND (note.ends_on IS NULL OR note.ends_on >= library_day(0::INTEGER)) AND note.blocks) AS blocked, (SELECT min(open_loan.due_on) AS min_1
FROM loan AS open_loan
WHERE open_loan.patron_id = patron.id AND open_loan.returned_at IS NULL) AS oldest_due_on, (SELECT count(*) AS count_1
FROM reservation AS own
WHERE own.patron_id = patron.id AND own.state IN ('waiting'::VARCHAR, 'in_transit'::VARCHAR, 'ready'::VARCHAR)) AS reservations, loan_term.max_reservations AS max_of_group, (SELECT count(*) AS count_2
FROM reservation AS own
WHERE own.patron_id = patron.id AND own.state IN ('waiting'::VARCHAR, 'in_transit'::VARCHAR, 'ready'::VARCHAR) AND loan_term.loan_group = (SELECT first_kind.loan_group
FROM item AS first_copy JOIN material_kind AS first_kind ON first_kind.code = first_copy.kind
WHERE NOT first_copy.reference_only AND first_copy.title_id = own.title_id AND (own.item_id IS NULL OR first_copy.id = own.item_id) ORDER BY first_copy.id
 LIMIT 1::INTEGER)) AS reservations_of_group, title.id AS title_id, title.title, title.volume, EXISTS (SELECT *
FROM reservation AS own
WHERE own.patron_id = patron.id AND own.state IN ('waiting'::VARCHAR, 'in_transit'::VARCHAR, 'ready'::VARCHAR) AND own.title_id = title.id) AS reserved_by_patron, (SELECT min(open_loan.due_on) AS min_2
FROM loan AS open_loan JOIN item AS own_item ON own_item.id = open_loan.item_id
WHERE open_loan.patron_id = patron.id AND open_loan.returned_at IS NULL AND own_item.title_id = title.id) AS due_on, (SELECT count(*) AS count_3
FROM item
WHERE item.title_id = title.id AND NOT item.reference_only AND (p_item_number::VARCHAR IS NULL OR item.number = p_item_number::VARCHAR)) AS copies_to_lend, (SELECT count(*) AS count_4
FROM item
WHERE item.title_id = title.id AND NOT item.reference_only AND (p_item_number::VARCHAR IS NULL OR item.number = p_item_number::VARCHAR) AND NOT (EXISTS (SELECT *
FROM loan AS open_loan
WHERE open_loan.item_id = item.id AND open_loan.returned_at IS NULL)) AND NOT (EXISTS (SELECT *
FROM transit
WHERE transit.item_id = item.id)) AND NOT (EXISTS (SELECT *
FROM reservation AS trap
WHERE trap.trapped_item_id = item.id AND trap.state IN ('in_transit', 'ready'))) AND NOT (EXISTS (SELECT *
FROM shelf_leftover
WHERE shelf_leftover.item_id = item.id)) AND item.missing_since IS NULL) AS on_shelf, (SELECT count(*) AS count_5
FROM reservation AS queued
WHERE queued.title_id = title.id AND queued.state = 'waiting'::VARCHAR AND (p_item_number::VARCHAR IS NULL OR queued.item_id IS NULL OR queued.item_id = copy.id)) AS waiting, (SELECT count(*) AS count_6
FROM reservation AS queued
WHERE queued.title_id = title.id AND queued.state = 'waiting'::VARCHAR AND (p_item_number::VARCHAR IS NULL OR queued.item_id IS NULL OR queued.item_id = copy.id) AND NOT (NOT queued.suspended OR coalesce(queued.resume_on <= library_day(0::INTEGER), false))) AS passed_over, copy.number AS copy_number, copy.reference_only AS copy_reference_only, pickup.name AS pickup_branch, (SELECT operation.act
FROM operation
WHERE operation.id = p_operation::UUID) AS earlier_act, (SELECT operation.answer
FROM operation
WHERE operation.id = p_operation::UUID) AS earlier_answer
FROM policy LEFT OUTER JOIN card ON card.number = p_card_number::VARCHAR LEFT OUTER JOIN patron ON patron.id = card.patron_id LEFT OUTER JOIN title ON title.id = p_title_id::BIGINT LEFT OUTER JOIN item AS copy ON copy.number = p_item_number::VARCHAR AND copy.title_id = title.id LEFT OUTER JOIN branch AS pickup ON pickup.id = p_pickup_branch_id::BIGINT LEFT OUTER JOIN loan_term ON loan_term.category = patron.category AND loan_term.loan_group = (SELECT first_kind.loan_group
FROM item AS first_copy JOIN material_kind AS first_kind ON first_kind.code = first_copy.kind
WHERE NOT first_copy.reference_only AND first_copy.title_id = title.id AND (p_item_number::VARCHAR IS NULL OR first_copy.number = p_item_number::VARCHAR) ORDER BY first_copy.id
 LIMIT 1::INTEGER)
    ) row_of);
end $$;
