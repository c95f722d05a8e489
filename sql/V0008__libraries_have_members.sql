-- Why a document stands in somebody's default library: brought in by them (null), or kept there because a library they
-- belong to holds it. With the membership goes what was there because of it.
alter table library_media add column via_library_id uuid references library on delete set null;
create index library_media_by_via on library_media (via_library_id) where via_library_id is not null;
