import type { UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { calls } from '../../api/calls';
import type { Position } from '../../api/types';
import type { Heading, Paper } from '../../reader/paper';

/** The place is saved once the text has rested for this long. */
const REST_MS = 1_000;

/** How far below the top edge a heading still counts as being read. */
const HEADING_EDGE = 96;

/** Restores where the reader was, remembers where they are, and tells under which heading that is. */
export function useReadingPosition(
  mediaId: string,
  paper: Paper | undefined,
  scroller: RefObject<HTMLElement | null>,
  stored: UseQueryResult<Position | null>,
  /** The address names a place, which goes before the remembered one. */
  elsewhere: boolean,
) {
  const [currentHeading, setCurrentHeading] = useState<Heading>();
  const restored = useRef(false);
  const saved = useRef('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    const here = scroller.current && paper?.position(scroller.current);
    if (!here || !restored.current || saved.current === JSON.stringify(here)) return;
    saved.current = JSON.stringify(here);
    calls.putPosition(mediaId, here).catch(() => (saved.current = ''));
  }, [mediaId, paper, scroller]);

  useEffect(() => {
    if (!paper || stored.isPending || restored.current) return;
    const at = stored.data;
    if (!elsewhere && at?.fragment_id && at.text_offset > 0)
      restore(paper, scroller.current!, at.fragment_id, at.text_offset);
    restored.current = true;
    save();
  }, [paper, stored.isPending, stored.data, elsewhere, scroller, save]);

  useEffect(() => {
    const onHide = () => document.visibilityState === 'hidden' && save();
    document.addEventListener('visibilitychange', onHide);
    return () => {
      document.removeEventListener('visibilitychange', onHide);
      clearTimeout(timer.current);
    };
  }, [save]);

  const onScroll = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(save, REST_MS);
    const edge = (scroller.current?.getBoundingClientRect().top ?? 0) + HEADING_EDGE;
    const above = paper
      ?.headings()
      .findLast(({ element }) => element.getBoundingClientRect().top <= edge);
    setCurrentHeading((old) => (old?.element === above?.element ? old : above));
  }, [paper, save, scroller]);

  return { currentHeading, onScroll };
}

function restore(paper: Paper, scroller: HTMLElement, fragment_id: string, offset: number): void {
  const range = paper.rangeOf({ fragment_id, start_offset: offset, end_offset: offset + 1 });
  if (range === undefined) return;
  scroller.scrollTop +=
    range.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 16;
}
