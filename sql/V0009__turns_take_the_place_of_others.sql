-- A turn can take the place of an earlier one: the question edited, or asked again. Nothing is rewritten; what it takes
-- the place of is set aside, and read back when the newer turn is deleted.

alter table message
  add column replaces_message_id uuid references message on delete set null,
  add column replaces_from_seq   int,   -- the place taken: from here to before this question all is set aside
  add constraint message_replacing_is_question
    check (role = 'user' or (replaces_message_id is null and replaces_from_seq is null)),
  add constraint message_replaces_earlier check (replaces_from_seq between 1 and seq - 1),
  add constraint message_replacing_has_place check (replaces_message_id is null or replaces_from_seq is not null);
create unique index message_replaced_once on message (replaces_message_id) where replaces_message_id is not null;
create index message_replacing on message (conversation_id, seq) where replaces_from_seq is not null;

-- What an answer took, attempt by attempt.
alter table message_llm
  add column model_requested     text,      -- where the model that answered goes by another name
  add column retry_after_seconds int,       -- as the provider asked
  add column attempts            jsonb not null default '[]',
  add constraint message_llm_cost_not_negative check (cost_usd_micros >= 0),
  add constraint message_llm_retry_after_not_negative check (retry_after_seconds >= 0),
  add constraint message_llm_attempts_listed check (jsonb_typeof(attempts) = 'array');
alter table generation
  add column key_mode_requested text not null default 'auto',
  add constraint generation_key_mode_requested_known
    check (key_mode_requested in ('auto', 'byok_only', 'platform_only'));

-- Quoted windows of one text are shown once where they overlap, so it is kept where each begins, in code points.
alter table message_context
  add column window_start int,
  add constraint message_context_window_start_not_negative check (window_start >= 0);
