-- What a question quotes. The quoted text is a snapshot the server took; it never changes.

create table message_context (
  id                      uuid primary key default gen_random_uuid(),
  message_id              uuid not null,
  conversation_id         uuid not null,
  ordinal                 int not null,
  target_type             text not null,
  media_id                uuid references media on delete cascade,
  highlight_id            uuid references highlight on delete cascade,
  annotation_id           uuid references annotation on delete cascade,
  referred_message_id     uuid references message on delete cascade,
  referred_conversation_id uuid references conversation on delete cascade,
  source_media_id         uuid references media on delete cascade,   -- the media behind the target; null for messages and conversations
  source_title            text,
  source_url              text,
  fragment_id             uuid references fragment on delete set null,
  start_offset            int,
  end_offset              int,
  quoted_text             text not null default '',
  note                    text,
  window_text             text,
  created_at              timestamptz not null default now(),
  constraint message_context_message
    foreign key (message_id, conversation_id) references message (id, conversation_id) on delete cascade,
  constraint message_context_ordinal_unique unique (message_id, ordinal),
  constraint message_context_ordinal_not_negative check (ordinal >= 0),
  constraint message_context_one_target check (
    num_nonnulls(media_id, highlight_id, annotation_id, referred_message_id, referred_conversation_id) = 1),
  constraint message_context_target_matches_type check (
    case target_type
      when 'media' then media_id is not null
      when 'highlight' then highlight_id is not null
      when 'annotation' then annotation_id is not null
      when 'message' then referred_message_id is not null
      when 'conversation' then referred_conversation_id is not null
      else false
    end),
  constraint message_context_source_only_of_media check (
    (source_media_id is not null) = (target_type in ('media', 'highlight', 'annotation')))
);
create index message_context_by_conversation on message_context (conversation_id, source_media_id);
create index message_context_by_media on message_context (media_id) where media_id is not null;
create index message_context_by_source_media on message_context (source_media_id) where source_media_id is not null;
create index message_context_by_highlight on message_context (highlight_id) where highlight_id is not null;
create index message_context_by_annotation on message_context (annotation_id) where annotation_id is not null;
create index message_context_by_referred_message on message_context (referred_message_id)
  where referred_message_id is not null;
create index message_context_by_referred_conversation on message_context (referred_conversation_id)
  where referred_conversation_id is not null;

-- Which conversations quote which media: derived from message_context, and exact.
create table conversation_media (
  conversation_id uuid not null references conversation on delete cascade,
  media_id        uuid not null references media on delete cascade,
  last_message_at timestamptz not null default now(),
  constraint conversation_media_unique primary key (conversation_id, media_id)
);
create index conversation_media_by_media on conversation_media (media_id, last_message_at desc);

create function recompute_conversation_media(wanted uuid) returns void
  language sql
  as $$
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
    on conflict (conversation_id, media_id) do nothing;
  $$;

-- Contexts go by many roads (a highlight, an annotation, a message, a media deleted); all of them pass here.
create function recompute_after_contexts_went() returns trigger
  language plpgsql
  as $$
    begin
      perform recompute_conversation_media(gone.conversation_id)
      from (select distinct conversation_id from gone_contexts) gone;
      return null;
    end
  $$;
create trigger message_context_went
  after delete on message_context
  referencing old table as gone_contexts
  for each statement execute function recompute_after_contexts_went();
