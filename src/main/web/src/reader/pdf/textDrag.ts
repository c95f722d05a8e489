interface Point {
  x: number;
  y: number;
}

interface Caret {
  node: Text;
  offset: number;
}

/** How much farther a line above or below is than a word beside, at the same distance. */
const ACROSS = 4;

/**
 * Selects the text of drawn pages while the mouse is dragged over them. Its pieces stand each in a
 * place of its own, with nothing between them. Left alone, browsers select to the end of the page
 * when the mouse is between two lines, lose where the selection began on some letters, and begin
 * none over a link. So what the mouse is at is taken to be the letter nearest to it, and put right
 * whenever the browser has it otherwise.
 */
export class TextDrag {
  private readonly root: HTMLElement;
  private begin: Caret | undefined;
  private at: Point = { x: 0, y: 0 };
  private from: Point = { x: 0, y: 0 };

  constructor(root: HTMLElement) {
    this.root = root;
    root.addEventListener('pointerdown', this.onDown);
    root.addEventListener('dragstart', this.onDragStart);
    document.addEventListener('pointermove', this.onMove);
    document.addEventListener('pointerup', this.onUp);
    document.addEventListener('pointercancel', this.onEnd);
    document.addEventListener('selectionchange', this.put);
  }

  dispose(): void {
    this.root.removeEventListener('pointerdown', this.onDown);
    this.root.removeEventListener('dragstart', this.onDragStart);
    document.removeEventListener('pointermove', this.onMove);
    document.removeEventListener('pointerup', this.onUp);
    document.removeEventListener('pointercancel', this.onEnd);
    document.removeEventListener('selectionchange', this.put);
  }

  private readonly onDown = (event: PointerEvent): void => {
    const plain = event.pointerType === 'mouse' && event.button === 0 && !event.shiftKey;
    this.from = this.at = { x: event.clientX, y: event.clientY };
    this.begin = plain ? caretNear(this.root, this.at) : undefined;
  };

  private readonly onMove = (event: PointerEvent): void => {
    this.at = { x: event.clientX, y: event.clientY };
    this.put();
  };

  /** What is dragged is neither a link nor the text that is being selected. */
  private readonly onDragStart = (event: DragEvent): void => {
    if (this.begin) event.preventDefault();
  };

  private readonly onUp = (): void => {
    this.put();
    this.begin = undefined;
  };

  private readonly onEnd = (): void => {
    this.begin = undefined;
  };

  private readonly put = (): void => {
    if (!this.begin?.node.isConnected) return;
    // A press that does not move is a click, or one of several that select a word or a line.
    if (Math.hypot(this.at.x - this.from.x, this.at.y - this.from.y) < 2) return;
    const end = caretNear(this.root, this.at);
    const selection = document.getSelection();
    if (end === undefined || selection === null) return;
    const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
    const right =
      anchorNode === this.begin.node &&
      anchorOffset === this.begin.offset &&
      focusNode === end.node &&
      focusOffset === end.offset;
    if (!right)
      selection.setBaseAndExtent(this.begin.node, this.begin.offset, end.node, end.offset);
  };
}

/** The place between two letters nearest to a point on the page under it. */
function caretNear(root: HTMLElement, point: Point): Caret | undefined {
  const page = pageAt(root, point);
  let nearest: { text: Text; box: DOMRect } | undefined;
  let least = Infinity;
  for (const piece of page?.querySelectorAll('.text-layer span') ?? []) {
    const text = piece.firstChild;
    if (!(text instanceof Text) || text.data.trim() === '') continue;
    const box = piece.getBoundingClientRect();
    const far = distance(box, point);
    if (far < least) {
      least = far;
      nearest = { text, box };
    }
  }
  return nearest && { node: nearest.text, offset: offsetIn(nearest.text, nearest.box, point) };
}

/** The page under a point, or the one it is above or below. */
function pageAt(root: HTMLElement, { y }: Point): Element | undefined {
  const pages = [...root.querySelectorAll('.pdf-page')].filter((one) =>
    one.querySelector('.text-layer'),
  );
  return pages.find((page) => page.getBoundingClientRect().bottom > y) ?? pages.at(-1);
}

function distance(box: DOMRect, { x, y }: Point): number {
  const beside = Math.max(0, box.left - x, x - box.right);
  const across = Math.max(0, box.top - y, y - box.bottom);
  return beside + ACROSS * across;
}

/** UTF-16 units of a piece before the point; text that stands on its side is counted downwards. */
function offsetIn(text: Text, box: DOMRect, { x, y }: Point): number {
  const upright = box.width >= box.height || text.length === 1;
  const range = document.createRange();
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    range.setStart(text, middle);
    range.setEnd(text, middle + 1);
    const letter = range.getBoundingClientRect();
    const before = upright
      ? (letter.left + letter.right) / 2 < x
      : (letter.top + letter.bottom) / 2 < y;
    if (before) low = middle + 1;
    else high = middle;
  }
  const inPair = low > 0 && low < text.length && /[\udc00-\udfff]/.test(text.data[low]!);
  return inPair ? low + 1 : low;
}
