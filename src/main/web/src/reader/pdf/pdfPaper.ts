import type { Highlight, Quad } from '../../api/types';
import type { Contents, OutlineEntry, Part, Position } from '../../domain/contents';
import { mergeLines, type Box } from '../../domain/lines';
import type { Place } from '../../domain/place';
import { onTop } from '../../domain/segments';
import type { Paper, Passage } from '../paper';
import { selectWithinLinks } from '../linkDrags';
import { Steady } from '../steady';
import {
  TextLayer,
  type PageViewport,
  type PDFDocumentProxy,
  type PDFPageProxy,
  type RenderTask,
} from './engine';
import { TextDrag } from './textDrag';

interface Surroundings {
  scroller: HTMLElement;
  contents: Contents;
  document: PDFDocumentProxy;
  /** Width over height of a page before its own is known. */
  size: { width: number; height: number };
  zoom: number;
  /** A link in the document that leads to another of its places. */
  onLink: (target: Position) => void;
}

/** A place in a document as the engine names it. */
type Destination = string | unknown[];

interface LinkAnnotation {
  subtype: string;
  /** Only addresses the engine holds for safe. */
  url?: string;
  dest?: Destination | null;
  rect: [number, number, number, number];
}

interface Sheet {
  part: Part;
  element: HTMLElement;
  marks: HTMLElement;
  page: PDFPageProxy | undefined;
  /** What is drawn, or being drawn. */
  drawn: Drawn | undefined;
}

interface Drawn {
  scale: number;
  task: RenderTask | undefined;
  text: InstanceType<typeof TextLayer> | undefined;
  cancelled: boolean;
}

/** Pages within this share of the screen's height above and below are drawn. */
const AHEAD = '80%';

/** Pixels one canvas may have; a larger page is drawn coarser. */
const MOST_PIXELS = 16_000_000;

/** A page is not made wider than this by fitting it to a wide window. */
const WIDEST_FIT = 980;
const MARGIN = 16;

/** Pages are drawn anew once their size has rested for this long. */
const REST_MS = 160;

const SHOWN_AT = 1 / 5;

