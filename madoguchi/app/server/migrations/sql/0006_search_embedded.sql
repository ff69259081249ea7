-- The embedded library's part of 0006_search.sql: the same view and triggers, and an index of pairs that FTS5
-- keeps. It holds no text of its own: the words are pairs of letters, written as plain letters.

create view title_searched as
select t.id as title_id,
    substr(search_folded(t.title), 1, 200) as title_key,
    substr(search_folded(t.title_kana), 1, 200) as kana_key,
    coalesce(t.isbn, '') as isbn,
    t.ndc,
    t.year,
    search_folded(t.title) || char(30) || search_folded(t.volume) || char(30) || search_reading(t.title_kana)
        || char(31)
        || coalesce((
            select group_concat(search_folded(c.name) || char(30) || search_folded(c.reading), char(30))
            from (select name, reading from title_creator where title_id = t.id order by position) c), '')
        || char(30) || search_folded(t.statement)
        || char(31) || search_folded(t.publisher)
        || char(31) || search_folded(t.series) as searched
from title t;

create virtual table title_pairs using fts5(pairs, content='', detail='none', columnsize=0, tokenize='ascii');

create trigger pairs_in after insert on title_search begin
    insert into title_pairs (rowid, pairs) values (new.title_id, search_pairs(new.searched));
end;

create trigger pairs_out after delete on title_search begin
    insert into title_pairs (title_pairs, rowid, pairs) values ('delete', old.title_id, search_pairs(old.searched));
end;

create trigger index_title after insert on title begin
    insert into title_search select * from title_searched where title_id = new.id;
end;

create trigger index_title_again after update on title begin
    delete from title_search where title_id = new.id;
    insert into title_search select * from title_searched where title_id = new.id;
end;

create trigger index_creator after insert on title_creator begin
    delete from title_search where title_id = new.title_id;
    insert into title_search select * from title_searched where title_id = new.title_id;
end;

create trigger index_creator_again after update on title_creator begin
    delete from title_search where title_id = new.title_id;
    insert into title_search select * from title_searched where title_id = new.title_id;
end;

create trigger index_creator_gone after delete on title_creator begin
    delete from title_search where title_id = old.title_id;
    insert into title_search select * from title_searched where title_id = old.title_id;
end;
