import { codePointLength, utf16Index } from '../domain/codePoints';

/**
 * DOM positions of one fragment to code-point offsets of its canonical text, and back.
 *
 * The server marks every leaf block with `data-o`, its start in the canonical text, and the text
 * of the block *is* that stretch of it. A line break stands for one newline where the canonical
 * text has one. The index belongs to the DOM it was made from: nothing may re-render inside.
 */
export class Anchors {
  private readonly pieces: Piece[] = [];
  private readonly byNode = new Map<Node, number>();
  /** The blocks agree with the canonical text, so offsets can be trusted. */
  readonly exact: boolean;
  readonly root: Element;

  constructor(root: Element, canonical: string) {
    this.root = root;
    let exact = true;
    const points = new CanonicalSlices(canonical);
    for (const block of root.querySelectorAll<HTMLElement>('[data-o]')) {
      const start = Number(block.dataset['o']);
      const pieces = piecesOf(block, start, (from, length) => points.slice(from, length));
      exact &&= pieces !== undefined;
      for (const piece of pieces ?? []) {
        this.byNode.set(piece.node, this.pieces.length);
        this.pieces.push(piece);
      }
    }
    this.exact = exact && (this.pieces.length > 0 || canonical === '');
  }

  /** End of the last block; 0 without any. */
  get end(): number {
    return this.pieces.at(-1)?.end ?? 0;
  }

  /** A live range over [start, end), or undefined when the fragment has no text. */
  toRange(start: number, end: number): Range | undefined {
    if (this.pieces.length === 0 || start >= end) return undefined;
    const range = this.root.ownerDocument.createRange();
    const first = this.pieces[this.pieceFrom(start)]!;
    const last = this.pieces[this.pieceUpTo(end)]!;
    range.setStart(...pointIn(first, start));
    range.setEnd(...pointIn(last, end));
    return range;
  }

  /** The offsets of a range that lies at least partly in this fragment; undefined when it is empty. */
  fromRange(range: Range): { start: number; end: number } | undefined {
    if (this.pieces.length === 0) return undefined;
    const start = this.offsetAt(range.startContainer, range.startOffset, false);
    const end = this.offsetAt(range.endContainer, range.endOffset, true);
    return start < end ? { start, end } : undefined;
  }

  /**
   * Offset of any DOM point. A point between text nodes belongs to the text after it, or to the
   * text before it when it ends a selection (triple click, select all).
   */
  offsetAt(node: Node, offset: number, isEnd: boolean): number {
    const index = this.byNode.get(node);
    if (index !== undefined && node.nodeType === Node.TEXT_NODE) {
      const piece = this.pieces[index]!;
      return piece.start + codePointLength((node as Text).data.slice(0, offset));
    }
    const following = this.firstAfter(node, offset);
    if (isEnd) return following > 0 ? this.pieces[following - 1]!.end : 0;
    return following < this.pieces.length ? this.pieces[following]!.start : this.end;
  }

  /**
   * Offset of the first line of a block that begins below a height of the screen; of its last line
   * where none does, for that one is what is in sight.
   */
  firstBelow(block: Element, edge: number): number | undefined {
    const first = this.pieces.findIndex(({ node }) => block.contains(node));
    if (first < 0) return undefined;
    let inSight: number | undefined;
    for (const piece of this.pieces.slice(first)) {
      if (!block.contains(piece.node)) break;
      if (piece.node instanceof Element || boxOf(piece.node).bottom <= edge) continue;
      const length = [...piece.node.data].length;
      inSight ??= piece.start + search(length - 1, (n) => letterBox(piece, n).bottom > edge);
      const begins = search(length, (n) => letterBox(piece, n).top >= edge);
      if (begins < length) return piece.start + begins;
    }
    return inSight;
  }

  private firstAfter(node: Node, offset: number): number {
    const point = this.root.ownerDocument.createRange();
    point.setStart(node, offset);
    point.collapse(true);
    return search(this.pieces.length, (i) => comparePiece(point, this.pieces[i]!.node) >= 0);
  }

  private pieceFrom(offset: number): number {
    return Math.max(0, search(this.pieces.length, (i) => this.pieces[i]!.start > offset) - 1);
  }

  private pieceUpTo(offset: number): number {
    return Math.max(0, search(this.pieces.length, (i) => this.pieces[i]!.start >= offset) - 1);
  }
}

interface Piece {
  node: Text | Element;
  start: number;
  end: number;
}

type Slice = (from: number, length: number) => string;

/** The text nodes of a block and, where the canonical text has them, its line breaks. */
function piecesOf(block: Element, start: number, slice: Slice): Piece[] | undefined {
  for (const breakLength of [0, 1]) {
    const pieces: Piece[] = [];
    let text = '';
    let offset = start;
    for (const node of textAndBreaks(block)) {
      const part = node instanceof Element ? '\n'.repeat(breakLength) : node.data;
      const end = offset + codePointLength(part);
      if (end > offset) pieces.push({ node, start: offset, end });
      text += part;
      offset = end;
    }
    if (slice(start, offset - start) === text) return pieces;
  }
  return undefined;
}

function textAndBreaks(block: Element): (Text | Element)[] {
  const nodes: (Text | Element)[] = [];
  const walker = block.ownerDocument.createTreeWalker(
    block,
    NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT,
  );
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) nodes.push(node as Text);
    else if (node.nodeName === 'BR') nodes.push(node as Element);
  }
  return nodes;
}

function boxOf(text: Text): DOMRect {
  const range = text.ownerDocument.createRange();
  range.selectNodeContents(text);
  return range.getBoundingClientRect();
}

/** Where a letter of a piece of text stands on the screen. */
function letterBox(piece: Piece, index: number): DOMRect {
  const range = piece.node.ownerDocument.createRange();
  range.setStart(...pointIn(piece, piece.start + index));
  range.setEnd(...pointIn(piece, piece.start + index + 1));
  return range.getBoundingClientRect();
}

/** Where in the DOM the offset lies, given the piece that holds it; outside, the piece's nearer edge. */
function pointIn(piece: Piece, offset: number): [Node, number] {
  const inside = Math.min(Math.max(offset, piece.start), piece.end) - piece.start;
  if (piece.node instanceof Element) {
    const parent = piece.node.parentNode!;
    return [parent, [...parent.childNodes].indexOf(piece.node) + inside];
  }
  return [piece.node, utf16Index(piece.node.data, inside)];
}

function comparePiece(point: Range, node: Node): number {
  if (node.nodeType === Node.TEXT_NODE) return point.comparePoint(node, 0);
  const parent = node.parentNode!;
  return point.comparePoint(parent, [...parent.childNodes].indexOf(node as ChildNode));
}

/** The first index in [0, length) for which the test holds; the test is false, then true. */
function search(length: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Slices by code points, quick when asked for in ascending order. */
class CanonicalSlices {
  private codePoint = 0;
  private unit = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  slice(from: number, length: number): string {
    if (from < this.codePoint) {
      this.codePoint = 0;
      this.unit = 0;
    }
    this.unit += utf16Index(
      this.text.slice(this.unit, this.unit + 2 * (from - this.codePoint)),
      from - this.codePoint,
    );
    this.codePoint = from;
    const ahead = this.text.slice(this.unit, this.unit + 2 * length);
    return ahead.slice(0, utf16Index(ahead, length));
  }
}
