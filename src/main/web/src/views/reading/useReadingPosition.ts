import type { UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { calls } from '../../api/calls';
import type { Position as StoredPosition } from '../../api/types';
import type { Position } from '../../domain/contents';
import type { Paper } from '../../reader/paper';

/** The place is saved once the text has rested for this long. */
const REST_MS = 1_000;

/** How far below the top edge a heading still counts as being read. */
const HEADING_EDGE = 96;

/** Restores where the reader was, remembers where they are, and tells where that is. */
export function useReadingPosition(
  mediaId: string,
  paper: Paper | undefined,
  stored: UseQueryResult<StoredPosition | null>,
  /** The address names a place, which goes before the remembered one. */
  elsewhere: boolean,
) {
  const [here, setHere] = useState<Position>();
  const last = useRef<Position>(undefined);
  const restored = useRef<Paper>(undefined);
  const saved = useRef('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    const at = restored.current === paper ? paper?.position() : undefined;
    if (!at || saved.current === JSON.stringify(at)) return;
    saved.current = JSON.stringify(at);
    calls.putPosition(mediaId, at).catch(() => (saved.current = ''));
  }, [mediaId, paper]);

  const look = useCallback(() => {
    const at = paper?.position(HEADING_EDGE);
    setHere((old) =>
      old?.fragment_id === at?.fragment_id && old?.text_offset === at?.text_offset ? old : at,
    );
  }, [paper]);

  // Another paper, as when pages become text, opens where the one before it was.
  useEffect(() => {
    if (!paper || stored.isPending || restored.current === paper) return;
    const first = restored.current === undefined;
    const at = last.current ?? stored.data;
    const opening =
      at?.fragment_id && !(first && elsewhere)
        ? paper.open({ fragment_id: at.fragment_id, text_offset: at.text_offset })
        : Promise.resolve();
    let cancelled = false;
    void opening.then(() => {
      if (cancelled) return;
      restored.current = paper;
      look();
      save();
    });
    return () => {
      cancelled = true;
    };
  }, [paper, stored.isPending, stored.data, elsewhere, look, save]);

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
    if (restored.current === paper) last.current = paper?.position();
    look();
  }, [paper, look, save]);

  return { here, look, onScroll };
}
