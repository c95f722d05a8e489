import type { Fragment, Highlight } from '../api/types';
import { COLOURS } from '../domain/colours';
import { sliceCodePoints } from '../domain/codePoints';
import type { Contents, OutlineEntry, Part, Position } from '../domain/contents';
import type { Place } from '../domain/place';
import { nextInSegment, segmentAt, segments, type Segment } from '../domain/segments';
import { Anchors } from './anchors';
import { insertHtml } from './insertHtml';
import { selectWithinLinks } from './linkDrags';
import { createPainter, type Painter } from './painter';
import type { Paper, Passage } from './paper';
import { Steady } from './steady';

interface Section {
  part: Part;
  element: HTMLElement;
  /** Its text, while it is laid out. */
  laid: Laid | undefined;
  /** Its text, on its way. */
  coming: Promise<void> | undefined;
}

interface Laid {
  fragment: Fragment;
  anchors: Anchors;
  segments: Segment<Highlight>[];
}

interface Surroundings {
  scroller: HTMLElement;
  contents: Contents;
  /** Each part is a page of a printed document, and says so. */
  paged: boolean;
  load: (fragmentId: string) => Promise<Fragment>;
  /** What is laid out changed. */
  onChange: () => void;
}

/** Text within this share of the screen's height above and below is laid out before it is seen. */
const AHEAD = '150%';

/** Code points laid out at once; beyond, what is far from the screen is taken out again. */
const MOST_LAID = 400_000;

/** Pixels for a code point that is still to be laid out: a guess, mended when it is. */
const HEIGHT_PER_CODE_POINT = 0.45;
const LEAST_HEIGHT = 120;

/** Pixels below the top edge at which a block is no longer being read. */
const EDGE = 8;

/** Where a place is brought to, from the top: a fifth, where the eye looks first. */
const SHOWN_AT = 1 / 5;

/**
 * A document as text that flows. Every part has its section from the beginning, as high as its
 * text will roughly be; the text itself is laid out near the screen and taken out far from it.
 */
export class TextPaper implements Paper {
  private readonly sections: Section[];
  private readonly byElement = new Map<Element, Section>();
  private readonly painter: Painter = createPainter();
  private readonly around: Surroundings;
  private readonly root: HTMLElement;
  private readonly near: IntersectionObserver;
  private readonly steady: Steady;
  private readonly freeLinks: () => void;
  private highlights: readonly Highlight[] = [];
  private active: string | undefined;
  private cursor: HTMLElement | undefined;
  private disposed = false;

  constructor(root: HTMLElement, around: Surroundings) {
    this.root = root;
    this.around = around;
    this.sections = around.contents.parts.map((part) => ({
      part,
      element: emptySection(part, around.paged),
      laid: undefined,
      coming: undefined,
    }));
    root.replaceChildren(...this.sections.map(({ element }) => element));
    this.steady = new Steady(around.scroller, root, (edge) => this.elementAt(edge));
    this.freeLinks = selectWithinLinks(root);
    this.near = new IntersectionObserver((entries) => this.onNear(entries), {
      root: around.scroller,
      rootMargin: `${AHEAD} 0px`,
    });
    for (const section of this.sections) {
      this.byElement.set(section.element, section);
      this.near.observe(section.element);
    }
  }

  get exact(): boolean {
    return this.sections.every(({ laid }) => laid === undefined || laid.anchors.exact);
  }

  dispose(): void {
    this.disposed = true;
    this.near.disconnect();
    this.steady.dispose();
    this.freeLinks();
    this.painter.clear();
  }

  // Laying out

