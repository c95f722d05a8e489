-- Libraries, who belongs to them, what they hold, and the text of what they hold.

create table library (
  id            uuid primary key default gen_random_uuid(),
  owner_user_id uuid not null references users on delete cascade,
  name          text not null,
  is_default    boolean not null default false,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  constraint library_name_length check (char_length(name) between 1 and 100)
);
create unique index library_one_default_per_user on library (owner_user_id) where is_default;

create table membership (
  library_id uuid not null references library on delete cascade,
  user_id    uuid not null references users on delete cascade,
  role       text not null,
  created_at timestamptz not null default now(),
  primary key (library_id, user_id),
  constraint membership_role_known check (role in ('admin', 'member'))
);
create index membership_by_user on membership (user_id, library_id);

create table media (
  id                      uuid primary key default gen_random_uuid(),
  kind                    text not null,
  title                   text not null,
  author                  text,
  language                text,
  canonical_source_url    text,        -- what the reader typed, normalised; for display
  requested_url           text,
  canonical_url           text,        -- after redirects; decides whether two articles are the same one
  file_sha256             text,        -- hex
  has_plain_text          boolean not null default false,
  processing_status       text not null default 'pending',
  processing_stage        text,        -- the step at work while extracting, for people
  processing_percent      int,
  processing_attempts     int not null default 0,
  processing_lease_until  timestamptz, -- who works on it has until then; past it anybody may take over
  processing_started_at   timestamptz,
  processing_completed_at timestamptz,
  failure_stage           text,
  last_error_code         text,
  last_error_message      text,
  failed_at               timestamptz,
  created_by_user_id      uuid references users on delete set null,
  created_at              timestamptz not null default now(),
  updated_at              timestamptz not null default now(),
  constraint media_kind_known
    check (kind in ('web_article', 'epub', 'pdf', 'text', 'video', 'podcast_episode')),
  constraint media_title_length check (char_length(title) between 1 and 255),
  constraint media_processing_status_known
    check (processing_status in ('pending', 'extracting', 'ready_for_reading', 'embedding', 'ready', 'failed')),
  constraint media_processing_percent_range check (processing_percent between 0 and 100),
  constraint media_failure_stage_known
    check (failure_stage in ('upload', 'extract', 'transcribe', 'embed', 'other')),
  constraint media_requested_url_length check (char_length(requested_url) <= 2048),
  constraint media_canonical_url_length check (char_length(canonical_url) <= 2048)
);
create unique index media_one_per_canonical_url on media (kind, canonical_url) where canonical_url is not null;
create unique index media_one_per_file_and_user on media (created_by_user_id, kind, file_sha256)
  where file_sha256 is not null;
create index media_to_process on media (created_at)
  where processing_status in ('pending', 'extracting');

create table library_media (
  library_id uuid not null references library on delete cascade,
  media_id   uuid not null references media on delete cascade,
  created_at timestamptz not null default now(),
  primary key (library_id, media_id)
);
create index library_media_by_media on library_media (media_id, library_id);

-- The original as it was brought in, in chunks so that neither end ever holds the whole of it.
create table media_file (
  media_id     uuid primary key references media on delete cascade,
  filename     text not null,
  content_type text not null,
  size_bytes   bigint not null,
  created_at   timestamptz not null default now(),
  constraint media_file_size_not_negative check (size_bytes >= 0)
);
create table media_file_chunk (
  media_id uuid not null references media on delete cascade,
  idx      int not null,
  bytes    bytea not null,
  primary key (media_id, idx)
);
alter table media_file_chunk alter column bytes set storage external;

-- One readable unit: an article, a chapter, a page. Immutable once its media is readable.
-- Offsets into it count Unicode code points of canonical_text, and nothing else.
create table fragment (
  id             uuid primary key default gen_random_uuid(),
  media_id       uuid not null references media on delete cascade,
  idx            int not null,
  title          text,
  html_sanitized text not null,
  canonical_text text not null,
  created_at     timestamptz not null default now(),
  constraint fragment_idx_unique unique (media_id, idx)
);

create table fragment_block (
  fragment_id  uuid not null references fragment on delete cascade,
  block_idx    int not null,
  start_offset int not null,
  end_offset   int not null,
  block_type   text not null,
  is_empty     boolean not null default false,
  primary key (fragment_id, block_idx),
  constraint fragment_block_range check (block_idx >= 0 and start_offset >= 0 and end_offset >= start_offset)
);
create index fragment_block_by_range on fragment_block (fragment_id, start_offset, end_offset);

create table reading_position (
  user_id        uuid not null references users on delete cascade,
  media_id       uuid not null references media on delete cascade,
  fragment_id    uuid references fragment on delete set null,
  text_offset    int not null default 0,
  last_opened_at timestamptz not null default now(),
  primary key (user_id, media_id),
  constraint reading_position_offset_not_negative check (text_offset >= 0)
);

-- Who may read what, said once. Every query that shows media goes through one of these two.
create function can_read_media(viewer uuid, wanted uuid) returns boolean
  language sql stable parallel safe
  return exists (
    select 1
    from library_media lm
    join membership m on m.library_id = lm.library_id
    where lm.media_id = wanted and m.user_id = viewer
  );

-- Every id asked for, once, with its answer; unknown ids are simply not readable.
create function can_read_media_bulk(viewer uuid, wanted uuid[])
  returns table (media_id uuid, readable boolean)
  language sql stable parallel safe
  as $$
    select w.id, r.media_id is not null
    from (select distinct unnest(wanted) as id) w
    left join (
      select distinct lm.media_id
      from library_media lm
      join membership m on m.library_id = lm.library_id
      where m.user_id = viewer and lm.media_id = any (wanted)
    ) r on r.media_id = w.id
  $$;
