import { api, body, data } from './client';
import type { Colour } from '../domain/colours';
import type { Media, MediaSort, Message } from './types';

/** What the app asks of the server, one line each. */
export const calls = {
  libraries: () => data(api.GET('/libraries')),
  media: (sort: MediaSort, cursor?: string) =>
    body(
      api.GET('/media', {
        params: { query: { sort, limit: 50, ...(cursor !== undefined && { cursor }) } },
      }),
    ),
  oneMedia: (media_id: string) =>
    data(api.GET('/media/{media_id}', { params: { path: { media_id } } })),
  paste: (text: { title?: string; text: string; format: 'text' | 'markdown' | 'html' }) =>
    data(api.POST('/media/from_text', { body: text })),
  sample: () => data(api.POST('/media/sample')),
  deleteMedia: (media_id: string) =>
    body(api.DELETE('/media/{media_id}', { params: { path: { media_id } } })),
  fragments: (media_id: string) =>
    data(api.GET('/media/{media_id}/fragments', { params: { path: { media_id } } })),
  position: (media_id: string) =>
    data(api.GET('/media/{media_id}/position', { params: { path: { media_id } } })),
  putPosition: (media_id: string, position: { fragment_id: string; text_offset: number }) =>
    data(api.PUT('/media/{media_id}/position', { params: { path: { media_id } }, body: position })),
  mediaConversations: (media_id: string) =>
    data(
      api.GET('/media/{media_id}/conversations', {
        params: { path: { media_id }, query: { limit: 50 } },
      }),
    ),

  highlights: async (media_id: string) =>
    (await data(api.GET('/media/{media_id}/highlights', { params: { path: { media_id } } })))
      .highlights,
  highlight: (
    fragment_id: string,
    range: { start_offset: number; end_offset: number; color: Colour },
  ) =>
    data(
      api.POST('/fragments/{fragment_id}/highlights', {
        params: { path: { fragment_id } },
        body: range,
      }),
    ),
  recolour: (highlight_id: string, color: Colour) =>
    data(
      api.PATCH('/highlights/{highlight_id}', {
        params: { path: { highlight_id } },
        body: { color },
      }),
    ),
  deleteHighlight: (highlight_id: string, options: { keepalive?: boolean } = {}) =>
    body(
      api.DELETE('/highlights/{highlight_id}', { params: { path: { highlight_id } }, ...options }),
    ),
  note: (highlight_id: string, text: string) =>
    data(
      api.PUT('/highlights/{highlight_id}/annotation', {
        params: { path: { highlight_id } },
        body: { body: text },
      }),
    ),
  deleteNote: (highlight_id: string) =>
    body(
      api.DELETE('/highlights/{highlight_id}/annotation', { params: { path: { highlight_id } } }),
    ),

  models: () => data(api.GET('/models')),
  conversations: (cursor?: string) =>
    body(
      api.GET('/conversations', {
        params: { query: { limit: 50, ...(cursor !== undefined && { cursor }) } },
      }),
    ),
  conversation: (conversation_id: string) =>
    data(api.GET('/conversations/{conversation_id}', { params: { path: { conversation_id } } })),
  rename: (conversation_id: string, title: string) =>
    data(
      api.PATCH('/conversations/{conversation_id}', {
        params: { path: { conversation_id } },
        body: { title },
      }),
    ),
  deleteConversation: (conversation_id: string) =>
    body(api.DELETE('/conversations/{conversation_id}', { params: { path: { conversation_id } } })),
  messages: (conversation_id: string, cursor?: string) =>
    body(
      api.GET('/conversations/{conversation_id}/messages', {
        params: {
          path: { conversation_id },
          query: { limit: 50, from: 'newest', ...(cursor !== undefined && { cursor }) },
        },
      }),
    ),
  stop: (message_id: string): Promise<Message> =>
    data(api.POST('/messages/{message_id}/stop', { params: { path: { message_id } } })),
};

/** The address a question is sent to: a conversation, or a new one. */
export function sendAddress(conversationId: string | undefined): string {
  return conversationId === undefined
    ? '/api/conversations/messages?stream=1'
    : `/api/conversations/${conversationId}/messages?stream=1`;
}

export type BroughtIn = { media: Media; duplicate: boolean };
