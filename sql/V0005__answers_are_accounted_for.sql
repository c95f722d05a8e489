-- What an answer took, who is growing it, what was promised to a client, and readers' own keys.

create table message_llm (
  message_id          uuid primary key references message on delete cascade,
  provider            text not null,
  model_name          text not null,
  prompt_tokens       int,
  completion_tokens   int,
  total_tokens        int,
  cached_tokens       int,
  reasoning_tokens    int,
  key_mode_requested  text not null,
  key_mode_used       text,
  cost_usd_micros     bigint,
  latency_ms          int,
  first_token_ms      int,
  finish_reason       text,
  error_class         text,
  provider_request_id text,
  prompt_version      text not null,
  created_at          timestamptz not null default now(),
  constraint message_llm_tokens_not_negative
    check (prompt_tokens >= 0 and completion_tokens >= 0 and total_tokens >= 0
           and cached_tokens >= 0 and reasoning_tokens >= 0),
  constraint message_llm_key_mode_requested_known check (key_mode_requested in ('auto', 'byok_only', 'platform_only')),
  constraint message_llm_key_mode_used_known check (key_mode_used in ('platform', 'byok', 'none')),
  constraint message_llm_times_not_negative check (latency_ms >= 0 and first_token_ms >= 0)
);

-- One row an answer that was begun: its owner while it grows, and the ledger that limits and budgets are read from.
-- It outlives its message on purpose: deleting a conversation does not give tokens back.
create table generation (
  message_id      uuid primary key,
  conversation_id uuid not null,
  user_id         uuid not null references users on delete cascade,
  owner           text not null,              -- bus address of the verticle that grows it
  node_id         uuid not null,
  fence           int not null default 1,     -- raised by whoever takes over; older owners' writes miss
  key_mode_used   text not null,
  reserved_tokens int not null default 0,
  spent_tokens    int,
  request_id      text,
  created_at      timestamptz not null default now(),
  ended_at        timestamptz,
  constraint generation_key_mode_used_known check (key_mode_used in ('platform', 'byok', 'none')),
  constraint generation_tokens_not_negative check (reserved_tokens >= 0 and spent_tokens >= 0)
);
create index generation_by_user on generation (user_id, created_at desc);
create index generation_growing on generation (node_id) where ended_at is null;

-- A node says "I am alive" by touching its row.
create table node (
  id         uuid primary key,
  started_at timestamptz not null default now(),
  beat_at    timestamptz not null default now()
);

create table idempotency_key (
  user_id              uuid not null references users on delete cascade,
  key                  text not null,
  payload_hash         text not null,
  conversation_id      uuid not null references conversation on delete cascade,
  user_message_id      uuid not null references message on delete cascade,
  assistant_message_id uuid not null references message on delete cascade,
  created_at           timestamptz not null default now(),
  expires_at           timestamptz not null default now() + interval '24 hours',
  constraint idempotency_key_unique primary key (user_id, key),
  constraint idempotency_key_length check (char_length(key) between 1 and 128)
);
create index idempotency_key_by_expiry on idempotency_key (expires_at);
create index idempotency_key_by_user_message on idempotency_key (user_message_id);
create index idempotency_key_by_assistant_message on idempotency_key (assistant_message_id);

-- A reader's own provider key, sealed. The three crypto columns are null once it is revoked.
create table user_api_key (
  id                 uuid primary key default gen_random_uuid(),
  user_id            uuid not null references users on delete cascade,
  provider           text not null,
  encrypted_key      bytea,
  key_nonce          bytea,
  master_key_version int,
  key_fingerprint    text not null,
  status             text not null default 'untested',
  created_at         timestamptz not null default now(),
  last_tested_at     timestamptz,
  revoked_at         timestamptz,
  constraint user_api_key_one_per_provider unique (user_id, provider),
  constraint user_api_key_provider_known check (provider in ('openai', 'anthropic', 'gemini')),
  constraint user_api_key_nonce_length check (octet_length(key_nonce) = 24),
  constraint user_api_key_version_positive check (master_key_version > 0),
  constraint user_api_key_status_known check (status in ('untested', 'valid', 'invalid', 'revoked')),
  constraint user_api_key_revoked_is_wiped
    check ((status = 'revoked') = (encrypted_key is null and key_nonce is null and master_key_version is null))
);
