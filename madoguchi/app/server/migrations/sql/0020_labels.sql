-- What labels say, as functions: written by madoguchi.app.server.read_functions from the statements that the embedded
-- library runs. They are for madoguchi_owner's own functions.

create function public.facts_of_label(p_item_number text) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT item.number, title.title, title.volume, title.ndc, coalesce(nullif(item.author_mark, ''::VARCHAR), (SELECT nullif(substr(title_creator.reading, 1::INTEGER, 1::INTEGER), ''::VARCHAR) AS nullif_2
FROM title_creator
WHERE title_creator.title_id = title.id ORDER BY title_creator.position
 LIMIT 1::INTEGER), nullif(substr(title.title_kana, 1::INTEGER, 1::INTEGER), ''::VARCHAR), ''::VARCHAR) AS author_mark
FROM item JOIN title ON title.id = item.title_id
WHERE item.number = p_item_number::VARCHAR
    ) row_of);
end $$;

create function public.facts_of_item_ranges() returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
begin
    return (select jsonb_agg(to_jsonb(row_of)) from (
SELECT item_range.prefix, item_range.digits, item_range.checked, item_range.first, item_range.size, branch.short_name AS branch, item_range.allotted_on
FROM item_range JOIN branch ON branch.id = item_range.branch_id ORDER BY item_range.id DESC
 LIMIT 50::INTEGER
    ) row_of);
end $$;
