-- While the database is away nobody's beat arrives, and a node that is back first must not take the others for dead.
-- So a node says since when it has beaten without a gap, and ends others' answers only once that is as long as the
-- silence that it holds against them.
alter table node add column steady_since timestamptz not null default now();
