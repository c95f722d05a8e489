-- Where the letters of a PDF page stand, and the rectangles that a highlight of it is painted in.

create table fragment_layout (
  fragment_id uuid primary key references fragment on delete cascade,
  width       real not null,       -- of the page, in points
  height      real not null,
  glyphs      bytea not null,      -- a box for each code point of the canonical text, packed by PageLayout
  constraint fragment_layout_size_not_negative check (width >= 0 and height >= 0)
);

-- Eight numbers a quadrilateral, in points of PDF user space; null where the fragment has no layout.
alter table highlight add column quads real[];
alter table highlight add constraint highlight_quads_whole
  check (cardinality(quads) % 8 = 0 and cardinality(quads) <= 8000);
