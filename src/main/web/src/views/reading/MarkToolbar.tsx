import type { RefObject } from 'react';
import type { Media } from '../../api/types';
import type { Paper } from '../../reader/paper';
import { Toolbar } from './Toolbar';
import type { HighlightActions } from './useHighlightActions';
import type { Selected } from './useSelected';

interface Props {
  media: Media;
  paper: Paper;
  scroller: RefObject<HTMLElement | null>;
  selected: Selected | undefined;
  marks: HighlightActions;
}

/** The toolbar of what is selected or, when nothing is, of the highlight being looked at. */
export function MarkToolbar({ media, paper, scroller, selected, marks }: Props) {
  const { active, act, colour, remove, setActive } = marks;
  if (!selected && !active) return null;
  return (
    <Toolbar
      rectOf={() => selected?.rect() ?? paper.rectOf(active!)}
      scroller={scroller}
      current={selected ? undefined : active?.color}
      canQuote={media.capabilities.can_quote}
      problem={selected?.problem}
      count={selected?.passages.length ?? 1}
      onColour={colour}
      onNote={() => void act('note')}
      onQuote={() => void act('quote').then(() => setActive(undefined))}
      {...(!selected && { onDelete: () => remove(active!) })}
    />
  );
}
