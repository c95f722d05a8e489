import { segments, segmentAt, nextInSegment, inTextOrder, type Segment } from '../domain/segments';
import { sliceCodePoints } from '../domain/codePoints';
import type { Fragment, Highlight } from '../api/types';
import { COLOURS } from '../domain/colours';
import { Anchors } from './anchors';
import { createPainter, type Painter } from './painter';

/** A stretch of one fragment, in code points. */
export interface Passage {
  fragment_id: string;
  start_offset: number;
  end_offset: number;
  text: string;
}

/** A heading of the document. */
export interface Heading {
  text: string;
  level: number;
  element: HTMLElement;
}

interface Part {
  fragment: Fragment;
  anchors: Anchors;
  segments: Segment<Highlight>[];
}

/** Longest selection that becomes one highlight, and the shortest, in code points. */
export const LONGEST_PASSAGE = 2_000;
export const SHORTEST_PASSAGE = 2;

/**
 * The document on the page: its fragments' DOM, what is painted on it, and where things are.
 * The DOM inside belongs to nobody else from the moment this is made.
 */
export class Paper {
  private readonly parts: Part[];
  private readonly painter: Painter = createPainter();
  private cursor: HTMLElement | undefined;
  private readonly root: HTMLElement;

  constructor(root: HTMLElement, fragments: readonly Fragment[]) {
    this.root = root;
    this.parts = fragments.map((fragment) => ({
      fragment,
      anchors: new Anchors(
        root.querySelector(`[data-fragment="${fragment.id}"]`)!,
        fragment.canonical_text,
      ),
      segments: [],
    }));
  }

  /** Offsets can be trusted everywhere, so passages can be marked. */
  get exact(): boolean {
    return this.parts.every((part) => part.anchors.exact);
  }

  dispose(): void {
    this.painter.clear();
  }

  // Painting

  paint(highlights: readonly Highlight[], active: string | undefined): void {
    for (const part of this.parts) {
      const own = highlights.filter((highlight) => highlight.fragment_id === part.fragment.id);
      part.segments = segments(own, part.anchors.end);
    }
    const all = this.parts.flatMap((part) => part.segments.map((segment) => ({ part, segment })));
    for (const colour of COLOURS) {
      this.painter.paint(
        colour,
        ranges(all.filter(({ segment }) => segment.highlights[0]!.color === colour)),
      );
    }
    this.painter.paint(
      'note',
      ranges(all.filter(({ segment }) => segment.highlights.some((h) => h.annotation !== null))),
    );
    this.painter.paint(
      'active',
      ranges(all.filter(({ segment }) => segment.highlights.some((h) => h.id === active))),
    );
  }

  /** Marks a passage for a moment; painting it again with nothing ends it. */
  flash(passage: Omit<Passage, 'text'> | undefined): void {
    const range = passage && this.rangeOf(passage);
    this.painter.paint('flash', range ? [range] : []);
  }

  // From the screen to the text

