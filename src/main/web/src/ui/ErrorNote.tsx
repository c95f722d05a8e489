import { CircleAlert } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { asApiError } from '../api/errors';
import { Button } from './Button';

interface Props {
  error: unknown;
  onRetry?: (() => void) | undefined;
  /** The moment before which trying again is of no use, in milliseconds. */
  retryAt?: number | undefined;
  children?: ReactNode;
}

/** What went wrong, where it happened, with what can be done about it. */
export function ErrorNote({ error, onRetry, retryAt, children }: Props) {
  const { message, code, requestId, retryAt: told } = asApiError(error);
  return (
    <div className="error-note" role="alert">
      <CircleAlert aria-hidden />
      <div>
        <p>{message}</p>
        <p className="fine" title={requestId === undefined ? undefined : `Request ${requestId}`}>
          {code}
        </p>
        {(onRetry || children) && (
          <div className="error-actions">
            {onRetry && <RetryButton at={retryAt ?? told} onRetry={() => onRetry()} />}
            {children}
          </div>
        )}
      </div>
    </div>
  );
}

/** Counts down to the moment from which trying again may help. */
function RetryButton({ at, onRetry }: { at: number | undefined; onRetry: () => void }) {
  const [left, setLeft] = useState(() => secondsUntil(at));
  useEffect(() => {
    if (left <= 0) return;
    const timer = setInterval(() => setLeft(secondsUntil(at)), 250);
    return () => clearInterval(timer);
  }, [left, at]);
  return (
    <Button kind="outline" disabled={left > 0} onClick={onRetry}>
      {left > 0 ? `Try again in ${left} s` : 'Try again'}
    </Button>
  );
}

function secondsUntil(at: number | undefined): number {
  return at === undefined ? 0 : Math.max(0, Math.ceil((at - Date.now()) / 1_000));
}
