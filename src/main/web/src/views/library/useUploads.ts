import { useCallback, useRef, useState } from 'react';
import { calls } from '../../api/calls';
import { asApiError, type ApiError } from '../../api/errors';
import type { BroughtIn } from '../../api/types';
import { upload } from '../../api/upload';
import { newId } from '../../domain/ids';
import { toast } from '../../state/toasts';

/** Something on its way to the server: a file, or an address to fetch. */
export interface Upload {
  id: string;
  name: string;
  kind: 'file' | 'address';
  /** Share sent, 0 to 1. */
  share: number;
  error?: ApiError;
}

type Send = (onShare: (share: number) => void) => Promise<BroughtIn>;

/** What is on its way, one at a time so that the first is there soon. */
export function useUploads(libraryId: string | undefined, onArrived: () => Promise<unknown>) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const queue = useRef(Promise.resolve());
  const sends = useRef(new Map<string, Send>());

  const change = useCallback((id: string, part: Partial<Upload>) => {
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...part } : one)));
  }, []);
  const dismiss = useCallback((id: string) => {
    sends.current.delete(id);
    setUploads((all) => all.filter((one) => one.id !== id));
  }, []);

  const run = useCallback(
    (id: string) => {
      queue.current = queue.current.then(async () => {
        const send = sends.current.get(id);
        if (send === undefined) return;
        try {
          const { media, duplicate } = await send((share) => change(id, { share }));
          if (duplicate) toast(`“${media.title}” is in your library already.`);
          await onArrived();
          dismiss(id);
        } catch (thrown) {
          change(id, { error: asApiError(thrown) });
        }
      });
    },
    [change, dismiss, onArrived],
  );

  const begin = useCallback(
    (name: string, kind: Upload['kind'], send: Send) => {
      const id = newId();
      sends.current.set(id, send);
      setUploads((all) => [...all, { id, name, kind, share: 0 }]);
      run(id);
    },
    [run],
  );
  const addFiles = useCallback(
    (files: readonly File[]) => {
      for (const file of files)
        begin(file.name, 'file', (onShare) => upload(file, libraryId, onShare));
    },
    [begin, libraryId],
  );
  const addAddress = useCallback(
    (url: string) => begin(url, 'address', () => calls.fromUrl(url, libraryId)),
    [begin, libraryId],
  );
  const retry = useCallback(
    (id: string) => {
      setUploads((all) =>
        all.map((one) => {
          if (one.id !== id) return one;
          const { error: _, ...again } = one;
          return { ...again, share: 0 };
        }),
      );
      run(id);
    },
    [run],
  );

  return { uploads, addFiles, addAddress, retry, dismiss };
}
