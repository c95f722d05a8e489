// A stand-in for the server, for working on the page alone: the built assets under the real
// Content-Security-Policy, and the contract with everything kept in memory.
//   node dev/stub.mjs [port]
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const WEB = join(dirname(fileURLToPath(import.meta.url)), '../../../../target/web');
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types reader-html pdf-worker";
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

const state = {
  user: null,
  signedIn: false,
  media: [],
  fragments: new Map(),
  positions: new Map(),
  highlights: [],
  conversations: [],
  messages: [],
  keys: new Map(),
  files: new Map(),
  outlines: new Map(),
  providerKeys: [],
  connections: [],
};
const MODELS = [
  model('extracts', 'extracts', 'Extracts (no AI)', 32_000, null),
  model('openai', 'gpt', 'GPT', 128_000, 'No key for OpenAI. Add one under Keys.'),
  model('anthropic', 'claude', 'Claude', 200_000, 'No key for Anthropic. Add one under Keys.'),
];

function model(provider, model_name, display_name, max_context_tokens, unavailable_reason) {
  return {
    id: randomUUID(),
    provider,
    model_name,
    display_name,
    connection: null,
    capabilities: [],
    prices: provider === 'extracts' ? [] : [{ above: 0, input: 2.5, output: 10 }],
    key_modes: unavailable_reason === null ? ['auto', 'platform_only', 'byok_only'] : [],
    fallback_model_id: null,
    max_context_tokens,
    max_output_tokens: 4096,
    available: unavailable_reason === null,
    unavailable_reason,
  };
}

const SAMPLE_TITLE = 'Where I Lived, and What I Lived For';
const SAMPLE = [
  ['h1', SAMPLE_TITLE],
  [
    'p',
    'I went to the woods because I wished to live deliberately, to front only the essential facts of life, and see if I could not learn what it had to teach, and not, when I came to die, discover that I had not lived. I did not wish to live what was not life, living is so dear; nor did I wish to practise resignation, unless it was quite necessary.',
  ],
  [
    'p',
    'Still we live meanly, like ants; though the fable tells us that we were long ago changed into men; like pygmies we fight with cranes. Our life is frittered away by detail. An honest man has hardly need to count more than his ten fingers, or in extreme cases he may add his ten toes, and lump the rest.',
  ],
  ['h2', 'Simplicity'],
  [
    'p',
    'Simplicity, simplicity, simplicity! I say, let your affairs be as two or three, and not a hundred or a thousand; instead of a million count half a dozen, and keep your accounts on your thumb-nail.',
  ],
  ['h2', 'The stream'],
  [
    'p',
    'Time is but the stream I go a-fishing in. I drink at it; but while I drink I see the sandy bottom and detect how shallow it is. Its thin current slides away, but eternity remains. I would drink deeper; fish in the sky, whose bottom is pebbly with stars. 👍🏽 𝔘',
  ],
  ...Array.from({ length: 12 }, (_, i) => [
    'p',
    `Paragraph ${i + 1}. The intellect is a cleaver; it discerns and rifts its way into the secret of things. I do not wish to be any more busy with my hands than is necessary.`,
  ]),
];

const now = () => new Date().toISOString();
const escape = (text) =>
  text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);

function bringIn(title, blocks) {
  const media = {
    id: randomUUID(),
    kind: 'text',
    title,
    author: null,
    language: 'en',
    processing_status: 'ready_for_reading',
    processing_percent: null,
    last_error_message: null,
    capabilities: {
      can_read: true,
      can_highlight: true,
      can_quote: true,
      can_search: true,
      can_play: false,
      can_download_file: false,
    },
    created_at: now(),
    updated_at: now(),
  };
  state.fragments.set(media.id, [fragment(media.id, 0, null, blocks)]);
  state.media.unshift(media);
  return { media, duplicate: false };
}

