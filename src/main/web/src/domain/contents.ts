/** One part of a document, without its text: a chapter, a page, or all of it. */
export interface Part {
  id: string;
  idx: number;
  title: string | null;
  /** Code points of its text. */
  length: number;
}

/** Where somebody is in a document. */
export interface Position {
  fragment_id: string;
  text_offset: number;
}

/** A line of the outline and the place it leads to. */
export interface OutlineEntry extends Position {
  title: string;
  /** From 1. */
  level: number;
  fragment_idx: number;
}

/** Code points a minute: 230 words, a usual figure for silent reading, of six with their space. */
const PACE = 230 * 6;

/** The parts of a document in their order, and what can be said of places in them. */
export class Contents {
  readonly parts: readonly Part[];
  readonly length: number;
  private readonly starts: number[] = [];
  private readonly byId = new Map<string, number>();

  constructor(parts: readonly Part[]) {
    this.parts = parts;
    let start = 0;
    for (const [i, part] of parts.entries()) {
      this.byId.set(part.id, i);
      this.starts.push(start);
      start += part.length;
    }
    this.length = start;
  }

  /** The place of a part among all, or -1. */
  indexOf(fragmentId: string): number {
    return this.byId.get(fragmentId) ?? -1;
  }

  part(fragmentId: string): Part | undefined {
    return this.parts[this.indexOf(fragmentId)];
  }

  /** The part whose own number this is; internal links name parts by it. */
  numbered(idx: number): Part | undefined {
    return this.parts.find((part) => part.idx === idx);
  }

  /** The share of the text that lies before a position, 0 to 1. */
  share(position: Position): number {
    if (this.length === 0) return 0;
    return Math.min(1, this.before(position) / this.length);
  }

  /** Minutes to read what lies behind a position; at least 1 while there is anything. */
  minutesLeft(position: Position): number {
    const left = this.length - this.before(position);
    return left <= 0 ? 0 : Math.max(1, Math.round(left / PACE));
  }

  get minutes(): number {
    return Math.max(1, Math.round(this.length / PACE));
  }

  /** The parts that have a title, as an outline. */
  titled(): OutlineEntry[] {
    return this.parts.flatMap(({ id, idx, title }) =>
      title === null ? [] : { title, level: 1, fragment_id: id, fragment_idx: idx, text_offset: 0 },
    );
  }

  private before({ fragment_id, text_offset }: Position): number {
    const index = this.indexOf(fragment_id);
    if (index < 0) return 0;
    return this.starts[index]! + Math.min(text_offset, this.parts[index]!.length);
  }
}

/** The last entry at or before a position, which is where the reader is; -1 before the first. */
export function entryAt(
  outline: readonly OutlineEntry[],
  contents: Contents,
  at: Position | undefined,
): number {
  if (at === undefined) return -1;
  const index = contents.indexOf(at.fragment_id);
  return outline.findLastIndex((entry) => {
    const own = contents.indexOf(entry.fragment_id);
    return own < index || (own === index && entry.text_offset <= at.text_offset);
  });
}

/** Where an internal link of a document leads: `#fragment-<number>` or `#fragment-<number>-<offset>`. */
export function linkTarget(href: string, contents: Contents): Position | undefined {
  const match = /^#fragment-(\d{1,6})(?:-(\d{1,9}))?$/.exec(href);
  const part = match && contents.numbered(Number(match[1]));
  return part ? { fragment_id: part.id, text_offset: Number(match[2] ?? 0) } : undefined;
}
