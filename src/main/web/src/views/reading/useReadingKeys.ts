import type { RefObject } from 'react';
import type { Paper } from '../../reader/paper';
import { useShortcuts } from '../../ui/shortcuts';
import type { HighlightActions } from './useHighlightActions';
import type { Panes } from './usePanes';
import type { Selected } from './useSelected';

interface Surroundings {
  paper: Paper | undefined;
  scroller: RefObject<HTMLElement | null>;
  selected: Selected | undefined;
  clearSelected: () => void;
  marks: HighlightActions;
  panes: Panes;
  showKeys: () => void;
}

/** The reader's keys, as the list of keys names them. */
export function useReadingKeys(surroundings: Surroundings): void {
  const { paper, scroller, selected, clearSelected, marks, panes, showKeys } = surroundings;
  const moveCursor = (by: 1 | -1) => {
    if (scroller.current) paper?.moveCursor(by, scroller.current);
  };
  /** Lets go of everything held; false when nothing was. */
  const letGo = () => {
    if (!selected && !marks.activeId && !panes.drawer && !paper?.cursorBlock) return false;
    clearSelected();
    marks.setActive(undefined);
    panes.closeDrawer();
    paper?.setCursor(undefined);
    return undefined;
  };

  useShortcuts({
    h: () => void marks.act('mark'),
    n: () => void marks.act('note'),
    q: () => void marks.act('quote'),
    j: () => moveCursor(1),
    k: () => moveCursor(-1),
    J: () => marks.step(1),
    K: () => marks.step(-1),
    '[': panes.toggleLeft,
    ']': panes.toggleRight,
    '?': showKeys,
    Delete: () => (marks.active ? marks.remove(marks.active) : false),
    Escape: letGo,
  });
}
