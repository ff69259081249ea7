-- Written from madoguchi.app.server.statements by read_functions; tests compare the two.

create function public.facts_of_patron(p_card_number text, p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT library_day(0::INTEGER) AS today, policy.overdue_block_days AS policy_overdue_block_days, policy.card_idle_years AS policy_card_idle_years, policy.max_renewals AS policy_max_renewals, policy.due_on_open_day AS policy_due_on_open_day, policy.undo_minutes AS policy_undo_minutes, policy.shelf_open_days AS policy_shelf_open_days, policy.backdate_days AS policy_backdate_days, (SELECT string_agg(CAST(closed_day.day AS TEXT), ',') AS aggregate_strings_1
FROM closed_day
WHERE closed_day.branch_id = p_branch_id::SMALLINT AND closed_day.day BETWEEN library_day(-31::INTEGER) AND library_day(120::INTEGER)) AS closed_days, card.number AS card_number, card.state AS card_state, patron.id AS patron_id, patron.last_used_on AS last_used_on, EXISTS (SELECT *
FROM patron_note AS note
WHERE note.patron_id = patron.id AND (note.ends_on IS NULL OR note.ends_on >= library_day(0::INTEGER)) AND note.blocks) AS blocked, patron.name AS patron_name, patron.kana AS patron_kana, patron_category.name AS category_name, (SELECT string_agg(held.text, '／') AS aggregate_strings_3
FROM (SELECT note.text AS text
FROM patron_note AS note
WHERE note.patron_id = patron.id AND (note.ends_on IS NULL OR note.ends_on >= library_day(0::INTEGER)) ORDER BY note.blocks DESC, note.made_on, note.id) AS held) AS patron_note, loan_term.loan_group, loan_term.max_loans, (SELECT count(*) AS count_1
FROM loan AS open_loan JOIN item AS own_item ON own_item.id = open_loan.item_id JOIN material_kind AS own_kind ON own_kind.code = own_item.kind
WHERE open_loan.patron_id = patron.id AND open_loan.returned_at IS NULL AND own_kind.loan_group = loan_term.loan_group) AS open_loans, (SELECT min(open_loan.due_on) AS min_1
FROM loan AS open_loan
WHERE open_loan.patron_id = patron.id AND open_loan.returned_at IS NULL) AS oldest_due_on, (SELECT count(*) AS count_2
FROM loan AS open_loan
WHERE open_loan.patron_id = patron.id AND open_loan.returned_at IS NULL AND open_loan.due_on < library_day(0::INTEGER)) AS overdue_items, (SELECT count(*) AS count_3
FROM reservation
WHERE reservation.patron_id = patron.id AND reservation.state = 'ready'::VARCHAR AND reservation.pickup_branch_id = p_branch_id::SMALLINT) AS ready_reservations, (SELECT count(*) AS count_4
FROM reservation
WHERE reservation.patron_id = patron.id AND reservation.state = 'in_transit'::VARCHAR) AS travelling_reservations, (SELECT string_agg(elsewhere.text, '／') AS aggregate_strings_5
FROM (SELECT CAST(count(*) AS TEXT) || ','::VARCHAR || branch.name AS text
FROM reservation JOIN branch ON branch.id = reservation.pickup_branch_id
WHERE reservation.patron_id = patron.id AND reservation.state = 'ready'::VARCHAR AND reservation.pickup_branch_id != p_branch_id::SMALLINT GROUP BY branch.id, branch.name ORDER BY branch.id) AS elsewhere) AS ready_elsewhere
FROM card JOIN patron ON patron.id = card.patron_id JOIN patron_category ON patron_category.code = patron.category JOIN loan_term ON loan_term.category = patron.category JOIN policy ON true
WHERE card.number = p_card_number::VARCHAR
    ) row_of);
end $$;

