-- Of two quotes of one document that went at the same moment, each in its own transaction, either saw the other still
-- standing, and the pair stayed though nothing quoted the document any more. So whoever changes what a conversation
-- quotes does it one after the other. When a document was last quoted is said by the quotes that stand.
--
-- A document can be quoted by more conversations than the server has room for locks, so many conversations share one of
-- 256. They are taken in their order, so that two deletions do not wait for each other.
create function lock_conversation_media(wanted uuid) returns void
  language sql
  as $$
    select pg_advisory_xact_lock(hashtext('conversation_media'), hashtext(wanted::text) & 255)
  $$;

create or replace function recompute_conversation_media(wanted uuid) returns void
  language sql
  as $$
    select lock_conversation_media(wanted);

    delete from conversation_media cm
    where cm.conversation_id = wanted
      and not exists (
        select 1 from message_context c
        where c.conversation_id = wanted and c.source_media_id = cm.media_id);

    insert into conversation_media (conversation_id, media_id, last_message_at)
    select c.conversation_id, c.source_media_id, max(c.created_at)
    from message_context c
    join conversation v on v.id = c.conversation_id
    join media m on m.id = c.source_media_id
    where c.conversation_id = wanted
    group by c.conversation_id, c.source_media_id
    on conflict (conversation_id, media_id) do update set last_message_at = excluded.last_message_at
      where conversation_media.last_message_at <> excluded.last_message_at;
  $$;

create or replace function recompute_after_contexts_went() returns trigger
  language plpgsql
  as $$
    begin
      perform recompute_conversation_media(gone.conversation_id)
      from (
        select distinct conversation_id, hashtext(conversation_id::text) & 255 as lock
        from gone_contexts order by lock
      ) gone;
      return null;
    end
  $$;

-- What was counted wrong until here.
select recompute_conversation_media(id)
from (select id from conversation order by hashtext(id::text) & 255) each_of_them;
