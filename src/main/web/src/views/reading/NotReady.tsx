import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { calls } from '../../api/calls';
import { asApiError, type ApiError } from '../../api/errors';
import type { Media } from '../../api/types';
import { useApp } from '../../state/app';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { ErrorNote } from '../../ui/ErrorNote';
import { STAGES } from '../library/kinds';

/** A document without text to show: still being prepared, or failed. */
export function NotReady({ media }: { media: Media }) {
  const percent = media.processing_percent;
  return (
    <div className="empty">
      <h1>{media.title}</h1>
      {media.processing_status === 'failed' ? (
        <Failed media={media} />
      ) : (
        <>
          <p role="status">
            <span className="pulse" aria-hidden />{' '}
            {STAGES[media.processing_stage ?? ''] ?? 'Preparing the text'}. It opens here as soon as
            it is ready.
          </p>
          {typeof percent === 'number' && (
            <progress className="wide" value={percent} max={100} aria-label="Prepared so far" />
          )}
        </>
      )}
      <p>
        <Link to="/">Back to the library</Link>
      </p>
    </div>
  );
}

function Failed({ media }: { media: Media }) {
  const { queries } = useApp();
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const [removing, setRemoving] = useState(false);
  const navigate = useNavigate();
  const retry = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await calls.retry(media.id);
      await queries.invalidateQueries({ queryKey: ['media'] });
    } catch (thrown) {
      setError(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p role="alert">{media.last_error_message ?? 'This document could not be read.'}</p>
      {error && <ErrorNote error={error} />}
      <p>
        <Button kind="primary" disabled={busy} onClick={() => void retry()}>
          Try again
        </Button>{' '}
        <Button kind="outline" onClick={() => setRemoving(true)}>
          Remove
        </Button>
      </p>
      {removing && (
        <Confirm
          title="Delete from your library?"
          text={`“${media.title}” could not be read, and goes.`}
          action="Delete"
          onConfirm={async () => {
            await calls.deleteMedia(media.id);
            void navigate('/');
            await queries.invalidateQueries({ queryKey: ['media', 'list'] });
          }}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  );
}