create function public.facts_of_checkout(p_operation uuid, p_visit uuid, p_card_number text, p_item_number text, p_branch_id smallint, p_login text) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT library_day(0::INTEGER) AS today, policy.overdue_block_days AS policy_overdue_block_days, policy.card_idle_years AS policy_card_idle_years, policy.max_renewals AS policy_max_renewals, policy.due_on_open_day AS policy_due_on_open_day, policy.undo_minutes AS policy_undo_minutes, policy.shelf_open_days AS policy_shelf_open_days, policy.backdate_days AS policy_backdate_days, (SELECT string_agg(CAST(closed_day.day AS TEXT), ',') AS aggregate_strings_1
FROM closed_day
WHERE closed_day.branch_id = p_branch_id::SMALLINT AND closed_day.day BETWEEN library_day(-31::INTEGER) AND library_day(120::INTEGER)) AS closed_days, card.number AS card_number, card.state AS card_state, patron.id AS patron_id, patron.last_used_on AS last_used_on, EXISTS (SELECT *
FROM patron_note AS note
WHERE note.patron_id = patron.id AND (note.ends_on IS NULL OR note.ends_on >= library_day(0::INTEGER)) AND note.blocks) AS blocked, item.number AS item_number, item.kind, item.reference_only, item.borrowed_from, item.attachments, item.note AS item_note, item.home_branch_id, home.name AS home_branch, title.title, title.volume, title.statement, material_kind.loan_group, loan.id AS loan_id, loan.patron_id AS loan_patron_id, loan.lent_on, loan.due_on, loan.renewals, borrower_term.max_loans AS loan_max_loans, borrower_term.loan_days AS loan_days, head.id AS head_id, head.patron_id AS head_patron_id, head.pickup_branch_id AS head_pickup_branch_id, pickup.name AS head_pickup_branch, head.state AS head_state, (SELECT count(*) AS count_1
FROM reservation AS queued
WHERE NOT item.reference_only AND queued.title_id = item.title_id AND queued.state = 'waiting'::VARCHAR AND (NOT queued.suspended OR coalesce(queued.resume_on <= library_day(0::INTEGER), false)) AND (queued.item_id IS NULL OR queued.item_id = item.id)) AS waiting, (SELECT count(*) AS count_2
FROM reservation AS queued
WHERE NOT item.reference_only AND queued.title_id = item.title_id AND queued.state = 'waiting'::VARCHAR AND (NOT queued.suspended OR coalesce(queued.resume_on <= library_day(0::INTEGER), false)) AND (queued.item_id IS NULL OR queued.item_id = item.id) AND queued.patron_id != loan.patron_id) AS others_waiting, (SELECT operation.act
FROM operation
WHERE operation.id = p_operation::UUID) AS earlier_act, (SELECT operation.answer
FROM operation
WHERE operation.id = p_operation::UUID) AS earlier_answer, loan_term.max_loans, loan_term.loan_days AS term_days, (SELECT count(*) AS count_3
FROM loan AS open_loan JOIN item AS own_item ON own_item.id = open_loan.item_id JOIN material_kind AS own_kind ON own_kind.code = own_item.kind
WHERE open_loan.patron_id = patron.id AND open_loan.returned_at IS NULL AND own_kind.loan_group = material_kind.loan_group) AS open_loans, (SELECT min(open_loan.due_on) AS min_1
FROM loan AS open_loan
WHERE open_loan.patron_id = patron.id AND open_loan.returned_at IS NULL) AS oldest_due_on, (SELECT count(*) AS count_4
FROM reservation AS queued
WHERE NOT item.reference_only AND queued.title_id = item.title_id AND queued.state = 'waiting'::VARCHAR AND (NOT queued.suspended OR coalesce(queued.resume_on <= library_day(0::INTEGER), false)) AND (queued.item_id IS NULL OR queued.item_id = item.id) AND queued.patron_id != patron.id AND NOT (EXISTS (SELECT *
FROM reservation AS own_place
WHERE own_place.title_id = item.title_id AND own_place.state = 'waiting'::VARCHAR AND (NOT own_place.suspended OR coalesce(own_place.resume_on <= library_day(0::INTEGER), false)) AND own_place.patron_id = patron.id AND (own_place.item_id IS NULL OR own_place.item_id = item.id) AND (own_place.placed_at < queued.placed_at OR own_place.placed_at = queued.placed_at AND own_place.id < queued.id)))) AS others_ahead, (SELECT string_agg(loan_override.refusal, ',') AS aggregate_strings_3
FROM loan_override
WHERE loan_override.visit_id = p_visit::UUID AND loan_override.patron_id = patron.id AND loan_override.login = p_login::VARCHAR AND (loan_override.item_id = item.id OR loan_override.item_id IS NULL AND NOT loan_override.item_erased)) AS overrides
FROM policy LEFT OUTER JOIN card ON card.number = p_card_number::VARCHAR LEFT OUTER JOIN patron ON patron.id = card.patron_id LEFT OUTER JOIN item ON item.number = p_item_number::VARCHAR LEFT OUTER JOIN title ON title.id = item.title_id LEFT OUTER JOIN branch AS home ON home.id = item.home_branch_id LEFT OUTER JOIN material_kind ON material_kind.code = item.kind LEFT OUTER JOIN loan ON loan.item_id = item.id AND loan.returned_at IS NULL LEFT OUTER JOIN patron AS borrower ON borrower.id = loan.patron_id LEFT OUTER JOIN loan_term AS borrower_term ON borrower_term.category = borrower.category AND borrower_term.loan_group = material_kind.loan_group LEFT OUTER JOIN reservation AS head ON head.id = coalesce((SELECT queued.id
FROM reservation AS queued
WHERE queued.trapped_item_id = item.id AND queued.state IN ('in_transit'::VARCHAR, 'ready'::VARCHAR)), (SELECT queued.id
FROM reservation AS queued
WHERE NOT item.reference_only AND queued.title_id = item.title_id AND queued.state = 'waiting'::VARCHAR AND (NOT queued.suspended OR coalesce(queued.resume_on <= library_day(0::INTEGER), false)) AND (queued.item_id IS NULL OR queued.item_id = item.id) ORDER BY queued.placed_at, queued.id
 LIMIT 1::INTEGER)) LEFT OUTER JOIN branch AS pickup ON pickup.id = head.pickup_branch_id LEFT OUTER JOIN loan_term ON loan_term.category = patron.category AND loan_term.loan_group = material_kind.loan_group
    ) row_of);
