import { newId } from '../domain/ids';
import { Store } from './store';

/** A short message at the edge of the page that leaves by itself, with one thing to do about it. */
export interface Toast {
  id: string;
  text: string;
  action?: { label: string; run: () => void };
}

/** Long enough to read a sentence and reach the button; the same time an undo stays open. */
export const TOAST_MS = 7_000;

export const toasts = new Store<readonly Toast[]>([]);

/** Shows a toast; `after` runs when it leaves without its action. Returns its id. */
export function toast(
  text: string,
  action?: Toast['action'],
  after: () => void = () => {},
): string {
  const id = newId();
  const timer = setTimeout(() => {
    dismissToast(id);
    after();
  }, TOAST_MS);
  const wrapped = action && {
    label: action.label,
    run: () => {
      clearTimeout(timer);
      dismissToast(id);
      action.run();
    },
  };
  toasts.update((all) => [...all, { id, text, ...(wrapped && { action: wrapped }) }]);
  return id;
}

export function dismissToast(id: string): void {
  toasts.update((all) => all.filter((one) => one.id !== id));
}
