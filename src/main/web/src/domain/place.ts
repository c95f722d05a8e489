/** A stretch of a fragment, as it stands in an address: `fragment:start-end`; empty for a mere point. */
export interface Place {
  fragment_id: string;
  start_offset: number;
  end_offset: number;
}

export function parsePlace(text: string | null): Place | undefined {
  const match = /^([0-9a-f-]{36}):(\d{1,9})-(\d{1,9})$/i.exec(text ?? '');
  return match
    ? { fragment_id: match[1]!, start_offset: Number(match[2]), end_offset: Number(match[3]) }
    : undefined;
}

export function placeText({ fragment_id, start_offset, end_offset }: Place): string {
  return `${fragment_id}:${start_offset}-${end_offset}`;
}

export function placeOf({ fragment_id, start_offset, end_offset }: Place): Place {
  return { fragment_id, start_offset, end_offset };
}

/** The address that opens a document at a place, with a conversation beside it. */
export function placeLink(
  place: Place & { media_id: string },
  conversationId: string | undefined,
): string {
  const query = new URLSearchParams({ at: placeText(place) });
  if (conversationId !== undefined) query.set('chat', conversationId);
  return `/media/${place.media_id}?${query.toString()}`;
}
