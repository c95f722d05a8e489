import { useCallback } from 'react';
import { calls } from '../../api/calls';
import { ApiError, asApiError } from '../../api/errors';
import type { Highlight, Media } from '../../api/types';
import type { Colour } from '../../domain/colours';
import type { Passage } from '../../reader/paper';
import { useApp } from '../../state/app';
import { addQuotes, MOST_QUOTES, type Quote } from '../../state/drafts';
import { changeHighlights } from '../../state/queries';
import { toast } from '../../state/toasts';

/** Marking passages, recolouring, and quoting them in the chat's draft. */
export function useMarking(media: Media, slot: string, toChat: () => void) {
  const { queries } = useApp();

  /** The highlights of the passages, made where there were none. Empty when the server refused. */
  const mark = useCallback(
    async (passages: readonly Passage[], color: Colour): Promise<Highlight[]> => {
      try {
        return await Promise.all(passages.map((passage) => markOne(passage, color)));
      } catch (thrown) {
        toast(asApiError(thrown).message);
        return [];
      }

      async function markOne(passage: Passage, colour: Colour): Promise<Highlight> {
        const { fragment_id, text, ...range } = passage;
        const same = (one: Highlight) =>
          one.fragment_id === fragment_id &&
          ('quads' in range
            ? one.exact === text
            : one.start_offset === range.start_offset && one.end_offset === range.end_offset);
        const known = queries.getQueryData<Highlight[]>(['highlights', media.id])?.find(same);
        if (known && !('quads' in range)) return known;
        try {
          const made = await calls.highlight(fragment_id, { ...range, color: colour });
          changeHighlights(queries, media.id, (all) => [
            ...all.filter((one) => one.id !== made.id),
            made,
          ]);
          return made;
        } catch (thrown) {
          // Made in another tab meanwhile, or marked before on the drawn page.
          if (!(thrown instanceof ApiError && thrown.code === 'E_HIGHLIGHT_CONFLICT')) throw thrown;
          const all = await queries.fetchQuery({
            queryKey: ['highlights', media.id],
            queryFn: () => calls.highlights(media.id),
            staleTime: 0,
          });
          return all.find(same) ?? Promise.reject(thrown);
        }
      }
    },
    [queries, media.id],
  );

  const recolour = useCallback(
    async (highlight: Highlight, color: Colour) => {
      const put = (one: Highlight) =>
        changeHighlights(queries, media.id, (all) => all.map((h) => (h.id === one.id ? one : h)));
      put({ ...highlight, color });
      try {
        put(await calls.recolour(highlight.id, color));
      } catch (thrown) {
        put(highlight);
        toast(asApiError(thrown).message);
      }
    },
    [queries, media.id],
  );

  const quote = useCallback(
    (highlights: readonly Highlight[]) => {
      const dropped = addQuotes(
        slot,
        highlights.map((highlight) => asQuote(highlight, media.id)),
      );
      if (dropped > 0) toast(`A question can quote at most ${MOST_QUOTES} passages.`);
      toChat();
    },
    [slot, media.id, toChat],
  );

  return { mark, recolour, quote };
}

function asQuote(highlight: Highlight, media_id: string): Quote {
  const { id, exact, color, fragment_id, start_offset, end_offset } = highlight;
  return {
    type: 'highlight',
    id,
    text: exact,
    color,
    media_id,
    fragment_id,
    start_offset,
    end_offset,
  };
}
