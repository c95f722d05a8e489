-- Readers' own keys and model servers, and who set what of a model.

-- The master keys this database has seen, known by a mark that says nothing of them. `version` is what sealed rows name.
create table master_key (
  version    int primary key,
  mark       bytea not null,
  created_at timestamptz not null default now(),
  constraint master_key_mark_unique unique (mark),
  constraint master_key_mark_length check (octet_length(mark) = 16),
  constraint master_key_version_positive check (version > 0)
);

-- A new key in the place of an old one is a new edition: what became of a call with the old one is not held against it.
alter table user_api_key add column edition int not null default 1;
create index user_api_key_by_version on user_api_key (master_key_version, id);

-- A model server of a reader's own. Its sealed key is bound to the base URL.
create table user_connection (
  id                 uuid primary key default gen_random_uuid(),
  user_id            uuid not null references users on delete cascade,
  name               text not null,
  base_url           text not null,
  dialect            text not null,
  encrypted_key      bytea,
  key_nonce          bytea,
  master_key_version int,
  key_fingerprint    text,
  edition            int not null default 1,
  status             text not null default 'untested',
  problem            text,        -- the class of what was wrong when it was last asked for its models
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now(),
  last_tested_at     timestamptz,
  models_asked_at    timestamptz,
  constraint user_connection_name_unique unique (user_id, name),
  constraint user_connection_name_length check (char_length(name) between 1 and 100),
  constraint user_connection_base_url_length check (char_length(base_url) between 1 and 500),
  constraint user_connection_dialect_known check (dialect in ('openai-compatible', 'openai-chat', 'openai-responses')),
  constraint user_connection_nonce_length check (octet_length(key_nonce) = 24),
  constraint user_connection_version_positive check (master_key_version > 0),
  constraint user_connection_status_known check (status in ('untested', 'valid', 'invalid')),
  constraint user_connection_key_is_whole
    check (num_nulls(encrypted_key, key_nonce, master_key_version, key_fingerprint) in (0, 4))
);
create index user_connection_by_version on user_connection (master_key_version, id);

-- Models: those of a connection belong to its owner; what an administrator set stands beside what the catalogue says.
alter table models
  drop constraint models_name_unique,
  drop constraint models_provider_known,
  add column connection_id uuid references user_connection on delete cascade,
  add column added boolean not null default false,
  add column set_display_name text,
  add column set_max_context_tokens int,
  add column set_max_output_tokens int,
  add column set_prices jsonb,
  add column fallback_model_id uuid references models on delete set null,
  add constraint models_provider_known
    check (provider in ('openai', 'anthropic', 'gemini', 'local', 'extracts', 'connection')),
  add constraint models_connection_has_owner check ((provider = 'connection') = (connection_id is not null)),
  add constraint models_set_limits_positive check (set_max_context_tokens > 0 and set_max_output_tokens > 0),
  add constraint models_falls_back_on_another check (fallback_model_id <> id);
create unique index models_name_unique on models (provider, model_name) where connection_id is null;
create unique index models_connection_name_unique on models (connection_id, model_name) where connection_id is not null;
create index models_by_fallback on models (fallback_model_id) where fallback_model_id is not null;
create index message_by_model on message (model_id);
