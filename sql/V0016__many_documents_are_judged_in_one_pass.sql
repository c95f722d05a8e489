-- The same answers as before. A plan that is kept for any number of ids took them for ten and compared each id that
-- was asked for with each that is readable; looking them up in a set that was gathered before has no such plan.
create or replace function can_read_media_bulk(viewer uuid, wanted uuid[])
  returns table (media_id uuid, readable boolean)
  language sql stable parallel safe
  as $$
    select w.id, w.id in (
      select lm.media_id
      from library_media lm
      join membership m on m.library_id = lm.library_id
      where m.user_id = viewer and lm.media_id = any (wanted)
    )
    from (select distinct unnest(wanted) as id) w
  $$;
