import { BookOpen, Download, FileText, FileType, Globe, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { calls, fileAddress } from '../../api/calls';
import { asApiError } from '../../api/errors';
import type { Library, Media } from '../../api/types';
import { ago } from '../../domain/time';
import { isProcessing } from '../../state/queries';
import { toast } from '../../state/toasts';
import { Button, IconButton } from '../../ui/Button';
import { KINDS, STAGES } from './kinds';
import { PlaceIn } from './PlaceIn';

interface Props {
  media: Media;
  /** The libraries it can be put into. */
  libraries: readonly Library[];
  /** What deleting it means where it is shown. */
  deleteLabel: string;
  onDelete: () => void;
  onChange: () => Promise<unknown>;
}

export function MediaRow({ media, libraries, deleteLabel, onDelete, onChange }: Props) {
  const failed = hasFailed(media);
  return (
    <li className="media-row" data-failed={failed}>
      <KindIcon kind={media.kind} />
      <div className="media-main">
        <Link to={`/media/${media.id}`} className="media-title">
          {media.title}
        </Link>
        <Status media={media} />
        {failed && <Failed media={media} onDelete={onDelete} onChange={onChange} />}
      </div>
      {libraries.length > 0 && !failed && <PlaceIn media={media} libraries={libraries} />}
      {media.capabilities.can_download_file && (
        <a
          className="icon-button"
          href={fileAddress(media.id)}
          download
          aria-label={`Download ${media.title}`}
          title="Download the original"
        >
          <Download />
        </a>
      )}
      {!failed && (
        <IconButton
          label={`${deleteLabel} ${media.title}`}
          className="row-action"
          onClick={onDelete}
        >
          <Trash2 />
        </IconButton>
      )}
    </li>
  );
}

function hasFailed({ processing_status, capabilities }: Media): boolean {
  return processing_status === 'failed' && !capabilities.can_read;
}

function Status({ media }: { media: Media }) {
  if (hasFailed(media)) {
    return (
      <p className="media-failed">
        {media.last_error_message ?? 'This document could not be read.'}
      </p>
    );
  }
  if (isProcessing(media)) {
    const percent = media.processing_percent;
    const stage = STAGES[media.processing_stage ?? ''] ?? 'Preparing the text';
    return (
      <>
        <p className="fine media-busy">
          <span className="pulse" aria-hidden /> {stage}
          {typeof percent === 'number' ? `, ${percent} %` : '…'}
        </p>
        {typeof percent === 'number' && (
          <progress value={percent} max={100} aria-label={`${stage}: ${media.title}`} />
        )}
      </>
    );
  }
  const source = media.canonical_source_url && hostOf(media.canonical_source_url);
  return (
    <p className="fine">
      {[media.author ?? source, KINDS[media.kind], `Added ${lower(ago(media.created_at))}`]
        .filter(Boolean)
        .join(' · ')}
    </p>
  );
}

/** What can be done about a document that could not be read. */
function Failed({ media, onDelete, onChange }: Pick<Props, 'media' | 'onDelete' | 'onChange'>) {
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    try {
      await calls.retry(media.id);
      await onChange();
    } catch (thrown) {
      toast(asApiError(thrown).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="media-actions">
      <Button kind="outline" disabled={busy} onClick={() => void retry()}>
        Try again
      </Button>
      <Button kind="outline" onClick={onDelete}>
        Remove
      </Button>
    </span>
  );
}

function KindIcon({ kind }: { kind: Media['kind'] }) {
  if (kind === 'epub') return <BookOpen className="media-icon" aria-hidden />;
  if (kind === 'pdf') return <FileType className="media-icon" aria-hidden />;
  if (kind === 'web_article') return <Globe className="media-icon" aria-hidden />;
  return <FileText className="media-icon" aria-hidden />;
}

function hostOf(url: string): string | undefined {
  return URL.parse(url)?.hostname.replace(/^www\./, '');
}

function lower(word: string): string {
  return /^(Just|Today|Yesterday)/.test(word) ? word.toLowerCase() : word;
}
