import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** What the reader's address says besides the document: the passage to show, the chat beside it. */
export function useReadingAddress() {
  const [params, setParams] = useSearchParams();
  const openConversation = useCallback(
    (id: string | undefined) =>
      setParams(
        (old) => {
          const next = new URLSearchParams(old);
          if (id === undefined) next.delete('chat');
          else next.set('chat', id);
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  return { at: params.get('at'), conversationId: params.get('chat') ?? undefined, openConversation };
}
