import { useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/react-query';
import { calls } from '../api/calls';
import { session } from '../api/session';
import type { Colour } from '../domain/colours';
import type { Highlight, Media, MediaSort, Session } from '../api/types';

/** How often a document that is being prepared is looked at again. */
const PROCESSING_POLL_MS = 1_200;

export function isProcessing(media: Media): boolean {
  return !media.capabilities.can_read && media.processing_status !== 'failed';
}

export function useSession() {
  return useQuery({ queryKey: ['session'], queryFn: session.read, staleTime: Infinity });
}

export function signedIn(queries: QueryClient, change: (session: Session) => Session): void {
  queries.setQueryData<Session>(['session'], (old) => old && change(old));
}

export function useMediaList(sort: MediaSort) {
  return useInfiniteQuery({
    queryKey: ['media', 'list', sort],
    queryFn: ({ pageParam }) => calls.media(sort, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.page.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.data.some(isProcessing)) ? PROCESSING_POLL_MS : false,
  });
}

export function useMedia(id: string) {
  return useQuery({
    queryKey: ['media', id],
    queryFn: () => calls.oneMedia(id),
    refetchInterval: ({ state }) =>
      state.data && isProcessing(state.data) ? PROCESSING_POLL_MS : false,
  });
}

/** The text never changes once it can be read. */
export function useFragments(mediaId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['fragments', mediaId],
    queryFn: () => calls.fragments(mediaId),
    enabled,
    staleTime: Infinity,
  });
}

/** Asked anew each time a document is opened, and not while it is open. */
export function usePosition(mediaId: string) {
  return useQuery({
    queryKey: ['position', mediaId],
    queryFn: () => calls.position(mediaId),
    gcTime: 0,
    staleTime: Infinity,
  });
}

export function useHighlights(mediaId: string) {
  return useQuery({ queryKey: ['highlights', mediaId], queryFn: () => calls.highlights(mediaId) });
}

/** The colour of a highlight as far as this page knows it; nothing is asked for. */
export function useKnownColour(mediaId: string, highlightId: string): Colour | undefined {
  return useQuery({
    queryKey: ['highlights', mediaId],
    queryFn: () => calls.highlights(mediaId),
    enabled: false,
    select: (all) => all.find((one) => one.id === highlightId)?.color,
  }).data;
}

export function changeHighlights(
  queries: QueryClient,
  mediaId: string,
  change: (all: Highlight[]) => Highlight[],
): void {
  queries.setQueryData<Highlight[]>(['highlights', mediaId], (all) => change(all ?? []));
}

export function useLinkedConversations(mediaId: string) {
  return useQuery({
    queryKey: ['linked', mediaId],
    queryFn: () => calls.mediaConversations(mediaId),
  });
}

export function useModels() {
  return useQuery({ queryKey: ['models'], queryFn: calls.models, staleTime: 60_000 });
}

export function useConversations() {
  return useInfiniteQuery({
    queryKey: ['conversations'],
    queryFn: ({ pageParam }) => calls.conversations(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.page.next_cursor ?? undefined,
  });
}

export function useConversation(id: string | undefined) {
  return useQuery({
    queryKey: ['conversation', id],
    queryFn: () => calls.conversation(id!),
    enabled: id !== undefined,
  });
}

/** The newest messages first; each further page is an earlier one. */
export function useMessages(conversationId: string | undefined) {
  return useInfiniteQuery({
    queryKey: ['messages', conversationId],
    queryFn: ({ pageParam }) => calls.messages(conversationId!, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.page.previous_cursor ?? undefined,
    enabled: conversationId !== undefined,
  });
}
