-- The embedded library's part of 0016_telling.sql: the same view and triggers; their functions are the connection's.

create view mail_to_write as
select r.id as reservation_id, r.patron_id, p.email as address,
    substr(replace(replace(m.subject, '{branch}', b.name), '{keep_until}', day_in_words(r.keep_until)), 1, 200)
        as subject,
    replace(replace(m.body, '{branch}', b.name), '{keep_until}', day_in_words(r.keep_until)) as body
from reservation r
join patron p on p.id = r.patron_id
join branch b on b.id = r.pickup_branch_id
join mail_template m on m.code = 'ready'
where r.state = 'ready' and r.keep_until >= library_day(0) and p.notice_by = 'mail' and p.email <> ''
    and not exists (select 1 from outbox o where o.reservation_id = r.id)
    and not exists (select 1 from telling t where t.reservation_id = r.id and t.outcome <> 'no_answer');

create trigger mail_of_new after insert on reservation when new.state = 'ready' begin
    insert into outbox (id, reservation_id, address, subject, body, made_at)
        select lower(hex(randomblob(16))), w.reservation_id, w.address, w.subject, w.body, library_midnight()
        from mail_to_write w where w.reservation_id = new.id;
end;

create trigger mail_of_changed after update of state, keep_until, pickup_branch_id on reservation
when (new.state = 'ready' or old.state in ('ready', 'lent'))
    and (new.state <> old.state or new.keep_until is not old.keep_until
         or new.pickup_branch_id <> old.pickup_branch_id) begin
    delete from outbox where reservation_id = new.id
        and (new.state not in ('ready', 'lent') or sent_at is null and failed_at is null);
    delete from telling where reservation_id = new.id and new.state not in ('ready', 'lent');
    insert into outbox (id, reservation_id, address, subject, body, made_at)
        select lower(hex(randomblob(16))), w.reservation_id, w.address, w.subject, w.body, library_midnight()
        from mail_to_write w where w.reservation_id = new.id;
end;

create trigger mail_of_patron after update of email, notice_by on patron
when new.email <> old.email or new.notice_by <> old.notice_by begin
    delete from outbox where sent_at is null
        and reservation_id in (select r.id from reservation r where r.patron_id = new.id and r.state = 'ready');
    insert into outbox (id, reservation_id, address, subject, body, made_at)
        select lower(hex(randomblob(16))), w.reservation_id, w.address, w.subject, w.body, library_midnight()
        from mail_to_write w where w.patron_id = new.id;
end;
