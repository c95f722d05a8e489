-- The models a reader wants asked, in this order, when the one that was chosen does not answer. No foreign key holds the models: one that
-- is gone, hidden or out of reach is passed over when it would be asked.
create table stand_in (
  user_id    uuid primary key references users on delete cascade,
  model_ids  uuid[] not null,
  updated_at timestamptz not null default now(),
  constraint stand_in_few check (cardinality(model_ids) between 1 and 3)
);
