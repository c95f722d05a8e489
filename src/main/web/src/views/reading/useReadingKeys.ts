import type { Paper } from '../../reader/paper';
import { useShortcuts } from '../../ui/shortcuts';
import type { HighlightActions } from './useHighlightActions';
import type { Panes } from './usePanes';
import type { Selected } from './useSelected';

interface Surroundings {
  paper: Paper | undefined;
  selected: Selected | undefined;
  clearSelected: () => void;
  marks: HighlightActions;
  panes: Panes;
  /** Goes to the next or the previous part. */
  step: (by: 1 | -1) => void;
  showKeys: () => void;
}

/** The reader's keys, as the list of keys names them. */
export function useReadingKeys(surroundings: Surroundings): void {
  const { paper, selected, clearSelected, marks, panes, step, showKeys } = surroundings;
  /** Lets go of everything held; false when nothing was. */
  const letGo = () => {
    const hadCursor = paper?.dropCursor() ?? false;
    if (!selected && !marks.activeId && !panes.drawer && !hadCursor) return false;
    clearSelected();
    marks.setActive(undefined);
    panes.closeDrawer();
    return undefined;
  };

  useShortcuts({
    h: () => void marks.act('mark'),
    n: () => void marks.act('note'),
    q: () => void marks.act('quote'),
    j: () => paper?.moveCursor(1),
    k: () => paper?.moveCursor(-1),
    J: () => marks.step(1),
    K: () => marks.step(-1),
    ',': () => step(-1),
    '.': () => step(1),
    '[': panes.toggleLeft,
    ']': panes.toggleRight,
    '?': showKeys,
    Delete: () => (marks.active ? marks.remove(marks.active) : false),
    Escape: letGo,
  });
}
