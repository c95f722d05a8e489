interface Held {
  element: Element;
  /** Share of the element above the top edge; 0 when all of it is below. */
  share: number;
  /** Pixels from the top edge down to the element, when all of it is below. */
  gap: number;
}

/**
 * Keeps what is being read where it is on the screen, whatever changes its size above it: chapters
 * that arrive or leave, pictures, wider panes, larger type. Browsers have such an anchoring of
 * their own, but not all of them, and none holds on to the share of a chapter still to arrive.
 */
export class Steady {
  private held: Held | undefined;
  private readonly observer: ResizeObserver;
  private readonly scroller: HTMLElement;
  private readonly atEdge: (edge: number) => Element | undefined;

  constructor(
    scroller: HTMLElement,
    content: HTMLElement,
    atEdge: (edge: number) => Element | undefined,
  ) {
    this.scroller = scroller;
    this.atEdge = atEdge;
    scroller.addEventListener('scroll', this.hold, { passive: true });
    this.observer = new ResizeObserver(() => this.restore());
    this.observer.observe(content);
  }

  dispose(): void {
    this.scroller.removeEventListener('scroll', this.hold);
    this.observer.disconnect();
  }

  /** Takes what is at the top edge as what is being read. */
  readonly hold = (): void => {
    const edge = this.scroller.getBoundingClientRect().top;
    // At the very beginning the title above the text is what is being read.
    const element = this.scroller.scrollTop <= 0 ? undefined : this.atEdge(edge);
    if (element === undefined) {
      this.held = undefined;
      return;
    }
    const { top, height } = element.getBoundingClientRect();
    const above = edge - top;
    this.held =
      above > 0
        ? { element, share: height > 0 ? Math.min(1, above / height) : 0, gap: 0 }
        : { element, share: 0, gap: -above };
  };

  /** Scrolls so that what is being read is back in its place. */
  restore(): void {
    if (this.held === undefined || !this.held.element.isConnected) return;
    const { element, share, gap } = this.held;
    const { top, height } = element.getBoundingClientRect();
    const edge = this.scroller.getBoundingClientRect().top;
    const off = top + share * height - gap - edge;
    if (Math.abs(off) >= 1) this.scroller.scrollTop += off;
  }
}
