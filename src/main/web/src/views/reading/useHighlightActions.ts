import { useEffect, useMemo, useState } from 'react';
import type { Highlight, Media } from '../../api/types';
import type { Colour } from '../../domain/colours';
import type { Contents } from '../../domain/contents';
import { inTextOrder } from '../../domain/segments';
import type { Paper, Passage } from '../../reader/paper';
import { useApp } from '../../state/app';
import { useHighlights } from '../../state/queries';
import { removals, removeHighlight } from '../../state/removals';
import { useStore } from '../../state/store';
import { placeOf, type Place } from '../../domain/place';
import { useMarking } from './useMarking';
import type { Selected } from './useSelected';

interface Surroundings {
  media: Media;
  contents: Contents | undefined;
  paper: Paper | undefined;
  canMark: boolean;
  selected: Selected | undefined;
  clearSelected: () => void;
  /** The draft that quoted passages go to. */
  slot: string;
  toChat: () => void;
  jump: (place: Place) => void;
}

type Target = { passages: Passage[] } | { highlight: Highlight };

/** The document's highlights, the one being looked at, and what can be done to them. */
export function useHighlightActions(surroundings: Surroundings) {
  const { media, contents, paper, canMark, selected, clearSelected, slot, toChat, jump } =
    surroundings;
  const { queries } = useApp();
  const stored = useHighlights(media.id);
  const removed = useStore(removals);
  const marking = useMarking(media, slot, toChat);
  const [activeId, setActive] = useState<string>();
  const [noteOn, setNoteOn] = useState<Highlight>();
  const [announcement, setAnnouncement] = useState('');

  const highlights = useMemo(
    () => (stored.data ?? []).filter((one) => !removed.has(one.id)),
    [stored.data, removed],
  );
  const ordered = useMemo(
    () =>
      contents === undefined
        ? []
        : [...highlights].sort(
            (a, b) =>
              contents.indexOf(a.fragment_id) - contents.indexOf(b.fragment_id) ||
              inTextOrder(a, b),
          ),
    [contents, highlights],
  );
  const active = highlights.find((one) => one.id === activeId);

  useEffect(() => {
    paper?.paint(highlights, activeId);
  }, [paper, highlights, activeId]);

  /** What a key acts on: the selection, else the highlight, else the block under the cursor. */
  const target = (): Target | undefined => {
    if (selected) return { passages: selected.passages };
    if (active) return { highlight: active };
    const block = canMark ? paper?.cursorPassage() : undefined;
    return block && { passages: [block] };
  };

  const act = async (action: 'mark' | 'note' | 'quote', on = target()) => {
    if (on === undefined) return;
    const marks = 'highlight' in on ? [on.highlight] : await marking.mark(on.passages, 'yellow');
    clearSelected();
    if (marks.length === 0) return;
    if (action === 'note') setNoteOn(marks[0]);
    if (action === 'quote') marking.quote(marks);
    if (action === 'mark') setAnnouncement('Highlighted in yellow');
  };

  const colour = async (wanted: Colour) => {
    if (selected) await marking.mark(selected.passages, wanted);
    else if (active) await marking.recolour(active, wanted);
    clearSelected();
    setActive(undefined);
  };

  const remove = (highlight: Highlight) => {
    setActive(undefined);
    removeHighlight(queries, media.id, highlight);
  };

  const show = (highlight: Highlight) => {
    setActive(highlight.id);
    jump(placeOf(highlight));
  };

  /** Shows the next or the previous highlight, round the ends. */
  const step = (by: 1 | -1) => {
    const next = neighbour(ordered, activeId, by);
    if (next === undefined) return;
    show(next);
    setAnnouncement(
      `Highlight, ${next.color}${next.annotation ? ', with a note' : ''}: ${next.exact}`,
    );
  };

  return {
    ordered,
    activeId,
    active,
    setActive,
    noteOn,
    setNoteOn,
    announcement,
    act,
    colour,
    remove,
    show,
    step,
  };
}

export type HighlightActions = ReturnType<typeof useHighlightActions>;

function neighbour(
  all: readonly Highlight[],
  id: string | undefined,
  by: 1 | -1,
): Highlight | undefined {
  const from = all.findIndex((one) => one.id === id);
  if (from < 0) return all.at(by > 0 ? 0 : -1);
  return all[(from + by + all.length) % all.length];
}