/** A document as its printed pages, drawn near the screen, with its text laid over them unseen. */
export class PdfPaper implements Paper {
  readonly exact = true;
  private readonly sheets: Sheet[];
  private readonly byElement = new Map<Element, Sheet>();
  private readonly near = new Set<Sheet>();
  private readonly root: HTMLElement;
  private readonly around: Surroundings;
  private readonly observer: IntersectionObserver;
  private readonly resizing: ResizeObserver;
  private readonly steady: Steady;
  private readonly drag: TextDrag;
  private readonly freeLinks: () => void;
  private zoom: number;
  private highlights: readonly Highlight[] = [];
  private active: string | undefined;
  private flashed: Place | undefined;
  private redraw: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, around: Surroundings) {
    this.root = root;
    this.around = around;
    this.zoom = around.zoom;
    this.sheets = around.contents.parts.map((part) => emptySheet(part));
    for (const sheet of this.sheets) this.byElement.set(sheet.element, sheet);
    this.measure();
    root.replaceChildren(...this.sheets.map(({ element }) => element));
    this.steady = new Steady(
      around.scroller,
      root,
      (edge) => this.sheets[this.indexAt(edge)]?.element,
    );
    this.observer = new IntersectionObserver((entries) => this.onNear(entries), {
      root: around.scroller,
      rootMargin: `${AHEAD} 0px`,
    });
    for (const { element } of this.sheets) this.observer.observe(element);
    this.resizing = new ResizeObserver(() => this.onResize());
    this.resizing.observe(around.scroller);
    this.drag = new TextDrag(root);
    this.freeLinks = selectWithinLinks(root);
  }

  dispose(): void {
    clearTimeout(this.redraw);
    this.observer.disconnect();
    this.resizing.disconnect();
    this.steady.dispose();
    this.drag.dispose();
    this.freeLinks();
    for (const sheet of this.sheets) clear(sheet);
  }

  /** How wide pages are, 1 being the width that fits. */
  setZoom(zoom: number): void {
    this.zoom = zoom;
    this.onResize();
  }

  // Drawing

  private onNear(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const sheet = this.byElement.get(target)!;
      if (isIntersecting) {
        this.near.add(sheet);
        void this.draw(sheet);
      } else {
        this.near.delete(sheet);
        clear(sheet);
      }
    }
  }

  private onResize(): void {
    this.measure();
    this.steady.restore();
    clearTimeout(this.redraw);
    this.redraw = setTimeout(() => {
      for (const sheet of this.near) void this.draw(sheet);
    }, REST_MS);
  }

  /** Gives every page its size; what is drawn already stretches with it. */
  private measure(): void {
    const { clientWidth } = this.around.scroller;
    const fit = Math.min(clientWidth - 2 * MARGIN, WIDEST_FIT);
    for (const sheet of this.sheets) {
      const { width, height } = this.sizeOf(sheet);
      const scale = (Math.max(160, fit) * this.zoom) / width;
      const { style } = sheet.element;
      style.setProperty('--total-scale-factor', String(scale));
      style.inlineSize = `${width * scale}px`;
      style.blockSize = `${height * scale}px`;
    }
  }

  private sizeOf({ page }: Sheet): { width: number; height: number } {
    return page?.getViewport({ scale: 1 }) ?? this.around.size;
  }

  private async draw(sheet: Sheet): Promise<void> {
    try {
      if (sheet.page === undefined) {
        sheet.page = await this.around.document.getPage(sheet.part.idx + 1);
        this.measure();
        this.steady.restore();
      }
      const scale = Number(sheet.element.style.getPropertyValue('--total-scale-factor'));
      if (!this.near.has(sheet) || sheet.drawn?.scale === scale) return;
      const before = sheet.drawn;
      const drawn: Drawn = { scale, task: undefined, text: undefined, cancelled: false };
      sheet.drawn = drawn;
      cancel(before);
      await this.drawPage(sheet, sheet.page, drawn);
      if (before?.text) drawn.text = before.text;
      else await layText(sheet, sheet.page, drawn);
      if (drawn.cancelled) return;
      this.paintSheet(sheet);
      if (!sheet.element.querySelector('.pdf-links')) await this.layLinks(sheet, sheet.page);
    } catch {
      // Cancelled by a scroll, or not drawable: the page stays blank and its text can be read.
      sheet.element.dataset['blank'] = '';
    }
  }

  private async drawPage(sheet: Sheet, page: PDFPageProxy, drawn: Drawn): Promise<void> {
    const viewport = page.getViewport({ scale: drawn.scale });
    const pixels = viewport.width * viewport.height;
    const density = Math.min(devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / pixels));
    const canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    canvas.width = Math.floor(viewport.width * density);
    canvas.height = Math.floor(viewport.height * density);
    drawn.task = page.render({
      canvas,
      viewport,
      ...(density !== 1 && { transform: [density, 0, 0, density, 0, 0] }),
    });
    await drawn.task.promise;
    delete sheet.element.dataset['blank'];
    if (drawn.cancelled) return;
    sheet.element.querySelector('canvas')?.remove();
    sheet.element.prepend(canvas);
  }

  /** Links over what they stand on: addresses of the web, and places in the document. */
  private async layLinks(sheet: Sheet, page: PDFPageProxy): Promise<void> {
    const annotations = (await page.getAnnotations()) as LinkAnnotation[];
    const layer = document.createElement('div');
    layer.className = 'pdf-links';
    for (const { subtype, url, dest, rect } of annotations) {
      if (subtype !== 'Link' || (url === undefined && !dest)) continue;
      const link = document.createElement('a');
      const [x1, y1, x2, y2] = rect;
      putAt(link, onScreen(page, { x1, y1, x2, y2: y1, x3: x1, y3: y2, x4: x2, y4: y2 }));
      if (url !== undefined) {
        link.href = url;
        link.target = '_blank';
        link.rel = 'noopener noreferrer';
        link.ariaLabel = url;
      } else {
        link.href = '#';
        link.ariaLabel = 'A place in this document';
        link.addEventListener('click', (event) => {
          if (event.defaultPrevented) return;
          event.preventDefault();
          void this.follow(dest!);
        });
      }
      layer.append(link);
    }
    if (layer.childElementCount > 0 && this.near.has(sheet)) sheet.element.append(layer);
  }

  private async follow(dest: Destination): Promise<void> {
    const { document } = this.around;
    const explicit = typeof dest === 'string' ? await document.getDestination(dest) : dest;
    const target = explicit?.[0] as number | { num: number; gen: number } | undefined;
    if (target === undefined || target === null) return;
    const index = typeof target === 'number' ? target : await document.getPageIndex(target);
    const part = this.around.contents.numbered(index);
    if (part) this.around.onLink({ fragment_id: part.id, text_offset: 0 });
  }

  // Painting

  paint(highlights: readonly Highlight[], active: string | undefined): void {
    this.highlights = highlights;
    this.active = active;
    this.paintAll();
  }

  flash(place: Place | undefined): void {
    this.flashed = place;
    this.paintAll();
  }

  private paintAll(): void {
    for (const sheet of this.sheets) if (sheet.drawn) this.paintSheet(sheet);
  }

  private paintSheet(sheet: Sheet): void {
    const own = this.highlights.filter((one) => one.fragment_id === sheet.part.id);
    const boxes = [...own].sort((a, b) => -onTop(a, b)).flatMap((one) => this.boxesOf(sheet, one));
    sheet.marks.replaceChildren(...boxes);
  }

  private boxesOf(sheet: Sheet, highlight: Highlight): HTMLElement[] {
    const lit = this.flashed && covers(this.flashed, highlight);
    return quadsOf(highlight).map((quad) => {
      const box = document.createElement('i');
      box.className = `pdf-mark mark-${highlight.color}`;
      box.dataset['highlight'] = highlight.id;
      if (highlight.id === this.active || lit) box.dataset['active'] = '';
      if (highlight.annotation) box.dataset['note'] = '';
      putAt(box, onScreen(sheet.page!, quad));
      return box;
    });
  }

  // From the screen to the pages

  selected(selection: Selection | null): Passage[] {
    if (selection === null || selection.rangeCount === 0 || selection.isCollapsed) return [];
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.root)) return [];
    return this.sheets.flatMap((sheet) =>
      sheet.page && sheet.drawn?.text && range.intersectsNode(sheet.element)
        ? (passageOn(sheet, sheet.page, range) ?? [])
        : [],
    );
  }

  highlightAt(x: number, y: number, active: string | undefined): Highlight | undefined {
    const hits = [...this.root.querySelectorAll<HTMLElement>('.pdf-mark')].filter((box) => {
      const { left, top, right, bottom } = box.getBoundingClientRect();
      return left <= x && x <= right && top <= y && y <= bottom;
    });
    const ids = [...new Set(hits.map((box) => box.dataset['highlight']))];
    const found = this.highlights.filter(({ id }) => ids.includes(id)).sort(onTop);
    const index = found.findIndex(({ id }) => id === active);
    return found[(index + 1) % found.length];
  }

  position(below = 8): Position | undefined {
    const edge = this.around.scroller.getBoundingClientRect().top + below;
    const sheet = this.sheets[this.indexAt(edge)];
    if (sheet === undefined) return undefined;
    const { top, height } = sheet.element.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (edge - top) / height));
    return { fragment_id: sheet.part.id, text_offset: Math.floor(share * sheet.part.length) };
  }

  headings(): OutlineEntry[] {
    return [];
  }

  // To a place

  rectOf(place: Place): DOMRect | undefined {
    const sheet = this.sheetOf(place.fragment_id);
    const highlight = this.highlights.find((one) => covers(place, one));
    const box = highlight && sheet?.marks.querySelector(`[data-highlight="${highlight.id}"]`);
    return (box ?? undefined)?.getBoundingClientRect();
  }

  async show(place: Place): Promise<void> {
    const sheet = this.sheetOf(place.fragment_id);
    if (sheet === undefined) return;
    this.bringToTop(sheet.element.getBoundingClientRect().top, 0);
    this.near.add(sheet);
    await this.draw(sheet);
    const highlight = this.highlights.find((one) => covers(place, one));
    const quad = highlight && quadsOf(highlight)[0];
    const { top, height } = sheet.element.getBoundingClientRect();
    const share = quad && sheet.page ? onScreen(sheet.page, quad).top : shareOf(sheet, place);
    this.bringToTop(top + share * height, SHOWN_AT);
  }

  open({ fragment_id, text_offset }: Position): Promise<void> {
    const sheet = this.sheetOf(fragment_id);
    if (sheet) {
      const { top, height } = sheet.element.getBoundingClientRect();
      const share = sheet.part.length > 0 ? text_offset / sheet.part.length : 0;
      this.bringToTop(top + Math.min(1, share) * height, 0);
    }
    return Promise.resolve();
  }

  private bringToTop(top: number, share: number): void {
    const { scroller } = this.around;
    const by =
      top - scroller.getBoundingClientRect().top - Math.max(8, scroller.clientHeight * share);
    scroller.scrollBy({ top: by, behavior: 'instant' });
    this.steady.hold();
  }

  // The keyboard goes from page to page.

  moveCursor(step: 1 | -1): void {
    const edge = this.around.scroller.getBoundingClientRect().top + 2 * MARGIN;
    const next = this.sheets[this.indexAt(edge) + step];
    if (next) this.bringToTop(next.element.getBoundingClientRect().top, 0);
  }

  cursorPassage(): undefined {
    return undefined;
  }

  dropCursor(): boolean {
    return false;
  }

  private sheetOf(fragmentId: string): Sheet | undefined {
    return this.sheets[this.around.contents.indexOf(fragmentId)];
  }

  /** The first page that ends below the edge; pages follow each other downwards. */
  private indexAt(edge: number): number {
    let low = 0;
    let high = this.sheets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sheets[middle]!.element.getBoundingClientRect().bottom > edge) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function emptySheet(part: Part): Sheet {
  const element = document.createElement('div');
  element.className = 'pdf-page';
  element.dataset['fragment'] = part.id;
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', `Page ${part.idx + 1}`);
  const marks = document.createElement('div');
  marks.className = 'pdf-marks';
  marks.setAttribute('aria-hidden', 'true');
  element.append(marks);
  return { part, element, marks, page: undefined, drawn: undefined };
}

