import { Store } from './store';

/**
 * How long a hidden page keeps its streams. Long enough for a look at another tab; then the
 * connection, of which a browser has six for one server, is worth more to the tab in sight.
 */
export const HIDDEN_MS = 20_000;

/** Whether the page has been out of sight for so long that nobody waits for it. */
export function watchAttention(page: Document = document): Store<boolean> {
  const away = new Store(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (page.visibilityState === 'hidden') timer = setTimeout(() => away.set(true), HIDDEN_MS);
    else away.set(false);
  };
  page.addEventListener('visibilitychange', look);
  look();
  return away;
}