function fragment(media_id, idx, title, blocks) {
  let offset = 0;
  const html = blocks.map(([tag, text, after = '']) => {
    const out = `<${tag} data-o="${offset}">${escape(text)}</${tag}>${after}`;
    offset += [...text].length + 2;
    return out;
  });
  const canonical_text = blocks.map(([, text]) => text).join('\n\n');
  return {
    id: randomUUID(),
    media_id,
    idx,
    title,
    length: [...canonical_text].length,
    html_sanitized: html.join(''),
    canonical_text,
    created_at: now(),
  };
}

/** Forty chapters whatever the file holds: enough to scroll, jump and follow links in. */
function bringInBook(name) {
  const { media } = bringIn(name, []);
  Object.assign(media, { kind: 'epub', author: 'Henry David Thoreau' });
  const link = (to) => `<p><a href="#fragment-${to}">To chapter ${to + 1}</a></p>`;
  const parts = Array.from({ length: 40 }, (_, i) =>
    fragment(media.id, i, `Chapter ${i + 1}`, [
      ['h1', `Chapter ${i + 1}`, link((i + 17) % 40)],
      ...Array.from({ length: 12 + ((i * 7) % 40) }, (_, n) => [
        'p',
        `Paragraph ${n + 1} of chapter ${i + 1}. ${SAMPLE[1 + (n % 2)][1]}`,
      ]),
    ]),
  );
  state.fragments.set(media.id, parts);
  return { media, duplicate: false };
}

/** The real file, with empty text: the page draws it itself. */
function bringInPdf(name, bytes) {
  const { media } = bringIn(name, []);
  Object.assign(media, { kind: 'pdf' });
  media.capabilities.can_download_file = true;
  const count = Math.max(
    ...[...bytes.toString('latin1').matchAll(/\/Count (\d+)/g)].map(([, n]) => Number(n)),
    1,
  );
  const pages = Array.from({ length: count }, (_, i) =>
    fragment(media.id, i, null, [['p', `The text of page ${i + 1}.`]]),
  );
  state.fragments.set(media.id, pages);
  state.files.set(media.id, bytes);
  return { media, duplicate: false };
}

const paragraphs = (text) =>
  text
    .split(/\n\s*\n/)
    .map((part) => ['p', part.replace(/\s+/g, ' ').trim()])
    .filter(([, part]) => part);
const fragmentOf = (id) => [...state.fragments.values()].flat().find((one) => one.id === id);

class No extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const found = (thing, code = 'E_NOT_FOUND') => {
  if (thing === undefined) throw new No(404, code, 'That is not here.');
  return thing;
};

const conversationOf = (id) => {
  const one = found(
    state.conversations.find((c) => c.id === id),
    'E_CONVERSATION_NOT_FOUND',
  );
  return { ...one, message_count: state.messages.filter((m) => m.conversation_id === id).length };
};

const attempt = (model_name, outcome, error_class) => ({
  provider: 'extracts',
  model_name,
  outcome,
  error_class,
  latency_ms: 420,
  first_token_ms: error_class ? null : 40,
});

// ---- Answers that grow

const growing = new Map();
const ANSWER = (
  quotes,
) => `For **attention**. “Deliberately” carries the argument: the woods are a means of removing what dulls it.

${quotes.map((quote) => `> ${quote}`).join('\n\n')}

The later line about detail makes the contrast explicit: what he resists is *dispersion*, not ownership.

1. He goes to the woods to **learn**, not to have less.
2. He counts on his thumb-nail so that nothing is hidden in the sum.

\`\`\`text
two or three, not a hundred or a thousand
\`\`\`

| word | weight |
|---|---:|
| simplicity | 3 |

Three readings worth weighing.
`;

