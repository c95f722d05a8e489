import type { QueryClient } from '@tanstack/react-query';

/** What a tab can change that others may be showing. */
export type Subject = 'highlights' | 'conversations';

/** What is asked for again when the subject changed elsewhere. */
const QUERIES: Record<Subject, readonly string[]> = {
  highlights: ['highlights'],
  conversations: ['conversations', 'conversation', 'messages', 'linked'],
};

/** The other tabs of this browser on the same server. */
export class OtherTabs {
  private readonly channel = new BroadcastChannel('lectern');

  /** Brings what this tab shows up to date whenever another one changed it. */
  listen(queries: QueryClient): void {
    this.channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      for (const name of queriesOf(data)) void queries.invalidateQueries({ queryKey: [name] });
    };
  }

  tell(subject: Subject): void {
    this.channel.postMessage(subject);
  }

  close(): void {
    this.channel.close();
  }
}

/** A tab may run another version of the page, so what it says may be unknown here. */
function queriesOf(news: unknown): readonly string[] {
  return news === 'highlights' || news === 'conversations' ? QUERIES[news] : [];
}

/** What a request that succeeded has changed, by its method and path below `/api`. */
export function changedBy(method: string, path: string): Subject | undefined {
  if (method === 'GET') return undefined;
  if (/\/highlights(\/|$)/.test(path)) return 'highlights';
  if (/\/conversations(\/|$)/.test(path) || /\/messages\/[^/]+\/stop$/.test(path))
    return 'conversations';
  return undefined;
}
