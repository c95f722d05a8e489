import type { Highlight, Quad } from '../api/types';
import type { OutlineEntry, Position } from '../domain/contents';
import type { Place } from '../domain/place';

/** A stretch of one fragment that can be marked: by code points in text, by quads on a drawn page. */
export type Passage = { fragment_id: string; text: string } & (
  { start_offset: number; end_offset: number } | { quads: Quad[] }
);

/** Longest selection that becomes one highlight, and the shortest, in code points. */
export const LONGEST_PASSAGE = 2_000;
export const SHORTEST_PASSAGE = 2;

/**
 * The document on the screen, as text that flows or as drawn pages: what is painted on it, and
 * where things are. The DOM inside belongs to nobody else from the moment this is made.
 */
export interface Paper {
  /** Offsets can be trusted in everything in sight, so passages can be marked. */
  readonly exact: boolean;
  dispose(): void;

  paint(highlights: readonly Highlight[], active: string | undefined): void;
  /** Marks a place for a moment; painting it again with nothing ends it. */
  flash(place: Place | undefined): void;

  /** The selected passages, one a fragment. */
  selected(selection: Selection | null): Passage[];
  /** The highlight under a click; another one of those lying there when clicked again. */
  highlightAt(x: number, y: number, active: string | undefined): Highlight | undefined;
  rectOf(place: Place): DOMRect | undefined;

  /** Brings a place in sight, fetching it first where need be. */
  show(place: Place): Promise<void>;
  /** Puts a position at the top edge. */
  open(position: Position): Promise<void>;
  /** The line at the top edge, or the block `below` pixels under it. */
  position(below?: number): Position | undefined;
  headings(): OutlineEntry[];

  /** Moves the keyboard's place to the next or the previous block, or page. */
  moveCursor(step: 1 | -1): void;
  /** What the keyboard's place holds. */
  cursorPassage(): Passage | undefined;
  /** Lets go of the keyboard's place; false when there was none. */
  dropCursor(): boolean;
}
