/** An upright box; `top` is above `bottom` as on a screen. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Boxes further apart than this many times their height are in different columns. */
const WIDEST_GAP = 1.5;

/**
 * The boxes of a selection's pieces, in their order, as one box for each line: a browser gives one
 * for every run of glyphs, and often several over each other.
 */
export function mergeLines(pieces: readonly Box[]): Box[] {
  const lines: Box[] = [];
  for (const piece of pieces) {
    if (piece.right - piece.left < 0.5 || piece.bottom - piece.top < 0.5) continue;
    const line = lines.at(-1);
    if (line && sameLine(line, piece)) {
      line.left = Math.min(line.left, piece.left);
      line.right = Math.max(line.right, piece.right);
      line.top = Math.min(line.top, piece.top);
      line.bottom = Math.max(line.bottom, piece.bottom);
    } else {
      const { left, top, right, bottom } = piece; // A DOMRect has getters that a spread misses.
      lines.push({ left, top, right, bottom });
    }
  }
  return lines;
}

function sameLine(line: Box, piece: Box): boolean {
  const height = Math.min(line.bottom - line.top, piece.bottom - piece.top);
  const shared = Math.min(line.bottom, piece.bottom) - Math.max(line.top, piece.top);
  const gap = Math.max(piece.left - line.right, line.left - piece.right);
  return shared > height / 2 && gap < height * WIDEST_GAP;
}
