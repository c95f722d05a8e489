import { useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { calls, type MediaList } from '../api/calls';
import { session } from '../api/session';
import type { Fragment, Highlight, Media, Session } from '../api/types';
import type { Colour } from '../domain/colours';
import { Contents, type Part } from '../domain/contents';
import { useApp } from './app';

/** How often a document that is being prepared is looked at again. */
const PROCESSING_POLL_MS = 1_200;

/** Its text is still to come, although a PDF's pages could be shown already. */
export function isProcessing({ processing_status }: Media): boolean {
  return processing_status === 'pending' || processing_status === 'extracting';
}

export function useSession() {
  return useQuery({ queryKey: ['session'], queryFn: session.read, staleTime: Infinity });
}

export function signedIn(queries: QueryClient, change: (session: Session) => Session): void {
  queries.setQueryData<Session>(['session'], (old) => old && change(old));
}

export function useLibraries() {
  return useQuery({ queryKey: ['libraries'], queryFn: calls.libraries });
}

export function useMembers(libraryId: string) {
  return useQuery({
    queryKey: ['members', libraryId],
    queryFn: () => calls.members(libraryId),
  });
}

export function useMediaList(list: MediaList) {
  return useInfiniteQuery({
    queryKey: ['media', 'list', list],
    queryFn: ({ pageParam }) => calls.media(list, pageParam),
    placeholderData: (before) => before,
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

/** The parts of a document without their text. Like the text they never change once it can be read. */
export function useContents(mediaId: string) {
  return useQuery({
    queryKey: ['contents', mediaId],
    queryFn: async () => {
      const parts: Part[] = [];
      let cursor: string | undefined;
      do {
        const { data, page } = await calls.contents(mediaId, cursor);
        parts.push(...data.map(({ id, idx, title, length }) => ({ id, idx, title, length })));
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      return new Contents(parts);
    },
    staleTime: Infinity,
  });
}

export function useOutline(mediaId: string) {
  return useQuery({
    queryKey: ['outline', mediaId],
    queryFn: () => calls.outline(mediaId),
    staleTime: Infinity,
  });
}

/** Fetches the text of one part, once. */
export function useLoadFragment(): (fragmentId: string) => Promise<Fragment> {
  const { queries } = useApp();
  return useCallback(
    (fragmentId) =>
      queries.fetchQuery({
        queryKey: ['fragment', fragmentId],
        queryFn: () => calls.fragment(fragmentId),
        staleTime: Infinity,
      }),
    [queries],
  );
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

/** The models the reader wants asked when the chosen one does not answer. */
export function useStandIns() {
  return useQuery({ queryKey: ['stand-ins'], queryFn: calls.standIns });
}

/** The reader's own provider keys, and those they revoked. */
export function useKeys() {
  return useQuery({ queryKey: ['keys'], queryFn: calls.keys });
}

/** The reader's own model servers. */
export function useConnections() {
  return useQuery({ queryKey: ['connections'], queryFn: calls.connections });
}

/** How providers have been doing; for administrators. */
export function useProviders() {
  return useQuery({ queryKey: ['providers'], queryFn: calls.providers, refetchInterval: 15_000 });
}

/** Every model of the server; for administrators. */
export function useAllModels() {
  return useQuery({ queryKey: ['all-models'], queryFn: calls.allModels });
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
