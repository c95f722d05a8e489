import type { Colour } from '../domain/colours';
import { Store } from './store';

/** A passage that goes along with a question. */
export interface Quote {
  type: 'highlight';
  id: string;
  text: string;
  /** Null when this page does not know it (any longer). */
  color: Colour | null;
  media_id: string;
  fragment_id: string;
  start_offset: number;
  end_offset: number;
}

export interface Draft {
  text: string;
  quotes: Quote[];
}

/** The server takes no more passages than this with one question. */
export const MOST_QUOTES = 10;

export const EMPTY_DRAFT: Draft = { text: '', quotes: [] };

/** Unsent questions by conversation id; `new` for the one that will begin a conversation. */
export const drafts = new Store<Readonly<Record<string, Draft>>>({});

export function draftOf(all: Readonly<Record<string, Draft>>, slot: string): Draft {
  return all[slot] ?? EMPTY_DRAFT;
}

export function setDraft(slot: string, change: (draft: Draft) => Draft): void {
  drafts.update((all) => ({ ...all, [slot]: change(draftOf(all, slot)) }));
}

/** Adds passages not yet there; those beyond the limit are left out. Returns how many did not fit. */
export function addQuotes(slot: string, quotes: Quote[]): number {
  let dropped = 0;
  setDraft(slot, (draft) => {
    const all = [
      ...new Map([...draft.quotes, ...quotes].map((quote) => [quote.id, quote])).values(),
    ];
    dropped = Math.max(0, all.length - MOST_QUOTES);
    return { ...draft, quotes: all.slice(0, MOST_QUOTES) };
  });
  return dropped;
}

export function removeQuote(slot: string, id: string): void {
  setDraft(slot, (draft) => ({
    ...draft,
    quotes: draft.quotes.filter((quote) => quote.id !== id),
  }));
}

/** A removed highlight can no longer be quoted, in any draft. */
export function forgetHighlight(id: string): void {
  Object.keys(drafts.get()).forEach((slot) => removeQuote(slot, id));
}
