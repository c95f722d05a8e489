import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { asApiError } from '../api/errors';
import { Button } from './Button';

interface Props {
  error: unknown;
  onRetry?: (() => void) | undefined;
  children?: ReactNode;
}

/** What went wrong, where it happened, with what can be done about it. */
export function ErrorNote({ error, onRetry, children }: Props) {
  const { message, code, requestId } = asApiError(error);
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
            {onRetry && (
              <Button kind="outline" onClick={onRetry}>
                Try again
              </Button>
            )}
            {children}
          </div>
        )}
      </div>
    </div>
  );
}
