import { answerStream, type Away, type Begin, type StreamEvent } from '../api/answerStream';
import { calls, sendAddress } from '../api/calls';
import { asApiError, type ApiError } from '../api/errors';
import type { KeyMode, SendBody } from '../api/types';
import { newId } from '../domain/ids';
import { StreamBlocks, type Block } from '../domain/streamBlocks';
import type { Quote } from './drafts';
import { Store } from './store';

/**
 * What an answer goes through on this page:
 *
 *     sending ──▶ growing ◀──▶ reconnecting        done ──▶ (gone: the stored message takes over)
 *        │           │               │               ▲
 *        └───────────┴───────────────┴── failed ─────┘ by retrying
 *
 * `failed` means that the page could not send or follow it. An answer that failed on the server is
 * `done`: the stored message says why.
 */
export type Phase = 'sending' | 'growing' | 'reconnecting' | 'failed' | 'done';

export interface Question {
  content: string;
  quotes: Quote[];
  modelId: string;
  keyMode?: KeyMode;
  /** The stored question whose place it takes, with what that one quoted. */
  replaces?: string;
}

/** An answer this page is watching. */
export interface Answer {
  /** The idempotency key of the send; for an answer joined later, the answer's message id. */
  key: string;
  /** The unsent draft it came from, while it has no conversation. */
  slot: string;
  conversationId: string | undefined;
  userMessageId: string | undefined;
  assistantMessageId: string | undefined;
  /** Null when the question is a stored message already. */
  question: Question | null;
  phase: Phase;
  stopping: boolean;
  blocks: Block[];
  /** The model thinks, and has said nothing yet. */
  thinking: boolean;
  error: ApiError | undefined;
}

/** New text is shown at most this often: smooth to the eye, and a quarter of the work of every frame. */
const FLUSH_MS = 40;

/** How long after a stop we wait for the server's last word before we stop watching. */
const STOP_PATIENCE_MS = 5_000;

interface Surroundings {
  /** Whether nobody looks at the page, so that no connection need be kept. */
  away?: Away;
  /** Runs when the server has taken a question. */
  onBegin?: () => void;
}

interface Live {
  stream: StreamBlocks;
  abort: AbortController;
  flush: ReturnType<typeof setTimeout> | undefined;
}

/** The answers being watched, outside React: a token must not re-render the page. */
export class Answers {
  readonly all = new Store<readonly Answer[]>([]);
  private readonly live = new Map<string, Live>();
  private readonly onEnd: (conversationId: string) => Promise<unknown>;
  private readonly around: Surroundings;

  /** `onEnd` brings the stored messages up to date; the watched answer stays on screen until it is done. */
  constructor(onEnd: (conversationId: string) => Promise<unknown>, around: Surroundings = {}) {
    this.onEnd = onEnd;
    this.around = around;
  }

  /** Sends a question; the draft's slot names it until it has a conversation. */
  send(slot: string, conversationId: string | undefined, question: Question): void {
    const answer = newAnswer(newId(), slot, conversationId, question);
    this.all.update((all) => [...all, answer]);
    void this.follow(answer.key, beginning(answer));
  }

  /** Watches an answer that grows already, for instance after a reload. */
  join(conversationId: string, assistantMessageId: string): void {
    if (this.all.get().some((answer) => answer.assistantMessageId === assistantMessageId)) return;
    const answer = newAnswer(assistantMessageId, conversationId, conversationId, null);
    this.all.update((all) => [...all, { ...answer, assistantMessageId, phase: 'growing' }]);
    void this.follow(answer.key, beginning({ ...answer, assistantMessageId }));
  }

  /** The same send again, under the same key: what the server did already it does not do twice. */
  retry(key: string): void {
    const answer = this.find(key);
    if (answer?.phase !== 'failed') return;
    this.change(key, { phase: 'sending', error: undefined, blocks: [], stopping: false });
    void this.follow(key, beginning(answer));
  }

  /** Really stops it: the server closes the provider's connection and keeps the text so far. */
  stop(key: string): void {
    const answer = this.find(key);
    if (answer === undefined || answer.stopping || !isRunning(answer)) return;
    this.change(key, { stopping: true });
    if (answer.assistantMessageId !== undefined)
      void this.stopOnServer(key, answer.assistantMessageId);
  }

  /** Takes a failed send off the screen and hands its question back. */
  dismiss(key: string): Question | null {
    const question = this.find(key)?.question ?? null;
    this.remove(key);
    return question;
  }

  /** Stops watching everything; the answers go on. */
  clear(): void {
    for (const answer of this.all.get()) this.remove(answer.key);
  }

