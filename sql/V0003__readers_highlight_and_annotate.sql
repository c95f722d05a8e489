-- What readers mark, and what they write beside it.

create table highlight (
  id           uuid primary key default gen_random_uuid(),
  user_id      uuid not null references users on delete cascade,
  fragment_id  uuid not null references fragment on delete cascade,
  start_offset int not null,
  end_offset   int not null,
  color        text not null,
  exact        text not null,   -- the marked text, derived by the server
  prefix       text not null,   -- up to 64 code points before it
  suffix       text not null,   -- up to 64 code points after it
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  constraint highlight_span_unique unique (user_id, fragment_id, start_offset, end_offset),
  constraint highlight_range check (start_offset >= 0 and end_offset > start_offset),
  constraint highlight_color_known check (color in ('yellow', 'green', 'blue', 'pink', 'purple'))
);
create index highlight_by_fragment on highlight (fragment_id);

create table annotation (
  id           uuid primary key default gen_random_uuid(),
  highlight_id uuid not null references highlight on delete cascade,
  body         text not null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  constraint annotation_one_per_highlight unique (highlight_id),
  constraint annotation_body_length check (char_length(body) between 1 and 10000)
);
