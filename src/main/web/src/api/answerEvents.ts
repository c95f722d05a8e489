import type { EventSourceMessage } from 'eventsource-parser';
import { ApiError, isRecord } from './errors';

/** What a growing answer tells its watchers. */
export type AnswerEvent =
  | {
      type: 'meta';
      conversation_id: string;
      /** Absent when the answer is joined by its own address. */
      user_message_id: string | undefined;
      assistant_message_id: string;
      model_id?: string;
      provider?: string;
    }
  | { type: 'delta'; delta: string }
  /** The model reasons, before its first words. */
  | { type: 'thinking' }
  | { type: 'reset' }
  | {
      type: 'done';
      status: 'complete' | 'error';
      finish_reason?: string | undefined;
      error_code?: string | undefined;
      error_message?: string | undefined;
    };

/** Longest event accepted, in UTF-16 units: far above a batch of deltas, far below what hurts. */
export const LONGEST_EVENT = 256 * 1024;

/** The event, or undefined for one this page does not know. Throws an {@link ApiError} for a broken one. */
export function readAnswerEvent(message: EventSourceMessage): AnswerEvent | undefined {
  if (message.data.length > LONGEST_EVENT) throw broken();
  switch (message.event) {
    case 'meta':
      return readMeta(parse(message.data));
    case 'delta':
      return { type: 'delta', delta: text(parse(message.data), 'delta') ?? fail() };
    case 'thinking':
      return { type: 'thinking' };
    case 'reset':
      return { type: 'reset' };
    case 'done':
      return readDone(parse(message.data));
    default:
      return undefined;
  }
}

function readMeta(data: Record<string, unknown>): AnswerEvent {
  return {
    type: 'meta',
    conversation_id: text(data, 'conversation_id') ?? fail(),
    user_message_id: text(data, 'user_message_id'),
    assistant_message_id: text(data, 'assistant_message_id') ?? fail(),
    model_id: text(data, 'model_id') ?? '',
    provider: text(data, 'provider') ?? '',
  };
}

function readDone(data: Record<string, unknown>): AnswerEvent {
  return {
    type: 'done',
    status: data['status'] === 'complete' ? 'complete' : 'error',
    finish_reason: text(data, 'finish_reason'),
    error_code: text(data, 'error_code'),
    error_message: text(data, 'error_message'),
  };
}

function parse(data: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw broken();
  }
  return isRecord(value) ? value : fail();
}

function text(data: Record<string, unknown>, key: string): string | undefined {
  const value = data[key];
  return typeof value === 'string' ? value : undefined;
}

function fail(): never {
  throw broken();
}

function broken(): ApiError {
  return new ApiError({
    code: 'E_STREAM_INTERRUPTED',
    message: 'The answer arrived damaged. Reload the page to see what was kept.',
    status: 0,
  });
}
