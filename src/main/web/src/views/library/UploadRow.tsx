import { FileUp, Globe } from 'lucide-react';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import type { Upload } from './useUploads';

interface Props {
  upload: Upload;
  onRetry: () => void;
  onDismiss: () => void;
}

/** Nothing about what is sent changes by sending it again, so only some failures are worth it. */
const FINAL = /^E_(FILE_TOO_LARGE|UNSUPPORTED|INVALID|SSRF)/;

export function UploadRow({ upload, onRetry, onDismiss }: Props) {
  const { name, kind, share, error } = upload;
  return (
    <li className="media-row">
      {kind === 'file' ? (
        <FileUp className="media-icon" aria-hidden />
      ) : (
        <Globe className="media-icon" aria-hidden />
      )}
      <div className="media-main">
        <p className="media-title">{name}</p>
        {error ? (
          <ErrorNote error={error} onRetry={FINAL.test(error.code) ? undefined : onRetry}>
            <Button kind="outline" onClick={onDismiss}>
              Dismiss
            </Button>
          </ErrorNote>
        ) : (
          <progress
            {...(kind === 'file' && { value: share })}
            max={1}
            aria-label={kind === 'file' ? `Sending ${name}` : `Asking for ${name}`}
          />
        )}
      </div>
    </li>
  );
}
