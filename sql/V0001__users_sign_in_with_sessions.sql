-- People, and the sessions their bearer tokens belong to.

create table users (
  id            uuid primary key default gen_random_uuid(),
  email         text,           -- lower case; null for people known only to an outside issuer
  name          text,
  password_hash text,           -- Argon2id in libsodium's own format; null where there is no password
  is_admin      boolean not null default false,
  created_at    timestamptz not null default now(),
  constraint users_email_unique unique (email),
  constraint users_email_length check (char_length(email) between 3 and 254),
  constraint users_name_length check (char_length(name) between 1 and 100)
);

-- One row a sign-in. A token names its session; a revoked or expired session opens nothing.
create table session (
  id         uuid primary key default gen_random_uuid(),
  user_id    uuid not null references users on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_by_user on session (user_id, created_at desc);
create index session_by_expiry on session (expires_at);

-- Failed sign-ins, counted to slow down guessing. `subject` is a hash of an e-mail or of a client address.
create table sign_in_failure (
  id        bigint generated always as identity primary key,
  subject   text not null,
  failed_at timestamptz not null default now()
);
create index sign_in_failure_by_subject on sign_in_failure (subject, failed_at desc);
create index sign_in_failure_by_time on sign_in_failure (failed_at);
