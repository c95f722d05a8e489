/** An answer of the server that is not a success, or the lack of one. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  /** HTTP status, 0 when no response came. */
  readonly status: number;
  readonly requestId: string | undefined;
  readonly details: Record<string, unknown>;
  /** Seconds the server asks us to wait, from Retry-After. */
  readonly retryAfter: number | undefined;
  private readonly since = Date.now();

  constructor(init: {
    code: string;
    message: string;
    status: number;
    requestId?: string | undefined;
    details?: Record<string, unknown> | undefined;
    retryAfter?: number | undefined;
  }) {
    super(init.message);
    this.code = init.code;
    this.status = init.status;
    this.requestId = init.requestId;
    this.details = init.details ?? {};
    this.retryAfter = init.retryAfter;
  }

  /** The moment from which trying again may help, in milliseconds; undefined when it may at once. */
  get retryAt(): number | undefined {
    return this.retryAfter === undefined ? undefined : this.since + this.retryAfter * 1_000;
  }
}

const OFFLINE = 'The server cannot be reached. Check that it is running, then try again.';
const BROKEN = 'The server answered in a way this page does not understand.';

/** The error a failed response carries; a body that is not our envelope gives `E_UNKNOWN`. */
export async function errorFrom(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  return errorFromEnvelope(body, response.status, response.headers);
}

export function errorFromEnvelope(body: unknown, status: number, headers: Headers): ApiError {
  const envelope = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
  const text = (key: string) => (typeof envelope[key] === 'string' ? envelope[key] : undefined);
  const wait = Number(headers.get('retry-after') ?? NaN);
  return new ApiError({
    code: text('code') ?? 'E_UNKNOWN',
    message: text('message') ?? (status >= 500 ? OFFLINE : BROKEN),
    status,
    requestId: text('request_id') ?? headers.get('x-request-id') ?? undefined,
    details: isRecord(envelope['details']) ? envelope['details'] : undefined,
    retryAfter: Number.isFinite(wait) && wait > 0 ? wait : undefined,
  });
}

/** Whatever was thrown, as an error with a sentence for the reader. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const network = thrown instanceof TypeError || thrown instanceof DOMException;
  return new ApiError({
    code: network ? 'E_UNREACHABLE' : 'E_UNKNOWN',
    message: network ? OFFLINE : BROKEN,
    status: 0,
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