async function layText({ element }: Sheet, page: PDFPageProxy, drawn: Drawn): Promise<void> {
  const container = document.createElement('div');
  container.className = 'text-layer';
  const text = new TextLayer({
    textContentSource: page.streamTextContent({ includeMarkedContent: false }),
    container,
    viewport: page.getViewport({ scale: drawn.scale }),
  });
  drawn.text = text;
  await text.render();
  if (!drawn.cancelled) {
    element.querySelector('.text-layer')?.remove();
    element.append(container);
  }
}

function cancel(drawn: Drawn | undefined): void {
  if (drawn === undefined) return;
  drawn.cancelled = true;
  drawn.task?.cancel();
}

/** Frees what a page far from the screen holds: its pixels above all. */
function clear(sheet: Sheet): void {
  cancel(sheet.drawn);
  sheet.drawn?.text?.cancel();
  sheet.drawn = undefined;
  const canvas = sheet.element.querySelector('canvas');
  if (canvas) canvas.width = canvas.height = 0;
  canvas?.remove();
  sheet.element.querySelector('.text-layer')?.remove();
  sheet.element.querySelector('.pdf-links')?.remove();
  sheet.marks.replaceChildren();
  sheet.page?.cleanup();
}

function quadsOf(highlight: Highlight): readonly Quad[] {
  return highlight.quads ?? [];
}

