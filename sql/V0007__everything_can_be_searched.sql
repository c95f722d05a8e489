-- Words of titles, texts, notes and messages. Stems find related forms; the plain words beside them
-- see to it that an exact word is never lost, stop words and names included.

-- A tsvector holds at most 1 MB of words. A longer text is indexed by its opening part only, rather than refused.
create function searchable_text(body text) returns tsvector
  language plpgsql immutable parallel safe
  as $$
    begin
      return to_tsvector('english'::regconfig, body) || to_tsvector('simple'::regconfig, body);
    exception when program_limit_exceeded then
      return to_tsvector('simple'::regconfig, left(body, 100000));
    end
  $$;

alter table media add column title_tsv tsvector
  generated always as (to_tsvector('english'::regconfig, title) || to_tsvector('simple'::regconfig, title)) stored;
alter table fragment add column canonical_text_tsv tsvector
  generated always as (searchable_text(canonical_text)) stored;
alter table annotation add column body_tsv tsvector
  generated always as (to_tsvector('english'::regconfig, body) || to_tsvector('simple'::regconfig, body)) stored;
alter table message add column content_tsv tsvector
  generated always as (to_tsvector('english'::regconfig, content) || to_tsvector('simple'::regconfig, content)) stored;

create index media_title_search on media using gin (title_tsv);
create index fragment_text_search on fragment using gin (canonical_text_tsv);
create index annotation_body_search on annotation using gin (body_tsv);
create index message_content_search on message using gin (content_tsv);
