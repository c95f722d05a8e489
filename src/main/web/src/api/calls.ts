import { api, body, data } from './client';
import type { Colour } from '../domain/colours';
import type {
  ConnectionChange,
  MediaSort,
  MemberRole,
  Message,
  ModelChange,
  NewConnection,
  NewModel,
  Quad,
  Shelf,
} from './types';

/** Which documents a list shows, and in which order. */
export interface MediaList {
  sort: MediaSort;
  kind?: Shelf | undefined;
  libraryId?: string | undefined;
}

/** What the app asks of the server, one line each. */
export const calls = {
  libraries: () => data(api.GET('/libraries', { params: { query: { limit: 200 } } })),
  newLibrary: (name: string) => data(api.POST('/libraries', { body: { name } })),
  renameLibrary: (library_id: string, name: string) =>
    data(
      api.PATCH('/libraries/{library_id}', { params: { path: { library_id } }, body: { name } }),
    ),
  deleteLibrary: (library_id: string) =>
    body(api.DELETE('/libraries/{library_id}', { params: { path: { library_id } } })),
  putInLibrary: (library_id: string, media_id: string) =>
    data(
      api.POST('/libraries/{library_id}/media', {
        params: { path: { library_id } },
        body: { media_id },
      }),
    ),
  takeFromLibrary: (library_id: string, media_id: string) =>
    body(
      api.DELETE('/libraries/{library_id}/media/{media_id}', {
        params: { path: { library_id, media_id } },
      }),
    ),
  members: (library_id: string) =>
    data(api.GET('/libraries/{library_id}/members', { params: { path: { library_id } } })),
  addMember: (library_id: string, email: string, role: MemberRole) =>
    data(
      api.POST('/libraries/{library_id}/members', {
        params: { path: { library_id } },
        body: { email, role },
      }),
    ),
  changeMember: (library_id: string, user_id: string, role: MemberRole) =>
    data(
      api.PATCH('/libraries/{library_id}/members/{user_id}', {
        params: { path: { library_id, user_id } },
        body: { role },
      }),
    ),
  removeMember: (library_id: string, user_id: string) =>
    body(
      api.DELETE('/libraries/{library_id}/members/{user_id}', {
        params: { path: { library_id, user_id } },
      }),
    ),
  /** Everything the reader can read, or what one library holds. */
  media: (list: MediaList, cursor?: string) => {
    const { sort, kind, libraryId } = list;
    const query = {
      sort,
      limit: 50,
      ...(kind !== undefined && { kind }),
      ...(cursor !== undefined && { cursor }),
    };
    return libraryId === undefined
      ? body(api.GET('/media', { params: { query } }))
      : body(
          api.GET('/libraries/{library_id}/media', {
            params: { path: { library_id: libraryId }, query },
          }),
        );
  },
  oneMedia: (media_id: string) =>
    data(api.GET('/media/{media_id}', { params: { path: { media_id } } })),
  paste: (text: {
    title?: string;
    text: string;
    format: 'text' | 'markdown' | 'html';
    library_id?: string;
  }) => data(api.POST('/media/from_text', { body: text })),
  fromUrl: (url: string, library_id?: string) =>
    data(api.POST('/media/from_url', { body: { url, ...(library_id && { library_id }) } })),
  retry: (media_id: string) =>
    data(api.POST('/media/{media_id}/retry', { params: { path: { media_id } } })),
  sample: () => data(api.POST('/media/sample')),
  deleteMedia: (media_id: string) =>
    body(api.DELETE('/media/{media_id}', { params: { path: { media_id } } })),
  /** The parts of a document without their text. */
  contents: (media_id: string, cursor?: string) =>
    body(
      api.GET('/media/{media_id}/fragments', {
        params: {
          path: { media_id },
          query: { content: 'false', limit: 100, ...(cursor !== undefined && { cursor }) },
        },
      }),
    ),
  fragment: (fragment_id: string) =>
    data(api.GET('/fragments/{fragment_id}', { params: { path: { fragment_id } } })),
  outline: (media_id: string) =>
    data(api.GET('/media/{media_id}/outline', { params: { path: { media_id } } })),
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
    range: ({ start_offset: number; end_offset: number } | { quads: Quad[] }) & { color: Colour },
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
  standIns: () => data(api.GET('/stand_ins')),
  nameStandIns: (model_ids: string[]) => data(api.PUT('/stand_ins', { body: { model_ids } })),
  keys: () => data(api.GET('/keys')),
  putKey: (provider: string, api_key: string) =>
    data(api.POST('/keys', { body: { provider, api_key } })),
  revokeKey: (key_id: string) =>
    body(api.DELETE('/keys/{key_id}', { params: { path: { key_id } } })),
  testKey: (key_id: string) =>
    data(api.POST('/keys/{key_id}/test', { params: { path: { key_id } } })),
  connections: () => data(api.GET('/connections')),
  addConnection: (connection: NewConnection) =>
    data(api.POST('/connections', { body: connection })),
  changeConnection: (connection_id: string, change: ConnectionChange) =>
    data(
      api.PATCH('/connections/{connection_id}', {
        params: { path: { connection_id } },
        body: change,
      }),
    ),
  deleteConnection: (connection_id: string) =>
    body(api.DELETE('/connections/{connection_id}', { params: { path: { connection_id } } })),
  testConnection: (connection_id: string) =>
    data(api.POST('/connections/{connection_id}/test', { params: { path: { connection_id } } })),
  allModels: () => data(api.GET('/admin/models')),
  addModel: (model: NewModel) => data(api.POST('/admin/models', { body: model })),
  changeModel: (model_id: string, change: ModelChange) =>
    data(api.PATCH('/admin/models/{model_id}', { params: { path: { model_id } }, body: change })),
  providers: () => data(api.GET('/admin/providers')),
  resetProvider: (breaker_id: string) =>
    body(api.POST('/admin/providers/{breaker_id}/reset', { params: { path: { breaker_id } } })),
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

/** Where the original of a document can be fetched. */
export function fileAddress(mediaId: string): string {
  return `/api/media/${mediaId}/file`;
}

/** The address a question is sent to: a conversation, or a new one. */
export function sendAddress(conversationId: string | undefined): string {
  return conversationId === undefined
    ? '/api/conversations/messages?stream=1'
    : `/api/conversations/${conversationId}/messages?stream=1`;
}
