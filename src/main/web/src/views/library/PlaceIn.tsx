import { FolderPlus } from 'lucide-react';
import { calls } from '../../api/calls';
import { asApiError } from '../../api/errors';
import type { Library, Media } from '../../api/types';
import { useApp } from '../../state/app';
import { toast } from '../../state/toasts';
import { Popover } from '../../ui/Popover';

/** Puts a document into one of the reader's shared libraries. */
export function PlaceIn({ media, libraries }: { media: Media; libraries: readonly Library[] }) {
  const { queries } = useApp();
  const put = async (library: Library) => {
    try {
      await calls.putInLibrary(library.id, media.id);
      toast(`“${media.title}” is in ${library.name}.`);
      void queries.invalidateQueries({ queryKey: ['libraries'] });
      void queries.invalidateQueries({ queryKey: ['media', 'list'] });
    } catch (thrown) {
      toast(asApiError(thrown).message);
    }
  };
  return (
    <Popover label={`Put ${media.title} into a library`} trigger={<FolderPlus />}>
      {(close) => (
        <div className="libraries">
          <p className="cap">Put into</p>
          {libraries.map((one) => (
            <button
              key={one.id}
              type="button"
              className="row"
              onClick={() => (close(), void put(one))}
            >
              {one.name}
            </button>
          ))}
        </div>
      )}
    </Popover>
  );
}