function send(conversationId, body, key) {
  if (key && state.keys.has(key)) return state.keys.get(key);
  if (body.content.includes('refuse'))
    throw new No(429, 'E_RATE_LIMITED', 'Too many questions in a minute. Try again in a moment.');
  const conversation = conversationId
    ? found(state.conversations.find((c) => c.id === conversationId))
    : {
        id: randomUUID(),
        title: body.content.slice(0, 60),
        sharing: 'private',
        created_at: now(),
        updated_at: now(),
      };
  if (!conversationId) state.conversations.unshift(conversation);
  conversation.updated_at = now();
  const contexts = (body.contexts ?? []).map(({ type, id }, ordinal) => {
    const h = found(state.highlights.find((one) => one.id === id));
    const fragment = fragmentOf(h.fragment_id);
    return {
      ordinal,
      type,
      id,
      media_id: fragment.media_id,
      title: 'x',
      fragment_id: h.fragment_id,
      start_offset: h.start_offset,
      end_offset: h.end_offset,
      quoted_text: h.exact,
      note: null,
    };
  });
  const message = (role, content, status, extra) => ({
    id: randomUUID(),
    conversation_id: conversation.id,
    seq: state.messages.length + 1,
    role,
    content,
    status,
    error_code: null,
    error_message: null,
    finish_reason: null,
    model_id: body.model_id,
    contexts: [],
    usage: null,
    replaces_message_id: null,
    replaced_by_message_id: null,
    set_aside: false,
    created_at: now(),
    updated_at: now(),
    ...extra,
  });
  const replaced = state.messages.find((one) => one.id === body.replaces_message_id);
  const user = message('user', body.content, 'complete', {
    contexts: body.contexts === undefined && replaced ? replaced.contexts : contexts,
    replaces_message_id: replaced?.id ?? null,
  });
  state.messages.push(user);
  const assistant = message('assistant', '', 'pending');
  state.messages.push(assistant);
  const events = [
    [
      'meta',
      {
        conversation_id: conversation.id,
        user_message_id: user.id,
        assistant_message_id: assistant.id,
        model_id: body.model_id,
        provider: 'extracts',
      },
    ],
  ];
  const run = { events, watchers: new Set(), timer: undefined, cut: body.content.includes('cut') };
  growing.set(assistant.id, run);
  if (key) state.keys.set(key, assistant.id);
  const words = ANSWER(contexts.map((c) => c.quoted_text)).match(/\S+\s*|\s+/g);
  const emit = (event, data) => {
    events.push([event, data]);
    for (const watcher of run.watchers) watcher();
  };
  const finish = (status, extra) => {
    clearInterval(run.timer);
    Object.assign(
      assistant,
      {
        status,
        updated_at: now(),
        usage: {
          provider: 'extracts',
          model_name: 'extracts',
          model_requested: body.content.includes('fallback') ? 'gpt' : null,
          cached_tokens: 40,
          reasoning_tokens: null,
          cost_usd_micros: 1230,
          key_mode_requested: 'auto',
          provider_request_id: 'req_stub',
          prompt_version: '1',
          retry_after_seconds: extra.error_code ? 20 : null,
          attempts: body.content.includes('fallback')
            ? [
                attempt('gpt', 'error', 'rate_limited'),
                attempt('extracts', extra.finish_reason ?? 'stop', null),
              ]
            : [attempt('extracts', extra.finish_reason ?? 'stop', null)],
          prompt_tokens: 120,
          completion_tokens: 94,
          total_tokens: 214,
          latency_ms: 900,
          first_token_ms: 40,
          key_mode_used: 'none',
        },
      },
      extra,
    );
    emit('done', {
      status,
      finish_reason: extra.finish_reason,
      error_code: extra.error_code,
      error_message: extra.error_message,
      final_chars: assistant.content.length,
    });
  };
  run.finish = finish;
  run.timer = setInterval(
    () => {
      if (body.content.includes('fail') && assistant.content.length > 60) {
        return finish('error', {
          finish_reason: 'error',
          error_code: 'E_LLM_PROVIDER_DOWN',
          error_message: 'The provider is not available at the moment.',
        });
      }
      const word = words.shift();
      if (word === undefined) return finish('complete', { finish_reason: 'stop' });
      assistant.content += word;
      emit('delta', { delta: word });
    },
    body.content.includes('slow') ? 120 : 12,
  );
  return assistant.id;
}

