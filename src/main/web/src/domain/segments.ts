/** What painting and hit-testing need to know of a highlight. */
export interface Marked {
  id: string;
  start_offset: number;
  end_offset: number;
  created_at: string;
}

/** A stretch of text covered by the same highlights throughout; the first one is on top. */
export interface Segment<H extends Marked> {
  start: number;
  end: number;
  highlights: H[];
}

/** Newest on top, the smaller id where the instants are equal. */
export function onTop(a: Marked, b: Marked): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The order of a list of highlights: by place in the text, then by age. */
export function inTextOrder(a: Marked, b: Marked): number {
  return a.start_offset - b.start_offset || a.end_offset - b.end_offset || -onTop(a, b);
}

/**
 * Disjoint segments, in order. Ranges under one name of the Custom Highlight API do not stack and
 * different names blend, so overlaps are resolved here and each stretch is painted once.
 * Highlights outside [0, length) or empty are left out.
 */
export function segments<H extends Marked>(highlights: readonly H[], length: number): Segment<H>[] {
  const valid = highlights.filter(
    (h) => h.start_offset >= 0 && h.start_offset < h.end_offset && h.end_offset <= length,
  );
  const edges = [...new Set(valid.flatMap((h) => [h.start_offset, h.end_offset]))].sort(
    (a, b) => a - b,
  );
  const byStart = [...valid].sort((a, b) => a.start_offset - b.start_offset);
  const result: Segment<H>[] = [];
  let open: H[] = [];
  let next = 0;
  for (let i = 0; i + 1 < edges.length; i++) {
    const start = edges[i]!;
    open = open.filter((h) => h.end_offset > start);
    while (next < byStart.length && byStart[next]!.start_offset === start)
      open.push(byStart[next++]!);
    if (open.length > 0)
      result.push({ start, end: edges[i + 1]!, highlights: [...open].sort(onTop) });
  }
  return result;
}

/** The segment that holds the offset, if any. */
export function segmentAt<H extends Marked>(
  all: readonly Segment<H>[],
  offset: number,
): Segment<H> | undefined {
  return all.find((s) => s.start <= offset && offset < s.end);
}

/** Which highlight a click on the segment selects: the top one, then each one below it in turn. */
export function nextInSegment<H extends Marked>(
  segment: Segment<H>,
  active: string | undefined,
): H {
  const index = segment.highlights.findIndex((h) => h.id === active);
  return segment.highlights[(index + 1) % segment.highlights.length]!;
}
