import { QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { ApiError } from '../api/errors';
import { onChange } from '../api/client';
import { Answers } from './answers';
import { watchAttention } from './attention';
import { changedBy, OtherTabs } from './otherTabs';

/** What lives as long as the page: the server's state as far as we know it, and the answers we watch. */
export interface App {
  queries: QueryClient;
  answers: Answers;
}

export function createApp(): App {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 2 && worthRetrying(error),
        staleTime: 5_000,
        refetchOnWindowFocus: false,
      },
    },
  });
  const otherTabs = new OtherTabs();
  otherTabs.listen(queries);
  onChange((method, path) => {
    const subject = changedBy(method, path);
    if (subject) otherTabs.tell(subject);
  });
  const answers = new Answers(
    async (conversationId) => {
      otherTabs.tell('conversations');
      await queries.refetchQueries({ queryKey: ['messages', conversationId] });
      void queries.invalidateQueries({ queryKey: ['conversations'] });
      void queries.invalidateQueries({ queryKey: ['conversation', conversationId] });
      void queries.invalidateQueries({ queryKey: ['linked'] });
    },
    { away: watchAttention(), onBegin: () => otherTabs.tell('conversations') },
  );
  return { queries, answers };
}

/** A refusal stays a refusal; only what never got an answer is asked again. */
function worthRetrying(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

const AppContext = createContext<App | null>(null);
export const AppProvider = AppContext.Provider;

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('outside of the app');
  return app;
}
