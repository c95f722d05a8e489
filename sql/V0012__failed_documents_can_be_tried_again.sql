-- How many attempts may be made at a document: three after it was brought in, and three more each time somebody asks
-- for another try.
alter table media add column processing_attempts_allowed int not null default 3;
