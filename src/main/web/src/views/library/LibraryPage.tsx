import { useCallback, useState } from 'react';
import { useNavigate } from 'react-router';
import { calls } from '../../api/calls';
import type { Media, MediaSort } from '../../api/types';
import { useApp } from '../../state/app';
import { useMediaList } from '../../state/queries';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { ErrorNote } from '../../ui/ErrorNote';
import { SiteTabs } from '../shell/SiteTabs';
import { TopBar } from '../shell/TopBar';
import { useTitle } from '../shell/useTitle';
import { AddBar } from './AddBar';
import { DropAnywhere } from './DropAnywhere';
import { FirstSteps } from './FirstSteps';
import { MediaRow } from './MediaRow';
import { PasteDialog } from './PasteDialog';
import { UploadRow } from './UploadRow';
import { useUploads } from './useUploads';

const SORTS: Record<MediaSort, string> = {
  added: 'Newest first',
  opened: 'Last read first',
  title: 'By title',
};

export function LibraryPage() {
  useTitle('Library');
  const navigate = useNavigate();
  const { queries } = useApp();
  const [sort, setSort] = useState<MediaSort>('added');
  const [pasting, setPasting] = useState(false);
  const [deleting, setDeleting] = useState<Media>();
  const media = useMediaList(sort);
  const all = media.data?.pages.flatMap((page) => page.data) ?? [];

  const refresh = useCallback(
    () => queries.invalidateQueries({ queryKey: ['media', 'list'] }),
    [queries],
  );
  const { uploads, add, dismiss } = useUploads(refresh);
  const open = (id: string) => void navigate(`/media/${id}`);
  const openSample = async () => {
    try {
      open((await calls.sample()).media.id);
    } catch (thrown) {
      toast(thrown instanceof Error ? thrown.message : 'The sample could not be opened.');
    }
  };
  const empty = media.isSuccess && all.length === 0 && uploads.length === 0;

  return (
    <div className="app">
      <TopBar />
      <main className="page" tabIndex={-1}>
        {empty ? (
          <FirstSteps
            onFiles={add}
            onPaste={() => setPasting(true)}
            onSample={() => void openSample()}
          />
        ) : (
          <div className="library">
            <div className="library-head">
              <h1>Library</h1>
              <AddBar onFiles={add} onPaste={() => setPasting(true)} />
            </div>
            <div className="library-tools">
              <p className="fine" role="status">
                {media.isSuccess && counted(all.length, media.hasNextPage)}
              </p>
              <label className="sort">
                <span className="visually-hidden">Order</span>
                <select value={sort} onChange={(event) => setSort(event.target.value as MediaSort)}>
                  {Object.entries(SORTS).map(([key, label]) => (
                    <option key={key} value={key}>
                      {label}
                    </option>
                  ))}
                </select>
              </label>
            </div>
            {media.isError && (
              <ErrorNote error={media.error} onRetry={() => void media.refetch()} />
            )}
            {media.isPending && <Skeleton />}
            <ul className="media-list">
              {uploads.map((upload) => (
                <UploadRow key={upload.id} upload={upload} onDismiss={() => dismiss(upload.id)} />
              ))}
              {all.map((one) => (
                <MediaRow key={one.id} media={one} onDelete={() => setDeleting(one)} />
              ))}
            </ul>
            {media.hasNextPage && (
              <Button
                kind="outline"
                disabled={media.isFetchingNextPage}
                onClick={() => void media.fetchNextPage()}
              >
                Show more
              </Button>
            )}
          </div>
        )}
      </main>
      <SiteTabs current="library" />
      <DropAnywhere onFiles={add} />
      {pasting && (
        <PasteDialog
          onClose={() => setPasting(false)}
          onDone={({ id }) => {
            void refresh();
            open(id);
          }}
        />
      )}
      {deleting && (
        <Confirm
          title="Delete from your library?"
          text={`“${deleting.title}” goes, with your highlights and notes in it. Conversations keep their text.`}
          action="Delete"
          onConfirm={async () => {
            await calls.deleteMedia(deleting.id);
            await refresh();
          }}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </div>
  );
}

function counted(count: number, more: boolean): string {
  return more ? `${count} documents shown` : count === 1 ? '1 document' : `${count} documents`;
}

function Skeleton() {
  return (
    <div className="skeleton" aria-hidden>
      <i />
      <i />
      <i />
    </div>
  );
}