  private onNear(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries)
      if (entry.isIntersecting) void this.lay(this.byElement.get(entry.target)!);
    this.takeOutFarOnes();
  }

  private lay(section: Section): Promise<void> {
    if (section.laid) return Promise.resolve();
    section.coming ??= this.fetchAndLay(section).finally(() => (section.coming = undefined));
    return section.coming;
  }

  private async fetchAndLay(section: Section): Promise<void> {
    section.element.dataset['coming'] = '';
    try {
      const fragment = await this.around.load(section.part.id);
      const inside = document.createElement('div');
      await insertHtml(inside, fragment.html_sanitized, fragment.media_id);
      if (this.disposed) return;
      section.element.replaceChildren(...inside.childNodes);
      section.element.style.minBlockSize = '';
      section.laid = {
        fragment,
        anchors: new Anchors(section.element, fragment.canonical_text),
        segments: [],
      };
      this.steady.restore();
      this.paintAll();
      this.around.onChange();
    } catch {
      if (!this.disposed) this.offerRetry(section);
    } finally {
      delete section.element.dataset['coming'];
    }
  }

  private offerRetry(section: Section): void {
    const note = document.createElement('p');
    note.className = 'part-failed';
    note.setAttribute('role', 'alert');
    const again = document.createElement('button');
    again.type = 'button';
    again.className = 'button outline';
    again.textContent = 'Try again';
    again.addEventListener('click', () => {
      note.remove();
      void this.lay(section);
    });
    note.append('This part could not be loaded. ', again);
    section.element.replaceChildren(note);
  }

  /** Keeps what is laid out within its bound, beginning with what is farthest from the screen. */
  private takeOutFarOnes(): void {
    const laid = this.sections.filter((section) => section.laid !== undefined);
    let length = laid.reduce((sum, { part }) => sum + part.length, 0);
    if (length <= MOST_LAID) return;
    const area = this.around.scroller.getBoundingClientRect();
    const far = laid
      .map((section) => ({ section, distance: distance(section.element, area) }))
      .filter(({ section, distance }) => distance > 2 * area.height && !this.isHeld(section))
      .sort((a, b) => b.distance - a.distance);
    for (const { section } of far) {
      if (length <= MOST_LAID) break;
      length -= section.part.length;
      takeOut(section);
    }
    this.steady.restore();
    this.paintAll();
    this.around.onChange();
  }

  /** Something of it is selected or under the keyboard's cursor, and would be lost. */
  private isHeld({ element }: Section): boolean {
    const selection = document.getSelection();
    return (
      element.contains(this.cursor ?? null) ||
      (selection !== null &&
        selection.rangeCount > 0 &&
        !selection.isCollapsed &&
        selection.getRangeAt(0).intersectsNode(element))
    );
  }

  // Painting

  paint(highlights: readonly Highlight[], active: string | undefined): void {
    this.highlights = highlights;
    this.active = active;
    this.paintAll();
  }

  private paintAll(): void {
    const laid = this.sections.flatMap((section) => section.laid ?? []);
    for (const one of laid) {
      const own = this.highlights.filter((h) => h.fragment_id === one.fragment.id);
      one.segments = segments(own, one.anchors.end);
    }
    const all = laid.flatMap((one) => one.segments.map((segment) => ({ laid: one, segment })));
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
      ranges(all.filter(({ segment }) => segment.highlights.some((h) => h.id === this.active))),
    );
  }

  flash(place: Place | undefined): void {
    const range = place && this.rangeOf(place);
    this.painter.paint('flash', range ? [range] : []);
  }

  // From the screen to the text

  /** One passage a fragment, without white space at its ends. */
  selected(selection: Selection | null): Passage[] {
    if (selection === null || selection.rangeCount === 0 || selection.isCollapsed) return [];
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.root)) return [];
    return this.sections.flatMap(({ element, laid }) =>
      laid !== undefined && range.intersectsNode(element)
        ? (passageIn(laid, laid.anchors.fromRange(clipped(range, element))) ?? [])
        : [],
    );
  }

  highlightAt(x: number, y: number, active: string | undefined): Highlight | undefined {
    const point = document.caretPositionFromPoint?.(x, y);
    const laid = point && this.sectionOf(point.offsetNode)?.laid;
    if (!laid) return undefined;
    const offset = laid.anchors.offsetAt(point.offsetNode, point.offset, false);
    const segment = segmentAt(laid.segments, offset);
    return segment && nextInSegment(segment, active);
  }

  position(below?: number): Position | undefined {
    const edge = this.around.scroller.getBoundingClientRect().top + (below ?? EDGE);
    const section = this.sectionAt(edge);
    if (section === undefined) return undefined;
    const block = section.laid && blockAt(section.element, edge);
    const start = block ? Number(block.dataset['o']) : 0;
    const text_offset =
      (below === undefined && block && section.laid?.anchors.firstBelow(block, edge)) || start;
    return { fragment_id: section.part.id, text_offset };
  }

  headings(): OutlineEntry[] {
    return this.sections.flatMap(({ part, element }) =>
      [...element.querySelectorAll<HTMLElement>('h1, h2, h3')].flatMap((heading) => {
        const block = heading.closest<HTMLElement>('[data-o]') ?? heading.querySelector('[data-o]');
        const title = heading.textContent.trim();
        if (title === '' || !(block instanceof HTMLElement)) return [];
        return {
          title,
          level: Number(heading.tagName[1]),
          fragment_id: part.id,
          fragment_idx: part.idx,
          text_offset: Number(block.dataset['o']),
        };
      }),
    );
  }

  // From the text to the screen

  rectOf(place: Place): DOMRect | undefined {
    return this.rangeOf(place)?.getBoundingClientRect();
  }

  async show(place: Place): Promise<void> {
    await this.bring(place.fragment_id, place.start_offset, SHOWN_AT);
  }

  async open({ fragment_id, text_offset }: Position): Promise<void> {
    await this.bring(fragment_id, text_offset, 0);
  }

  private async bring(fragmentId: string, offset: number, share: number): Promise<void> {
    const section = this.sections.find(({ part }) => part.id === fragmentId);
    if (section === undefined) return;
    if (section.laid === undefined) {
      this.bringToTop(section.element.getBoundingClientRect().top, 0);
      await this.lay(section);
    }
    // The beginning of a part shows all of it, what stands above its first words too.
    const target =
      offset === 0
        ? section.element.getBoundingClientRect()
        : section.laid?.anchors.toRange(offset, offset + 1)?.getBoundingClientRect();
    if (target) this.bringToTop(target.top, offset === 0 ? 0 : share);
  }

  private bringToTop(top: number, share: number): void {
    const { scroller } = this.around;
    const area = scroller.getBoundingClientRect();
    const by = top - area.top - Math.max(2 * EDGE, scroller.clientHeight * share);
    scroller.scrollBy({ top: by, behavior: 'instant' });
    this.steady.hold();
  }

  private rangeOf({ fragment_id, start_offset, end_offset }: Place): Range | undefined {
    const section = this.sections.find(({ part }) => part.id === fragment_id);
    return section?.laid?.anchors.toRange(start_offset, end_offset);
  }

  // The keyboard's place

  moveCursor(step: 1 | -1): void {
    const blocks = [...this.root.querySelectorAll<HTMLElement>('[data-o]')];
    const edge = this.around.scroller.getBoundingClientRect().top;
    const from = this.cursor ? blocks.indexOf(this.cursor) : -1;
    const to =
      from < 0
        ? blocks.findIndex((block) => block.getBoundingClientRect().bottom > edge + EDGE)
        : Math.min(blocks.length - 1, Math.max(0, from + step));
    this.setCursor(blocks[to]);
    this.cursor?.scrollIntoView({ block: 'nearest' });
  }

  cursorPassage(): Passage | undefined {
    const laid = this.cursor && this.sectionOf(this.cursor)?.laid;
    if (!laid) return undefined;
    const range = document.createRange();
    range.selectNodeContents(this.cursor!);
    return passageIn(laid, laid.anchors.fromRange(range));
  }

  dropCursor(): boolean {
    const had = this.cursor !== undefined;
    this.setCursor(undefined);
    return had;
  }

  private setCursor(block: HTMLElement | undefined): void {
    this.cursor?.removeAttribute('data-cursor');
    this.cursor = block;
    block?.setAttribute('data-cursor', '');
  }

  // Finding

  private sectionOf(node: Node): Section | undefined {
    const element = node instanceof Element ? node : node.parentElement;
    const section = element?.closest('[data-fragment]');
    return section ? this.byElement.get(section) : undefined;
  }

  /** The first section that ends below the edge; sections follow each other downwards. */
  private sectionAt(edge: number): Section | undefined {
    let low = 0;
    let high = this.sections.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sections[middle]!.element.getBoundingClientRect().bottom > edge) high = middle;
      else low = middle + 1;
    }
    return this.sections[low];
  }

  private elementAt(edge: number): Element | undefined {
    const section = this.sectionAt(edge);
    return (section?.laid && blockAt(section.element, edge)) ?? section?.element;
  }
}