function covers(place: Place, highlight: Highlight): boolean {
  return (
    highlight.fragment_id === place.fragment_id &&
    highlight.start_offset === place.start_offset &&
    highlight.end_offset === place.end_offset
  );
}

function shareOf({ part }: Sheet, { start_offset }: Place): number {
  return part.length > 0 ? Math.min(1, start_offset / part.length) : 0;
}

/** A quad's box as shares of its page's width and height, from the top left. */
function onScreen(page: PDFPageProxy, quad: Quad): Box {
  const viewport = page.getViewport({ scale: 1 });
  const corners = [
    [quad.x1, quad.y1],
    [quad.x2, quad.y2],
    [quad.x3, quad.y3],
    [quad.x4, quad.y4],
  ].map(([x, y]) => viewport.convertToViewportPoint(x!, y!) as [number, number]);
  const xs = corners.map(([x]) => x / viewport.width);
  const ys = corners.map(([, y]) => y / viewport.height);
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  };
}

function putAt(element: HTMLElement, { left, top, right, bottom }: Box): void {
  element.style.left = `${left * 100}%`;
  element.style.top = `${top * 100}%`;
  element.style.width = `${(right - left) * 100}%`;
  element.style.height = `${(bottom - top) * 100}%`;
}

/** What of the selection lies on a page: a quad for each of its lines. */
function passageOn(sheet: Sheet, page: PDFPageProxy, range: Range): Passage | undefined {
  const layer = sheet.element.querySelector('.text-layer');
  if (!layer) return undefined;
  const inside = document.createRange();
  inside.selectNodeContents(layer);
  if (range.compareBoundaryPoints(Range.START_TO_START, inside) > 0)
    inside.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, inside) < 0)
    inside.setEnd(range.endContainer, range.endOffset);
  const text = inside.toString().trim();
  if (text === '') return undefined;
  const paper = sheet.element.getBoundingClientRect();
  const viewport = page.getViewport({ scale: sheet.drawn!.scale });
  const boxes = mergeLines(boxesIn(layer, inside)).filter((box) => overlaps(box, paper));
  const quads = boxes.map((box) => quadOf(box, paper, viewport));
  return quads.length > 0 ? { fragment_id: sheet.part.id, text, quads } : undefined;
}

