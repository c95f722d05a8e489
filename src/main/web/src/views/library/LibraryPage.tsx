import { useCallback, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { calls } from '../../api/calls';
import type { Media, MediaSort, Shelf } from '../../api/types';
import { useApp } from '../../state/app';
import { useLibraries, useMediaList } from '../../state/queries';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { ErrorNote } from '../../ui/ErrorNote';
import { SiteTabs } from '../shell/SiteTabs';
import { TopBar } from '../shell/TopBar';
import { useTitle } from '../shell/useTitle';
import { AddBox } from './AddBox';
import { DropAnywhere } from './DropAnywhere';
import { FirstSteps } from './FirstSteps';
import { SHELVES } from './kinds';
import { LibraryPicker, MembersButton } from './LibraryPicker';
import { MediaRow } from './MediaRow';
import { MembersDialog } from './MembersDialog';
import { PasteDialog } from './PasteDialog';
import { UploadRow } from './UploadRow';
import { usePasted } from './usePasted';
import { useUploads } from './useUploads';

const SORTS: Record<MediaSort, string> = {
  added: 'Newest first',
  opened: 'Last read first',
  title: 'By title',
};

export function LibraryPage() {
  const navigate = useNavigate();
  const { queries } = useApp();
  const [sort, setSort] = useState<MediaSort>('added');
  const [kind, setKind] = useState<Shelf>();
  const [pasting, setPasting] = useState<string>();
  const [deleting, setDeleting] = useState<Media>();
  const [params, setParams] = useSearchParams();
  const [members, setMembers] = useState(false);
  const libraries = (useLibraries().data ?? []).filter((one) => !one.is_default);
  const library = libraries.find((one) => one.id === params.get('library'));
  const choose = (id: string | undefined) => setParams(id === undefined ? {} : { library: id });
  useTitle(library?.name ?? 'Library');
  const media = useMediaList({ sort, kind, libraryId: params.get('library') ?? undefined });
  const all = media.data?.pages.flatMap((page) => page.data) ?? [];

  const refresh = useCallback(
    () => queries.invalidateQueries({ queryKey: ['media', 'list'] }),
    [queries],
  );
  const { uploads, addFiles, addAddress, retry, dismiss } = useUploads(library?.id, refresh);
  usePasted({ onFiles: addFiles, onAddress: addAddress, onText: setPasting });
  const open = (id: string) => void navigate(`/media/${id}`);
  const openSample = async () => {
    try {
      open((await calls.sample()).media.id);
    } catch (thrown) {
      toast(thrown instanceof Error ? thrown.message : 'The sample could not be opened.');
    }
  };
  const empty =
    params.get('library') === null &&
    media.isSuccess &&
    kind === undefined &&
    all.length === 0 &&
    uploads.length === 0;

  return (
    <div className="app">
      <TopBar />
      <main className="page" tabIndex={-1}>
        {empty ? (
          <FirstSteps
            onAddress={addAddress}
            onFiles={addFiles}
            onPaste={setPasting}
            onSample={() => void openSample()}
          />
        ) : (
          <div className="library">
            <div className="library-head">
              <h1 className="visually-hidden">{library?.name ?? 'Library'}</h1>
              <LibraryPicker current={library} onChoose={choose} />
              {library && <MembersButton library={library} onOpen={() => setMembers(true)} />}
            </div>
            <AddBox onAddress={addAddress} onFiles={addFiles} onPaste={setPasting} />
            <div className="library-tools">
              <fieldset className="segments">
                <legend className="visually-hidden">Kind</legend>
                {[undefined, ...(Object.keys(SHELVES) as Shelf[])].map((one) => (
                  <label key={one ?? 'all'}>
                    <input
                      type="radio"
                      name="kind"
                      checked={kind === one}
                      onChange={() => setKind(one)}
                    />
                    <span>{one === undefined ? 'All' : SHELVES[one]}</span>
                  </label>
                ))}
              </fieldset>
              <p className="fine library-count" role="status">
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
            {media.isSuccess && kind !== undefined && all.length === 0 && (
              <p className="empty-shelf">Nothing of this kind yet. Add some above.</p>
            )}
            {media.isSuccess && kind === undefined && all.length === 0 && library && (
              <p className="empty-shelf">
                This library is empty. What you add here goes to its members, too.
              </p>
            )}
            <ul className="media-list">
              {uploads.map((upload) => (
                <UploadRow
                  key={upload.id}
                  upload={upload}
                  onRetry={() => retry(upload.id)}
                  onDismiss={() => dismiss(upload.id)}
                />
              ))}
              {all.map((one) => (
                <MediaRow
                  key={one.id}
                  media={one}
                  libraries={libraries.filter((other) => other !== library)}
                  deleteLabel={library ? 'Take out' : 'Delete'}
                  onDelete={() => setDeleting(one)}
                  onChange={refresh}
                />
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
      <DropAnywhere onFiles={addFiles} />
      {pasting !== undefined && (
        <PasteDialog
          text={pasting}
          libraryId={library?.id}
          onClose={() => setPasting(undefined)}
          onDone={({ id }) => {
            void refresh();
            open(id);
          }}
        />
      )}
      {deleting && (
        <Confirm
          title={library ? `Take it out of ${library.name}?` : 'Delete from your library?'}
          text={
            library
              ? `“${deleting.title}” stays with those who have it elsewhere, and in your own library if it is there.`
              : `“${deleting.title}” goes, with your highlights and notes in it. Conversations keep their text.`
          }
          action={library ? 'Take out' : 'Delete'}
          onConfirm={async () => {
            if (library) await calls.takeFromLibrary(library.id, deleting.id);
            else await calls.deleteMedia(deleting.id);
            void queries.invalidateQueries({ queryKey: ['libraries'] });
            await refresh();
          }}
          onClose={() => setDeleting(undefined)}
        />
      )}
      {members && library && (
        <MembersDialog
          library={library}
          onClose={() => setMembers(false)}
          onGone={() => {
            setMembers(false);
            choose(undefined);
          }}
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
