-- Conversations and their messages. The conversation row is the lock that puts sends in order.

create table conversation (
  id            uuid primary key default gen_random_uuid(),
  owner_user_id uuid not null references users on delete cascade,
  title         text,           -- the first question's opening words until somebody names it better
  sharing       text not null default 'private',
  next_seq      int not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  constraint conversation_title_length check (char_length(title) between 1 and 200),
  constraint conversation_sharing_known check (sharing in ('private', 'library', 'public')),
  constraint conversation_next_seq_positive check (next_seq >= 1)
) with (fillfactor = 70);
create index conversation_by_owner on conversation (owner_user_id, updated_at desc, id desc);

create table conversation_share (
  conversation_id uuid not null references conversation on delete cascade,
  library_id      uuid not null references library on delete cascade,
  created_at      timestamptz not null default now(),
  primary key (conversation_id, library_id)
);
create index conversation_share_by_library on conversation_share (library_id, conversation_id);

-- Models a message can be asked of. Rows are kept in step with conf/models.json at start; ids never change.
create table models (
  id                            uuid primary key default gen_random_uuid(),
  provider                      text not null,
  model_name                    text not null,
  display_name                  text not null,
  max_context_tokens            int not null,
  max_output_tokens             int not null,
  cost_per_1k_input_tokens_usd  int,   -- millionths of a dollar
  cost_per_1k_output_tokens_usd int,
  is_available                  boolean not null default true,
  updated_at                    timestamptz not null default now(),
  constraint models_name_unique unique (provider, model_name),
  constraint models_provider_known check (provider in ('openai', 'anthropic', 'gemini', 'local', 'extracts')),
  constraint models_limits_positive check (max_context_tokens > 0 and max_output_tokens > 0)
);

create table message (
  id              uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references conversation on delete cascade,
  seq             int not null,
  role            text not null,
  content         text not null,
  status          text not null default 'complete',
  error_code      text,
  finish_reason   text,
  model_id        uuid references models on delete set null,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  constraint message_seq_unique unique (conversation_id, seq),
  constraint message_belongs_to_conversation unique (id, conversation_id),
  constraint message_seq_positive check (seq >= 1),
  constraint message_role_known check (role in ('user', 'assistant', 'system')),
  constraint message_status_known check (status in ('pending', 'complete', 'error')),
  constraint message_pending_is_assistant check (status <> 'pending' or role = 'assistant'),
  constraint message_finish_reason_known
    check (finish_reason in ('stop', 'length', 'content_filter', 'cancelled', 'error')),
  constraint message_content_length check (char_length(content) <= 51000)
);
create unique index message_one_pending_per_conversation on message (conversation_id) where status = 'pending';
create index message_pending_by_age on message (created_at) where status = 'pending';
