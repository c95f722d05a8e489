import { useParams } from 'react-router';
import { isProcessing, useMedia } from '../../state/queries';
import { ErrorNote } from '../../ui/ErrorNote';
import { SiteTabs } from '../shell/SiteTabs';
import { TopBar } from '../shell/TopBar';
import { useTitle } from '../shell/useTitle';
import { NotReady } from './NotReady';
import { Reading } from './Reading';

export function ReadingPage() {
  const { mediaId } = useParams();
  return <OneDocument key={mediaId} mediaId={mediaId!} />;
}

function OneDocument({ mediaId }: { mediaId: string }) {
  const media = useMedia(mediaId);
  useTitle(media.data?.title);
  if (media.data?.capabilities.can_read && !isProcessing(media.data))
    return <Reading media={media.data} />;
  return (
    <div className="app">
      <TopBar />
      <main className="page" aria-busy={media.isPending}>
        {media.isError && (
          <div className="empty">
            <h1>This document cannot be shown</h1>
            <ErrorNote error={media.error} onRetry={() => void media.refetch()} />
          </div>
        )}
        {media.data && <NotReady media={media.data} />}
      </main>
      <SiteTabs current="library" />
    </div>
  );
}
