import { COLOURS, type Colour } from '../domain/colours';

export type PaintName = Colour | 'note' | 'active' | 'flash';

/** Paints ranges of text. Behind an interface because only real browsers can. */
export interface Painter {
  /** Replaces everything painted under the name. */
  paint(name: PaintName, ranges: readonly Range[]): void;
  clear(): void;
}

/** Names in the order they are laid over each other. */
const NAMES: readonly PaintName[] = [...COLOURS, 'note', 'active', 'flash'];

/** Paints through the CSS Custom Highlight API: no element is added, the document's DOM stays as it is. */
class HighlightPainter implements Painter {
  paint(name: PaintName, ranges: readonly Range[]): void {
    const highlight = new Highlight(...ranges);
    highlight.priority = NAMES.indexOf(name);
    CSS.highlights.set(`lectern-${name}`, highlight);
  }

  clear(): void {
    for (const name of NAMES) CSS.highlights.delete(`lectern-${name}`);
  }
}

/** For browsers without the API: highlights then show in the list only. */
const BLIND: Painter = { paint() {}, clear() {} };

export function createPainter(): Painter {
  return typeof CSS !== 'undefined' && 'highlights' in CSS ? new HighlightPainter() : BLIND;
}