/** The boxes of the selected glyphs; those of the elements around them are left out. */
function boxesIn(layer: Element, range: Range): Box[] {
  const walker = document.createTreeWalker(layer, NodeFilter.SHOW_TEXT);
  const boxes: Box[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!range.intersectsNode(node)) continue;
    const piece = document.createRange();
    piece.selectNodeContents(node);
    if (node === range.startContainer) piece.setStart(node, range.startOffset);
    if (node === range.endContainer) piece.setEnd(node, range.endOffset);
    boxes.push(...piece.getClientRects());
  }
  return boxes;
}

function overlaps(box: Box, paper: DOMRect): boolean {
  return (
    box.right > paper.left &&
    box.left < paper.right &&
    box.bottom > paper.top &&
    box.top < paper.bottom
  );
}

function quadOf(box: Box, paper: DOMRect, viewport: PageViewport): Quad {
  const point = (x: number, y: number) =>
    viewport.convertToPdfPoint(x - paper.left, y - paper.top) as [number, number];
  const [x1, y1] = point(box.left, box.top);
  const [x2, y2] = point(box.right, box.top);
  const [x3, y3] = point(box.left, box.bottom);
  const [x4, y4] = point(box.right, box.bottom);
  return { x1, y1, x2, y2, x3, y3, x4, y4 };
}