function watch(response, id, from) {
  const run = found(growing.get(id));
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'content-location': `/messages/${id}/stream`,
  });
  let next = from;
  let sent = 0;
  const push = () => {
    for (; next < run.events.length; next++) {
      const [event, data] = run.events[next];
      response.write(`id: ${next}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (event === 'done') return void response.end();
      if (run.cut && ++sent > 8) return void hangUp();
    }
  };
  const hangUp = () => {
    run.watchers.delete(push);
    setTimeout(() => response.destroy(), 20);
  };
  run.watchers.add(push);
  response.on('close', () => run.watchers.delete(push));
  push();
}

// ---- Routes

const routes = [
  [
    'GET',
    '/auth/session',
    () => ({
      user: state.signedIn ? state.user : null,
      registration: state.user ? 'closed' : 'first',
    }),
  ],
  [
    'POST',
    '/auth/register',
    (_, body) => (
      (state.user = {
        id: randomUUID(),
        email: body.email,
        name: body.name ?? null,
        is_admin: true,
      }),
      (state.signedIn = true),
      { user: state.user }
    ),
  ],
  [
    'POST',
    '/auth/login',
    (_, body) => {
      if (body.email !== state.user?.email)
        throw new No(401, 'E_UNAUTHENTICATED', 'E-mail or password is wrong.');
      state.signedIn = true;
      return { user: state.user };
    },
  ],
  ['POST', '/auth/logout', () => ((state.signedIn = false), {})],
  ['GET', '/api/models', () => MODELS],
  ['GET', '/api/libraries', () => []],
  ['GET', '/api/media', () => list(state.media)],
  [
    'POST',
    '/api/media/sample',
    () =>
      state.media.find((m) => m.title === SAMPLE_TITLE)
        ? { media: state.media.find((m) => m.title === SAMPLE_TITLE), duplicate: true }
        : bringIn(SAMPLE_TITLE, SAMPLE),
  ],
  [
    'POST',
    '/api/media/from_text',
    (_, body) => bringIn(body.title ?? body.text.trim().slice(0, 60), paragraphs(body.text)),
  ],
  [
    'POST',
    '/api/media/upload',
    (_, body, query) => {
      const name = query.get('filename');
      if (name.endsWith('.exe'))
        throw new No(400, 'E_INVALID_FILE_TYPE', 'This is not a file that can be read.');
      if (name.endsWith('.epub')) return bringInBook(name);
      if (name.endsWith('.pdf')) return bringInPdf(name, body);
      return bringIn(name, paragraphs(body.toString('utf8')));
    },
  ],
  [
    'POST',
    '/api/media/from_url',
    (_, { url }) => {
      const { media } = bringIn(url, SAMPLE);
      Object.assign(media, { kind: 'web_article', canonical_source_url: url });
      if (url.includes('slow'))
        Object.assign(media, {
          processing_status: 'extracting',
          processing_stage: 'fetching',
          processing_percent: 35,
          capabilities: { ...media.capabilities, can_read: false },
        });
      if (url.includes('gone'))
        Object.assign(media, {
          processing_status: 'failed',
          last_error_message: 'The page is not there any longer. Check the address.',
          capabilities: { ...media.capabilities, can_read: false },
        });
      return { media, duplicate: false };
    },
  ],
  ['POST', '/api/media/:id/retry', ([id]) => found(state.media.find((m) => m.id === id))],
  [
    'GET',
    '/api/media/:id',
    ([id]) =>
      found(
        state.media.find((m) => m.id === id),
        'E_MEDIA_NOT_FOUND',
      ),
  ],
  [
    'DELETE',
    '/api/media/:id',
    ([id]) => void (state.media = state.media.filter((m) => m.id !== id)),
  ],
  ['GET', '/api/media/:id/fragments', ([id]) => list(found(state.fragments.get(id)))],
  ['GET', '/api/media/:id/outline', () => []],
  ['GET', '/api/fragments/:id', ([id]) => found(fragmentOf(id))],
  ['GET', '/api/keys', () => state.providerKeys],
  [
    'POST',
    '/api/keys',
    (_, { provider, api_key }) => {
      if (api_key.length < 20)
        throw new No(400, 'E_INVALID_REQUEST', 'A key has at least 20 characters.');
      const key = {
        id: randomUUID(),
        provider,
        key_fingerprint: api_key.slice(-4),
        status: 'untested',
        created_at: now(),
        last_tested_at: null,
      };
      state.providerKeys.unshift(key);
      return key;
    },
  ],
  [
    'DELETE',
    '/api/keys/:id',
    ([id]) => void (found(state.providerKeys.find((k) => k.id === id)).status = 'revoked'),
  ],
  [
    'POST',
    '/api/keys/:id/test',
    ([id]) => {
      const key = found(state.providerKeys.find((k) => k.id === id));
      Object.assign(key, { status: 'valid', last_tested_at: now() });
      return { key, result: 'works', message: 'The provider took the key.' };
    },
  ],
  ['GET', '/api/connections', () => state.connections],
  [
    'POST',
    '/api/connections',
    (_, { name, base_url }) => {
      const connection = {
        id: randomUUID(),
        name,
        base_url,
        dialect: 'openai-compatible',
        key_fingerprint: null,
        status: 'invalid',
        problem: 'Nothing answers at this address.',
        model_count: 0,
        created_at: now(),
        updated_at: now(),
        last_tested_at: now(),
      };
      state.connections.push(connection);
      return connection;
    },
  ],
  [
    'DELETE',
    '/api/connections/:id',
    ([id]) => void (state.connections = state.connections.filter((c) => c.id !== id)),
  ],
  [
    'GET',
    '/api/admin/models',
    () =>
      MODELS.map((one) => ({
        ...one,
        hidden: one.hidden ?? false,
        added: false,
        set: [],
        switched_on: true,
      })),
  ],
  [
    'PATCH',
    '/api/admin/models/:id',
    ([id], body) => Object.assign(found(MODELS.find((one) => one.id === id)), body),
  ],
  ['GET', '/api/media/:id/position', ([id]) => state.positions.get(id) ?? null],
  [
    'PUT',
    '/api/media/:id/position',
    ([id], body) => (
      state.positions.set(id, { media_id: id, ...body, last_opened_at: now() }),
      state.positions.get(id)
    ),
  ],
  [
    'GET',
    '/api/media/:id/highlights',
    ([id]) => ({
      highlights: state.highlights.filter((h) => fragmentOf(h.fragment_id).media_id === id),
    }),
  ],
  [
    'GET',
    '/api/media/:id/conversations',
    ([id]) =>
      list(
        state.conversations
          .filter((c) =>
            state.messages.some(
              (m) => m.conversation_id === c.id && m.contexts.some((x) => x.media_id === id),
            ),
          )
          .map((c) => conversationOf(c.id)),
      ),
  ],
  [
    'POST',
    '/api/fragments/:id/highlights',
    ([id], body) => {
      const points = [...found(fragmentOf(id)).canonical_text];
      const made = {
        id: randomUUID(),
        fragment_id: id,
        start_offset: 0,
        end_offset: 1,
        quads: null,
        ...body,
        exact: points.slice(body.start_offset ?? 0, body.end_offset ?? 20).join(''),
        prefix: '',
        suffix: '',
        created_at: now(),
        updated_at: now(),
        annotation: null,
      };
      state.highlights.push(made);
      return made;
    },
  ],
  [
    'PATCH',
    '/api/highlights/:id',
    ([id], body) => Object.assign(found(state.highlights.find((h) => h.id === id)), body),
  ],
  [
    'DELETE',
    '/api/highlights/:id',
    ([id]) => void (state.highlights = state.highlights.filter((h) => h.id !== id)),
  ],
  [
    'PUT',
    '/api/highlights/:id/annotation',
    ([id], body) =>
      (found(state.highlights.find((h) => h.id === id)).annotation = {
        id: randomUUID(),
        highlight_id: id,
        body: body.body,
        created_at: now(),
        updated_at: now(),
      }),
  ],
  [
    'DELETE',
    '/api/highlights/:id/annotation',
    ([id]) => void (found(state.highlights.find((h) => h.id === id)).annotation = null),
  ],
  ['GET', '/api/conversations', () => list(state.conversations.map((c) => conversationOf(c.id)))],
  ['GET', '/api/conversations/:id', ([id]) => conversationOf(id)],
  [
    'PATCH',
    '/api/conversations/:id',
    ([id], body) => (
      Object.assign(found(state.conversations.find((c) => c.id === id)), body),
      conversationOf(id)
    ),
  ],
  [
    'DELETE',
    '/api/conversations/:id',
    ([id]) =>
      void (
        (state.conversations = state.conversations.filter((c) => c.id !== id)),
        (state.messages = state.messages.filter((m) => m.conversation_id !== id))
      ),
  ],
  [
    'GET',
    '/api/conversations/:id/messages',
    ([id]) => list(state.messages.filter((m) => m.conversation_id === id)),
  ],
  [
    'POST',
    '/api/messages/:id/stop',
    ([id]) => {
      const message = found(state.messages.find((m) => m.id === id));
      if (message.status === 'pending')
        growing.get(id).finish('complete', { finish_reason: 'cancelled' });
      return message;
    },
  ],
];

const list = (data) => ({ list: data });

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://stub');
  try {
    if (!/^\/(api|auth)\//.test(url.pathname)) return void asset(response, url.pathname);
    const raw = await bytes(request);
    const original = /^\/api\/media\/([0-9a-f-]{36})\/file$/.exec(url.pathname);
    if (original) return void file(request, response, found(state.files.get(original[1])));
    const json = request.headers['content-type']?.startsWith('application/json');
    const body = json ? JSON.parse(raw) : raw;
    const sent =
      request.method === 'POST' &&
      /^\/api\/conversations(?:\/([0-9a-f-]{36}))?\/messages$/.exec(url.pathname);
    if (sent)
      return void watch(response, send(sent[1], body, request.headers['idempotency-key']), 0);
    const resumed =
      request.method === 'GET' && /^\/api\/messages\/([0-9a-f-]{36})\/stream$/.exec(url.pathname);
    if (resumed)
      return void watch(response, resumed[1], Number(request.headers['last-event-id'] ?? -1) + 1);
    for (const [method, pattern, handle] of routes) {
      const match = new RegExp(`^${pattern.replace(/:id/g, '([^/]+)')}$`).exec(url.pathname);
      if (!match || method !== request.method) continue;
      const result = handle(match.slice(1), body, url.searchParams);
      if (result === undefined) return void response.writeHead(204).end();
      return void reply(
        response,
        method === 'POST' ? 201 : 200,
        result?.list ? { data: result.list, page: { next_cursor: null } } : { data: result },
      );
    }
    throw new No(404, 'E_NOT_FOUND', 'That is not here.');
  } catch (error) {
    if (!(error instanceof No)) console.error(error);
    reply(response, error.status ?? 500, {
      error: { code: error.code ?? 'E_INTERNAL', message: error.message, request_id: randomUUID() },
    });
  }
});

async function bytes(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function reply(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function file(request, response, whole) {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const from = Number(range?.[1] ?? 0);
  const to = range?.[2] ? Math.min(Number(range[2]), whole.length - 1) : whole.length - 1;
  response
    .writeHead(range ? 206 : 200, {
      'content-type': 'application/pdf',
      'accept-ranges': 'bytes',
      'content-length': to - from + 1,
      ...(range && { 'content-range': `bytes ${from}-${to}/${whole.length}` }),
    })
    .end(whole.subarray(from, to + 1));
}

function asset(response, path) {
  const file = join(WEB, normalize(path));
  const found = extname(path) && existsSync(file) ? file : join(WEB, 'index.html');
  response
    .writeHead(200, {
      'content-type': TYPES[extname(found)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    })
    .end(readFileSync(found));
}

server.listen(Number(process.argv[2] ?? 8090), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${server.address().port}`),
);
