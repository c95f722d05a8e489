import { useCallback, useRef, useState } from 'react';
import { asApiError, type ApiError } from '../../api/errors';
import { upload } from '../../api/upload';
import { newId } from '../../domain/ids';
import { toast } from '../../state/toasts';

export interface Upload {
  id: string;
  name: string;
  /** Share sent, 0 to 1. */
  share: number;
  error?: ApiError;
}

/** Files on their way, one at a time so that the first is there soon. */
export function useUploads(onArrived: () => Promise<unknown>) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const queue = useRef(Promise.resolve());

  const change = useCallback((id: string, part: Partial<Upload>) => {
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...part } : one)));
  }, []);
  const dismiss = useCallback(
    (id: string) => setUploads((all) => all.filter((one) => one.id !== id)),
    [],
  );

  const add = useCallback(
    (files: readonly File[]) => {
      for (const file of files) {
        const id = newId();
        setUploads((all) => [...all, { id, name: file.name, share: 0 }]);
        queue.current = queue.current.then(async () => {
          try {
            const { media, duplicate } = await upload(file, (share) => change(id, { share }));
            if (duplicate) toast(`“${media.title}” was in your library already.`);
            await onArrived();
            dismiss(id);
          } catch (thrown) {
            change(id, { error: asApiError(thrown) });
          }
        });
      }
    },
    [change, dismiss, onArrived],
  );

  return { uploads, add, dismiss };
}