function emptySection(part: Part, paged: boolean): HTMLElement {
  const section = document.createElement('section');
  section.dataset['fragment'] = part.id;
  if (paged) section.dataset['page'] = String(part.idx + 1);
  section.style.minBlockSize = `${Math.max(LEAST_HEIGHT, part.length * HEIGHT_PER_CODE_POINT)}px`;
  return section;
}

/** Leaves the section empty and as high as it was. */
function takeOut(section: Section): void {
  section.element.style.minBlockSize = `${section.element.getBoundingClientRect().height}px`;
  section.element.replaceChildren();
  section.laid = undefined;
}

function distance(element: Element, area: DOMRect): number {
  const { top, bottom } = element.getBoundingClientRect();
  return Math.max(top - area.bottom, area.top - bottom);
}

function blockAt(section: Element, edge: number): HTMLElement | undefined {
  for (const block of section.querySelectorAll<HTMLElement>('[data-o]'))
    if (block.getBoundingClientRect().bottom > edge) return block;
  return undefined;
}

function ranges(all: { laid: Laid; segment: Segment<Highlight> }[]): Range[] {
  return all
    .map(({ laid, segment }) => laid.anchors.toRange(segment.start, segment.end))
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
  { fragment }: Laid,
  offsets: { start: number; end: number } | undefined,
): Passage | undefined {
  if (offsets === undefined) return undefined;
  const raw = sliceCodePoints(fragment.canonical_text, offsets.start, offsets.end);
  const text = raw.trim();
  if (text === '') return undefined;
  const start = offsets.start + [...raw.slice(0, raw.indexOf(text))].length;
  return {
    fragment_id: fragment.id,
    start_offset: start,
    end_offset: start + [...text].length,
    text,
  };
}
