-- The opening transaction of a send, as one call: limits, replay, the conversation's lock, the question with its
-- contexts, the pending answer, the generation and the idempotency row. It says what happened instead of raising:
--
--   opened           everything was written
--   replay           the key was used before for the same request; ids are those of the first time
--   mismatch         the key was used before for another request
--   no_conversation  there is none of that id that the viewer owns
--   no_message       the question to replace is not one of this conversation
--   set_aside        the conversation went on without the question to replace, because an earlier one was replaced
--   busy             an answer is growing there; assistant_message_id is its id
--   rate_limited     too many sends in the last minute; retry_after says when the next one fits
--   in_flight        too many answers of the viewer are growing
--   over_budget      the day's platform tokens would not do; retry_after counts to midnight UTC
--
-- Sends of one user pass here one at a time (advisory lock), so that limits hold exactly and two requests with one key
-- meet; sends of one conversation too (row lock), on every node.
do $$
declare
  older text;
begin
  for older in select oid::regprocedure::text from pg_proc where proname = 'open_turn' loop
    execute 'drop function ' || older;
  end loop;
end
$$;
create function open_turn(
  viewer            uuid,
  wanted            uuid,      -- conversation, null for a new one
  replaced          uuid,      -- question whose place is taken, null for none
  new_title         text,
  question          text,
  asked_model       uuid,
  wanted_key_mode   text,      -- auto | byok_only | platform_only
  key_mode          text,      -- platform | byok | none
  tokens            int,       -- reserved until the answer is settled, but for the earlier turns
  max_earlier       int,       -- tokens of earlier turns that go along at most
  quoted            jsonb,     -- contexts in their order
  idem_key          text,
  idem_hash         text,
  answer_owner      text,
  answer_node       uuid,
  of_request        text,
  max_per_minute    int,
  max_in_flight     int,
  max_platform_tokens int
) returns table (
  outcome              text,
  conversation_id      uuid,
  user_message_id      uuid,
  assistant_message_id uuid,
  first_seq            int,
  retry_after          int
)
language plpgsql
as $$
#variable_conflict use_column
declare
  known      idempotency_key%rowtype;
  convo      uuid := wanted;
  seq_taken  int;
  asked      uuid;
  answered   uuid;
  lately     int;
  growing    int;
  oldest     timestamptz;
  spent      bigint;
  place      int;
