import { describe, expect, it } from 'vitest';
import { ApiError, asApiError, errorFrom } from './errors';

const respond = (status: number, body: string, headers: Record<string, string> = {}) =>
  errorFrom(new Response(body, { status, headers }));

describe('errorFrom', () => {
  it('reads the envelope', async () => {
    const error = await respond(
      409,
      '{"error":{"code":"E_CONVERSATION_BUSY","message":"An answer is still growing.","request_id":"r1","details":{"a":1}}}',
    );
    expect(error).toMatchObject({
      code: 'E_CONVERSATION_BUSY',
      message: 'An answer is still growing.',
      status: 409,
      requestId: 'r1',
      details: { a: 1 },
    });
  });

  it('takes the wait from Retry-After', async () => {
    expect(
      (
        await respond(429, '{"error":{"code":"E_RATE_LIMITED","message":"m"}}', {
          'retry-after': '7',
        })
      ).retryAfter,
    ).toBe(7);
    expect((await respond(429, '{}', { 'retry-after': 'soon' })).retryAfter).toBeUndefined();
  });

  it.each(['', '<html>', '{"error":"text"}', '[]', 'null'])('calls %j unknown', async (body) => {
    const error = await respond(502, body);
    expect(error.code).toBe('E_UNKNOWN');
    expect(error.message).toMatch(/server/);
    expect(error.details).toEqual({});
  });
});

describe('asApiError', () => {
  it('says that the server is out of reach when fetch throws', () => {
    expect(asApiError(new TypeError('Failed to fetch'))).toMatchObject({
      code: 'E_UNREACHABLE',
      status: 0,
    });
  });

  it('leaves an ApiError as it is', () => {
    const error = new ApiError({ code: 'E_X', message: 'x', status: 400 });
    expect(asApiError(error)).toBe(error);
  });
});