end $$;

create function public.facts_of_item(p_operation uuid, p_item_number text, p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT library_day(0::INTEGER) AS today, policy.overdue_block_days AS policy_overdue_block_days, policy.card_idle_years AS policy_card_idle_years, policy.max_renewals AS policy_max_renewals, policy.due_on_open_day AS policy_due_on_open_day, policy.undo_minutes AS policy_undo_minutes, policy.shelf_open_days AS policy_shelf_open_days, policy.backdate_days AS policy_backdate_days, (SELECT string_agg(CAST(closed_day.day AS TEXT), ',') AS aggregate_strings_1
FROM closed_day
WHERE closed_day.branch_id = p_branch_id::SMALLINT AND closed_day.day BETWEEN library_day(-31::INTEGER) AND library_day(120::INTEGER)) AS closed_days, item.number AS item_number, item.kind, item.reference_only, item.borrowed_from, item.attachments, item.note AS item_note, item.home_branch_id, home.name AS home_branch, title.title, title.volume, title.statement, material_kind.loan_group, loan.id AS loan_id, loan.patron_id AS loan_patron_id, loan.lent_on, loan.due_on, loan.renewals, borrower_term.max_loans AS loan_max_loans, borrower_term.loan_days AS loan_days, head.id AS head_id, head.patron_id AS head_patron_id, head.pickup_branch_id AS head_pickup_branch_id, pickup.name AS head_pickup_branch, head.state AS head_state, (SELECT count(*) AS count_1
FROM reservation AS queued
WHERE NOT item.reference_only AND queued.title_id = item.title_id AND queued.state = 'waiting'::VARCHAR AND (NOT queued.suspended OR coalesce(queued.resume_on <= library_day(0::INTEGER), false)) AND (queued.item_id IS NULL OR queued.item_id = item.id)) AS waiting, (SELECT count(*) AS count_2
FROM reservation AS queued
WHERE NOT item.reference_only AND queued.title_id = item.title_id AND queued.state = 'waiting'::VARCHAR AND (NOT queued.suspended OR coalesce(queued.resume_on <= library_day(0::INTEGER), false)) AND (queued.item_id IS NULL OR queued.item_id = item.id) AND queued.patron_id != loan.patron_id) AS others_waiting, (SELECT operation.act
FROM operation
WHERE operation.id = p_operation::UUID) AS earlier_act, (SELECT operation.answer
FROM operation
WHERE operation.id = p_operation::UUID) AS earlier_answer
FROM policy LEFT OUTER JOIN item ON item.number = p_item_number::VARCHAR LEFT OUTER JOIN title ON title.id = item.title_id LEFT OUTER JOIN branch AS home ON home.id = item.home_branch_id LEFT OUTER JOIN material_kind ON material_kind.code = item.kind LEFT OUTER JOIN loan ON loan.item_id = item.id AND loan.returned_at IS NULL LEFT OUTER JOIN patron AS borrower ON borrower.id = loan.patron_id LEFT OUTER JOIN loan_term AS borrower_term ON borrower_term.category = borrower.category AND borrower_term.loan_group = material_kind.loan_group LEFT OUTER JOIN reservation AS head ON head.id = coalesce((SELECT queued.id
FROM reservation AS queued
WHERE queued.trapped_item_id = item.id AND queued.state IN ('in_transit'::VARCHAR, 'ready'::VARCHAR)), (SELECT queued.id
FROM reservation AS queued
WHERE NOT item.reference_only AND queued.title_id = item.title_id AND queued.state = 'waiting'::VARCHAR AND (NOT queued.suspended OR coalesce(queued.resume_on <= library_day(0::INTEGER), false)) AND (queued.item_id IS NULL OR queued.item_id = item.id) ORDER BY queued.placed_at, queued.id
 LIMIT 1::INTEGER)) LEFT OUTER JOIN branch AS pickup ON pickup.id = head.pickup_branch_id
    ) row_of);
end $$;

create function public.facts_of_today(p_branch_id smallint) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT statistic.hour, statistic.act, sum(statistic.amount) AS amount
FROM statistic
WHERE statistic.day = library_day(0::INTEGER) AND statistic.branch_id = p_branch_id::SMALLINT AND statistic.act IN ('checkout'::VARCHAR, 'checkin'::VARCHAR, 'renewal'::VARCHAR) GROUP BY statistic.hour, statistic.act ORDER BY statistic.hour, statistic.act
    ) row_of);
end $$;
