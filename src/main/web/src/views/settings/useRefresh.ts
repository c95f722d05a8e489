import { useQueryClient } from '@tanstack/react-query';

/** Reads a list of these settings anew, and the models, which all of them decide on. */
export function useRefresh(list: 'keys' | 'connections' | 'all-models') {
  const queries = useQueryClient();
  return async () => {
    void queries.invalidateQueries({ queryKey: ['models'] });
    await queries.invalidateQueries({ queryKey: [list] });
  };
}
