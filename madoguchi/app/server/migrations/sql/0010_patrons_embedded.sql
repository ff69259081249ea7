-- The embedded library's part of 0010_finding.sql: the same triggers; their functions are the connection's.

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
