import { useCallback, useEffect, useState } from 'react';
import { codePointLength } from '../../domain/codePoints';
import { LONGEST_PASSAGE, SHORTEST_PASSAGE, type Paper, type Passage } from '../../reader/paper';

export interface Selected {
  passages: Passage[];
  rect: () => DOMRect;
  /** Why it cannot be marked, if it cannot. */
  problem: string | undefined;
}

/** A selection is looked at once it has been quiet for this long. */
const QUIET_MS = 120;

/** What is selected in the document, once the pointer is up. */
export function useSelected(paper: Paper | undefined): [Selected | undefined, () => void] {
  const [selected, setSelected] = useState<Selected>();

  useEffect(() => {
    if (!paper) return setSelected(undefined);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pressed = false;
    const look = () => {
      clearTimeout(timer);
      if (!pressed) timer = setTimeout(() => setSelected(read(paper)), QUIET_MS);
    };
    const onDown = (event: PointerEvent) => (pressed = event.pointerType === 'mouse');
    const onUp = () => {
      pressed = false;
      look();
    };
    document.addEventListener('selectionchange', look);
    document.addEventListener('pointerdown', onDown);
    document.addEventListener('pointerup', onUp);
    document.addEventListener('pointercancel', onUp);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('selectionchange', look);
      document.removeEventListener('pointerdown', onDown);
      document.removeEventListener('pointerup', onUp);
      document.removeEventListener('pointercancel', onUp);
    };
  }, [paper]);

  const clear = useCallback(() => {
    document.getSelection()?.removeAllRanges();
    setSelected(undefined);
  }, []);
  return [selected, clear];
}

function read(paper: Paper): Selected | undefined {
  const selection = document.getSelection();
  const passages = paper.selected(selection);
  if (passages.length === 0) return undefined;
  const range = selection!.getRangeAt(0).cloneRange();
  return { passages, rect: () => range.getBoundingClientRect(), problem: problemOf(passages) };
}

/** A selection over more parts than this is more likely a slip than a wish. */
const MOST_PASSAGES = 10;

/** Why these passages cannot be highlights. */
export function problemOf(passages: readonly Passage[]): string | undefined {
  const lengths = passages.map((passage) => codePointLength(passage.text));
  if (passages.length > MOST_PASSAGES) return `Select over at most ${MOST_PASSAGES} parts at once.`;
  if (lengths.some((length) => length > LONGEST_PASSAGE))
    return `Select at most ${LONGEST_PASSAGE} characters.`;
  if (lengths.every((length) => length < SHORTEST_PASSAGE))
    return 'Select at least two characters.';
  return undefined;
}
