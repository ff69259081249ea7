-- The embedded library's part of 0010_finding.sql: the same triggers; their functions are the connection's. A key is
-- given once, as the server's sequence gives it: the highest of those who withdrew is kept, and nothing else of them.

create trigger index_patron after insert on patron begin
    insert into patron_search (patron_id, kana_key, name_key, alike_key, telephone_key)
        values (new.id, search_folded(new.kana), search_folded(new.name), person_key(new.kana),
                telephone_key(new.telephone));
end;

create trigger index_patron_again after update of name, kana, telephone on patron begin
    update patron_search set kana_key = search_folded(new.kana), name_key = search_folded(new.name),
            alike_key = person_key(new.kana), telephone_key = telephone_key(new.telephone)
        where patron_id = new.id;
end;

create table patron_key (id integer primary key check (id = 1), highest integer not null);

insert into patron_key (id, highest) values (1, 0);

create trigger patron_key_kept after delete on patron begin
    update patron_key set highest = max(highest, old.id);
end;
