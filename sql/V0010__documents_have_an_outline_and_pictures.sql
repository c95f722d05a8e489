-- Tables of contents and pictures of documents, and how long each fragment is.

alter table fragment add column text_length int;
update fragment set text_length = char_length(canonical_text);
alter table fragment alter column text_length set not null;
alter table fragment add constraint fragment_text_length_not_negative check (text_length >= 0);

create table outline_entry (
  media_id    uuid not null references media on delete cascade,
  idx         int not null,
  title       text not null,
  level       int not null,
  fragment_id uuid not null references fragment on delete cascade,
  text_offset int not null,
  primary key (media_id, idx),
  constraint outline_entry_title_length check (char_length(title) between 1 and 255),
  constraint outline_entry_level_range check (level between 1 and 6),
  constraint outline_entry_offset_not_negative check (text_offset >= 0)
);
create index outline_entry_by_fragment on outline_entry (fragment_id);

-- Documents that were read before get theirs from their headings.
insert into outline_entry (media_id, idx, title, level, fragment_id, text_offset)
select h.media_id, row_number() over (partition by h.media_id order by h.idx, h.block_idx) - 1,
  h.title, h.level, h.fragment_id, h.start_offset
from (
  select f.media_id, f.idx, b.block_idx, f.id as fragment_id, b.start_offset,
    right(b.block_type, 1)::int as level,
    btrim(regexp_replace(
      substring(f.canonical_text from b.start_offset + 1 for least(b.end_offset - b.start_offset, 255)),
      '\s+', ' ', 'g')) as title
  from fragment f
  join fragment_block b on b.fragment_id = f.id
  where b.block_type like 'heading%'
) h
where h.title <> '';

-- A picture of a document, named for its bytes. Only what was decoded once is stored.
create table media_image (
  media_id     uuid not null references media on delete cascade,
  name         text not null,
  content_type text not null,
  width        int not null,
  height       int not null,
  bytes        bytea not null,
  primary key (media_id, name),
  constraint media_image_content_type_known
    check (content_type in ('image/png', 'image/jpeg', 'image/gif', 'image/webp')),
  constraint media_image_side_range check (width between 1 and 4096 and height between 1 and 4096),
  constraint media_image_size check (octet_length(bytes) <= 10485760)
);
alter table media_image alter column bytes set storage external;