  /** The selected passages, one a fragment, without white space at their ends. */
  selected(selection: Selection | null): Passage[] {
    if (selection === null || selection.rangeCount === 0 || selection.isCollapsed) return [];
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.root)) return [];
    return this.parts
      .filter((part) => range.intersectsNode(part.anchors.root))
      .map((part) => passageIn(part, part.anchors.fromRange(clipped(range, part.anchors.root))))
      .filter((passage) => passage !== undefined);
  }

  /** The passage a block holds. */
  blockPassage(block: HTMLElement): Passage | undefined {
    const part = this.partOf(block);
    const range = document.createRange();
    range.selectNodeContents(block);
    return part && passageIn(part, part.anchors.fromRange(range));
  }

  /** The highlight under a click; another one of those lying there when clicked again. */
  highlightAt(x: number, y: number, active: string | undefined): Highlight | undefined {
    const point = document.caretPositionFromPoint?.(x, y);
    if (!point) return undefined;
    const part = this.partOf(point.offsetNode);
    const offset = part?.anchors.offsetAt(point.offsetNode, point.offset, false);
    const segment = part && segmentAt(part.segments, offset!);
    return segment && nextInSegment(segment, active);
  }

  // From the text to the screen

  rangeOf(passage: {
    fragment_id: string;
    start_offset: number;
    end_offset: number;
  }): Range | undefined {
    const part = this.parts.find(({ fragment }) => fragment.id === passage.fragment_id);
    return part?.anchors.toRange(passage.start_offset, passage.end_offset);
  }

  /** Brings the passage to a fifth of the height, where the eye looks first. */
  scrollTo(
    passage: { fragment_id: string; start_offset: number; end_offset: number },
    scroller: Element,
  ): void {
    const range = this.rangeOf(passage);
    if (range === undefined) return;
    const top = range.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollBy({ top: top - scroller.clientHeight / 5, behavior: 'instant' });
  }

  /** Where the text at the top edge of the scroller is. */
  position(scroller: Element): { fragment_id: string; text_offset: number } | undefined {
    const edge = scroller.getBoundingClientRect().top;
    const block = this.blocks().find((one) => one.getBoundingClientRect().bottom > edge + 8);
    const part = block && this.partOf(block);
    return part && { fragment_id: part.fragment.id, text_offset: Number(block.dataset['o']) };
  }

  headings(): Heading[] {
    return [...this.root.querySelectorAll<HTMLElement>('h1, h2, h3')]
      .map((element) => ({
        element,
        level: Number(element.tagName[1]),
        text: element.textContent.trim(),
      }))
      .filter((heading) => heading.text !== '');
  }

  /** Highlights in reading order. */
  inOrder(highlights: readonly Highlight[]): Highlight[] {
    const index = new Map(this.parts.map((part, i) => [part.fragment.id, i]));
    return [...highlights].sort(
      (a, b) =>
        (index.get(a.fragment_id) ?? 0) - (index.get(b.fragment_id) ?? 0) || inTextOrder(a, b),
    );
  }

  // The keyboard's place

  blocks(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>('[data-o]')];
  }

  get cursorBlock(): HTMLElement | undefined {
    return this.cursor;
  }

  /** Moves the block cursor; from nowhere it starts at the first block in sight. */
  moveCursor(step: 1 | -1, scroller: Element): HTMLElement | undefined {
    const blocks = this.blocks();
    const edge = scroller.getBoundingClientRect().top;
    const from = this.cursor ? blocks.indexOf(this.cursor) : -1;
    const first = blocks.findIndex((block) => block.getBoundingClientRect().bottom > edge + 8);
    this.setCursor(
      blocks[from < 0 ? first : Math.min(blocks.length - 1, Math.max(0, from + step))],
    );
    this.cursor?.scrollIntoView({ block: 'nearest' });
    return this.cursor;
  }

  setCursor(block: HTMLElement | undefined): void {
    this.cursor?.removeAttribute('data-cursor');
    this.cursor = block;
    block?.setAttribute('data-cursor', '');
  }

  private partOf(node: Node): Part | undefined {
    return this.parts.find((part) => part.anchors.root.contains(node));
  }
}

function ranges(all: { part: Part; segment: Segment<Highlight> }[]): Range[] {
  return all
    .map(({ part, segment }) => part.anchors.toRange(segment.start, segment.end))
    .filter((range) => range !== undefined);
}

/** The range, cut to the element's content. */
function clipped(range: Range, element: Element): Range {
  const inside = document.createRange();
  inside.selectNodeContents(element);
  if (range.compareBoundaryPoints(Range.START_TO_START, inside) > 0)
    inside.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, inside) < 0)
    inside.setEnd(range.endContainer, range.endOffset);
  return inside;
}

function passageIn(
  part: Part,
  offsets: { start: number; end: number } | undefined,
): Passage | undefined {
  if (offsets === undefined) return undefined;
  const raw = sliceCodePoints(part.fragment.canonical_text, offsets.start, offsets.end);
  const text = raw.trim();
  if (text === '') return undefined;
  const start = offsets.start + [...raw.slice(0, raw.indexOf(text))].length;
  return {
    fragment_id: part.fragment.id,
    start_offset: start,
    end_offset: start + [...text].length,
    text,
  };
}
