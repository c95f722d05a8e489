import type { QueryClient } from '@tanstack/react-query';
import { calls } from '../api/calls';
import type { Highlight } from '../api/types';
import { forgetHighlight } from './drafts';
import { changeHighlights } from './queries';
import { Store } from './store';
import { toast } from './toasts';

/**
 * Highlights that are gone from the page but not yet from the server, so that an undo brings back
 * the very same one, with its note and the messages that quote it.
 */
export const removals = new Store<ReadonlySet<string>>(new Set());

export function removeHighlight(queries: QueryClient, mediaId: string, highlight: Highlight): void {
  removals.update((ids) => new Set(ids).add(highlight.id));
  const restore = () => removals.update((ids) => without(ids, highlight.id));
  const remove = async () => {
    if (!removals.get().has(highlight.id)) return;
    try {
      await calls.deleteHighlight(highlight.id);
      changeHighlights(queries, mediaId, (all) => all.filter((one) => one.id !== highlight.id));
      forgetHighlight(highlight.id);
    } catch {
      toast('The highlight could not be deleted. It is back in its place.');
    } finally {
      restore();
    }
  };
  toast('Highlight deleted', { label: 'Undo', run: restore }, () => void remove());
}

/** Leaving the page is a yes: what waits for an undo is deleted at once. */
export function deleteOnLeave(): void {
  addEventListener('pagehide', () => {
    for (const id of removals.get()) calls.deleteHighlight(id, { keepalive: true }).catch(() => {});
  });
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const rest = new Set(ids);
  rest.delete(id);
  return rest;
}