  private async follow(key: string, begin: Begin): Promise<void> {
    const live: Live = {
      stream: new StreamBlocks(),
      abort: new AbortController(),
      flush: undefined,
    };
    this.live.set(key, live);
    try {
      const { away } = this.around;
      const options = { signal: live.abort.signal, ...(away && { away }) };
      for await (const event of answerStream(begin, options)) this.take(key, live, event);
      await this.end(key, live);
    } catch (thrown) {
      if (live.abort.signal.aborted) await this.end(key, live);
      else this.change(key, { phase: 'failed', error: asApiError(thrown), stopping: false });
    } finally {
      clearTimeout(live.flush);
    }
  }

  private take(key: string, live: Live, event: StreamEvent): void {
    switch (event.type) {
      case 'meta':
        this.change(key, {
          phase: 'growing',
          conversationId: event.conversation_id,
          userMessageId: event.user_message_id ?? this.find(key)?.userMessageId,
          assistantMessageId: event.assistant_message_id,
        });
        if (this.find(key)?.question) this.around.onBegin?.();
        if (this.find(key)?.stopping) void this.stopOnServer(key, event.assistant_message_id);
        return;
      case 'thinking':
        if (!this.find(key)?.thinking) this.change(key, { thinking: true });
        return;
      case 'delta':
        live.stream.append(event.delta);
        live.flush ??= setTimeout(() => this.flush(key, live), FLUSH_MS);
        return;
      case 'reset':
        live.stream.reset();
        this.change(key, { phase: 'growing', blocks: [], thinking: false });
        return;
      case 'reconnecting':
        this.change(key, {
          phase: this.find(key)?.assistantMessageId === undefined ? 'sending' : 'reconnecting',
        });
        return;
      case 'done':
        return;
    }
  }

  private flush(key: string, live: Live): void {
    live.flush = undefined;
    this.change(key, { phase: 'growing', blocks: live.stream.blocks() });
  }

  private async end(key: string, live: Live): Promise<void> {
    clearTimeout(live.flush);
    const conversationId = this.find(key)?.conversationId;
    if (conversationId === undefined) return;
    this.change(key, { phase: 'done', blocks: live.stream.finish() });
    await this.onEnd(conversationId).catch(() => {});
    this.remove(key);
  }

  private async stopOnServer(key: string, assistantMessageId: string): Promise<void> {
    const live = this.live.get(key);
    try {
      await calls.stop(assistantMessageId);
      setTimeout(() => live?.abort.abort(), STOP_PATIENCE_MS);
    } catch {
      this.change(key, { stopping: false });
    }
  }

  private find(key: string): Answer | undefined {
    return this.all.get().find((answer) => answer.key === key);
  }

  private change(key: string, change: Partial<Answer>): void {
    this.all.update((all) =>
      all.map((answer) => (answer.key === key ? { ...answer, ...change } : answer)),
    );
  }

  private remove(key: string): void {
    this.live.get(key)?.abort.abort();
    this.live.delete(key);
    this.all.update((all) => all.filter((answer) => answer.key !== key));
  }
}

export function isRunning(answer: Answer): boolean {
  return (
    answer.phase === 'sending' || answer.phase === 'growing' || answer.phase === 'reconnecting'
  );
}

/** The answer a chat shows: the one of its conversation, or of the draft that will begin one. */
export function answerFor(
  all: readonly Answer[],
  slot: string,
  conversationId: string | undefined,
): Answer | undefined {
  return all.findLast((answer) =>
    conversationId === undefined ? answer.slot === slot : answer.conversationId === conversationId,
  );
}

function newAnswer(
  key: string,
  slot: string,
  conversationId: string | undefined,
  question: Question | null,
): Answer {
  return {
    key,
    slot,
    conversationId,
    userMessageId: undefined,
    assistantMessageId: undefined,
    question,
    phase: 'sending',
    stopping: false,
    blocks: [],
    thinking: false,
    error: undefined,
  };
}

function beginning(answer: Answer): Begin {
  if (answer.assistantMessageId !== undefined)
    return { resume: `/messages/${answer.assistantMessageId}/stream` };
  const { content, modelId, quotes, keyMode, replaces } = answer.question!;
  const send: SendBody = {
    content,
    model_id: modelId,
    ...(keyMode && keyMode !== 'auto' && { key_mode: keyMode }),
    // Without contexts the server takes over those of the replaced question, of every kind.
    ...(replaces === undefined
      ? { contexts: quotes.map(({ type, id }) => ({ type, id })) }
      : { replaces_message_id: replaces }),
  };
  // A new conversation keeps its first address, so that a retry is the same request.
  return { post: sendAddress(answer.conversationId), body: send, key: answer.key };
}