begin
  perform pg_advisory_xact_lock(hashtextextended('send ' || viewer::text, 0));

  if idem_key is not null then
    delete from idempotency_key i where i.user_id = viewer and i.key = idem_key and i.expires_at <= now();
    select * into known from idempotency_key i where i.user_id = viewer and i.key = idem_key;
    if found then
      return query select
        case when known.payload_hash = idem_hash then 'replay' else 'mismatch' end,
        known.conversation_id, known.user_message_id, known.assistant_message_id, null::int, null::int;
      return;
    end if;
  end if;

  select count(*) filter (where g.created_at > now() - interval '1 minute'),
         count(*) filter (where g.ended_at is null),
         min(g.created_at) filter (where g.created_at > now() - interval '1 minute')
    into lately, growing, oldest
    from generation g
    where g.user_id = viewer and g.created_at > now() - interval '1 hour';
  if lately >= max_per_minute then
    return query select 'rate_limited', null::uuid, null::uuid, null::uuid, null::int,
      greatest(1, ceil(extract(epoch from oldest + interval '1 minute' - now())))::int;
    return;
  end if;
  if growing >= max_in_flight then
    return query select 'in_flight', null::uuid, null::uuid, null::uuid, null::int, 5;
    return;
  end if;
  if key_mode = 'platform' then
    if wanted is not null then
      -- About four bytes a token, as in any alphabet; lengths are known without reading what was said.
      select tokens + least(max_earlier, coalesce(sum(octet_length(earlier.content)), 0) / 4) into tokens
        from (
          select m.content from message m join conversation c on c.id = m.conversation_id
          where m.conversation_id = wanted and c.owner_user_id = viewer
          order by m.seq desc limit 400
        ) earlier;
    end if;
    select coalesce(sum(coalesce(g.spent_tokens, g.reserved_tokens)), 0) into spent
      from generation g
      where g.user_id = viewer and g.key_mode_used = 'platform'
        and g.created_at >= date_trunc('day', now() at time zone 'utc') at time zone 'utc';
    if spent + tokens > max_platform_tokens then
      return query select 'over_budget', null::uuid, null::uuid, null::uuid, null::int,
        ceil(extract(epoch from (date_trunc('day', now() at time zone 'utc') + interval '1 day') at time zone 'utc'
                                - now()))::int;
      return;
    end if;
  end if;

  if convo is null then
    insert into conversation (owner_user_id, title, next_seq) values (viewer, new_title, 3)
      returning id into convo;
    seq_taken := 1;
  else
    perform 1 from conversation c where c.id = convo and c.owner_user_id = viewer for update;
    if not found then
      return query select 'no_conversation', null::uuid, null::uuid, null::uuid, null::int, null::int;
      return;
    end if;
    select m.id into answered from message m where m.conversation_id = convo and m.status = 'pending';
    if found then
      return query select 'busy', convo, null::uuid, answered, null::int, null::int;
      return;
    end if;
    if replaced is not null then
      with recursive version as (
        select m.id, m.seq, m.replaces_from_seq from message m
        where m.id = replaced and m.conversation_id = convo and m.role = 'user'
        union all
        select m.id, m.seq, m.replaces_from_seq from message m join version v on m.replaces_message_id = v.id
      )
      select v.id, coalesce(v.replaces_from_seq, v.seq), v.seq into replaced, place, seq_taken
        from version v order by v.seq desc limit 1;
      if not found then
        return query select 'no_message', convo, null::uuid, null::uuid, null::int, null::int;
        return;
      end if;
      perform 1 from message m
        where m.conversation_id = convo and m.replaces_from_seq <= seq_taken and m.seq > seq_taken;
      if found then
        return query select 'set_aside', convo, null::uuid, null::uuid, null::int, null::int;
        return;
      end if;
    end if;
    update conversation c
      set next_seq = c.next_seq + 2, updated_at = now(), title = coalesce(c.title, new_title)
      where c.id = convo
      returning c.next_seq - 2 into seq_taken;
  end if;

  insert into message (conversation_id, seq, role, content, model_id, replaces_message_id, replaces_from_seq)
    values (convo, seq_taken, 'user', question, asked_model, replaced, place) returning id into asked;
  insert into message (conversation_id, seq, role, content, status, model_id)
    values (convo, seq_taken + 1, 'assistant', '', 'pending', asked_model) returning id into answered;

  if jsonb_array_length(quoted) > 0 then
    insert into message_context (
      message_id, conversation_id, ordinal, target_type,
      media_id, highlight_id, annotation_id, referred_message_id, referred_conversation_id,
      source_media_id, source_title, source_url, fragment_id, start_offset, end_offset,
      quoted_text, note, window_text, window_start)
    select asked, convo, q.ordinal, q.target_type,
      q.media_id, q.highlight_id, q.annotation_id, q.referred_message_id, q.referred_conversation_id,
      q.source_media_id, q.source_title, q.source_url, q.fragment_id, q.start_offset, q.end_offset,
      q.quoted_text, q.note, q.window_text, q.window_start
    from jsonb_to_recordset(quoted) as q (
      ordinal int, target_type text,
      media_id uuid, highlight_id uuid, annotation_id uuid, referred_message_id uuid, referred_conversation_id uuid,
      source_media_id uuid, source_title text, source_url text, fragment_id uuid, start_offset int, end_offset int,
      quoted_text text, note text, window_text text, window_start int);
    -- As in recompute_conversation_media, which it spares to read all that the conversation quotes.
    perform lock_conversation_media(convo);
    insert into conversation_media (conversation_id, media_id)
    select distinct convo, q.source_media_id
    from jsonb_to_recordset(quoted) as q (source_media_id uuid)
    where q.source_media_id is not null
    on conflict (conversation_id, media_id) do update set last_message_at = excluded.last_message_at;
  end if;

  insert into generation (
    message_id, conversation_id, user_id, owner, node_id, key_mode_requested, key_mode_used, reserved_tokens,
    request_id)
    values (answered, convo, viewer, answer_owner, answer_node, wanted_key_mode, key_mode, tokens, of_request);

  if idem_key is not null then
    insert into idempotency_key (user_id, key, payload_hash, conversation_id, user_message_id, assistant_message_id)
      values (viewer, idem_key, idem_hash, convo, asked, answered);
  end if;

  return query select 'opened', convo, asked, answered, seq_taken, null::int;
end
$$;
