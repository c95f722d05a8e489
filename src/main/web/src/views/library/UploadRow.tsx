import { FileUp } from 'lucide-react';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import type { Upload } from './useUploads';

export function UploadRow({ upload, onDismiss }: { upload: Upload; onDismiss: () => void }) {
  return (
    <li className="media-row">
      <FileUp className="media-icon" aria-hidden />
      <div className="media-main">
        <p className="media-title">{upload.name}</p>
        {upload.error ? (
          <ErrorNote error={upload.error}>
            <Button kind="outline" onClick={onDismiss}>
              Dismiss
            </Button>
          </ErrorNote>
        ) : (
          <progress value={upload.share} max={1} aria-label={`Sending ${upload.name}`} />
        )}
      </div>
    </li>
  );
}
