import { Link } from 'react-router';
import type { Media } from '../../api/types';

/** A document without text to show: still being prepared, or failed. */
export function NotReady({ media }: { media: Media }) {
  const failed = media.processing_status === 'failed';
  return (
    <div className="empty">
      <h1>{media.title}</h1>
      {failed ? (
        <p>{media.last_error_message ?? 'This document could not be read.'}</p>
      ) : (
        <p role="status">
          <span className="pulse" aria-hidden /> Preparing the text. It opens here as soon as it is
          ready.
        </p>
      )}
      <Link to="/">Back to the library</Link>
    </div>
  );
}
