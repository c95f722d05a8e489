import { BookOpen, FileText, Globe, Trash2 } from 'lucide-react';
import { Link } from 'react-router';
import type { Media } from '../../api/types';
import { ago } from '../../domain/time';
import { isProcessing } from '../../state/queries';
import { IconButton } from '../../ui/Button';
import { KINDS } from './kinds';

export function MediaRow({ media, onDelete }: { media: Media; onDelete: () => void }) {
  return (
    <li className="media-row">
      <KindIcon kind={media.kind} />
      <div className="media-main">
        <Link to={`/media/${media.id}`} className="media-title">
          {media.title}
        </Link>
        <Status media={media} />
      </div>
      <IconButton label={`Delete ${media.title}`} className="row-action" onClick={onDelete}>
        <Trash2 />
      </IconButton>
    </li>
  );
}

function Status({ media }: { media: Media }) {
  if (media.processing_status === 'failed' && !media.capabilities.can_read) {
    return (
      <p className="media-failed">
        {media.last_error_message ?? 'This document could not be read.'}
      </p>
    );
  }
  if (isProcessing(media)) {
    const percent = media.processing_percent;
    return (
      <p className="fine media-busy">
        <span className="pulse" aria-hidden /> Preparing the text
        {typeof percent === 'number' ? `, ${percent} %` : ''}…
      </p>
    );
  }
  return (
    <p className="fine">
      {[media.author, KINDS[media.kind], `Added ${lower(ago(media.created_at))}`]
        .filter(Boolean)
        .join(' · ')}
    </p>
  );
}

function KindIcon({ kind }: { kind: Media['kind'] }) {
  if (kind === 'epub') return <BookOpen className="media-icon" aria-hidden />;
  if (kind === 'web_article') return <Globe className="media-icon" aria-hidden />;
  return <FileText className="media-icon" aria-hidden />;
}

function lower(word: string): string {
  return /^(Just|Today|Yesterday)/.test(word) ? word.toLowerCase() : word;
}
