import { useCallback, useEffect, useRef } from 'react';
import { useLocation, useNavigate, useNavigationType } from 'react-router';
import type { Position } from '../../domain/contents';
import { parsePlace, placeText, type Place } from '../../domain/place';
import type { Paper } from '../../reader/paper';

/** How long a jump's target stays lit. */
const FLASH_MS = 900;

interface Left {
  /** Where the reader was when they followed a link from this entry of the history. */
  left?: Position;
}

/**
 * Jumps within the document. Those along a link or the outline are entries of the browser's
 * history, so that Back returns to where they were made from.
 */
export function useTravel(paper: Paper | undefined, toText: () => void) {
  const navigate = useNavigate();
  const location = useLocation();
  const way = useNavigationType();
  const flashing = useRef<ReturnType<typeof setTimeout>>(undefined);
  const seen = useRef<string>(undefined);

  const jump = useCallback(
    async (place: Place) => {
      toText();
      if (!paper) return;
      await paper.show(place);
      clearTimeout(flashing.current);
      paper.flash(place);
      flashing.current = setTimeout(() => paper.flash(undefined), FLASH_MS);
    },
    [paper, toText],
  );

  const go = useCallback(
    ({ fragment_id, text_offset }: Position) => {
      toText();
      const here = paper?.position();
      // Noted in the entry itself, without a navigation of its own. The router keeps our state in `usr`.
      if (here) history.replaceState({ ...history.state, usr: { left: here } satisfies Left }, '');
      const query = new URLSearchParams(location.search);
      query.set(
        'at',
        placeText({ fragment_id, start_offset: text_offset, end_offset: text_offset }),
      );
      void navigate(`${location.pathname}?${query.toString()}`);
    },
    [paper, toText, location.pathname, location.search, navigate],
  );

  // The address names a place: when it is opened, when a link is followed, and on the way back.
  // What replaces the address, as a chat opened beside the text does, leads nowhere else.
  const { at, left } = targetOf(location.search, location.state as Left | null);
  useEffect(() => {
    if (!paper || seen.current === location.key) return;
    const first = seen.current === undefined;
    seen.current = location.key;
    if (first && !at) return;
    if (!first && way === 'REPLACE') return;
    if (!first && way === 'POP' && left) void paper.open(left);
    else if (at && at.start_offset < at.end_offset) void jump(at);
    else if (at) void paper.open({ fragment_id: at.fragment_id, text_offset: at.start_offset });
  }, [paper, location.key, way, at, left, jump]);

  return { jump, go };
}

function targetOf(search: string, state: Left | null) {
  return { at: parsePlace(new URLSearchParams(search).get('at')), left: state?.left };
}
