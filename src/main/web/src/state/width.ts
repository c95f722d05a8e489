import { Store } from './store';

/** How narrow the window is: one pane on a phone, the left pane a drawer on a small screen. */
export type Width = 'phone' | 'medium' | 'wide';

const PHONE = '(max-width: 760px)';
const MEDIUM = '(max-width: 1100px)';

export const width = new Store<Width>(measure());

for (const query of [PHONE, MEDIUM]) {
  matchMedia(query).addEventListener('change', () => width.set(measure()));
}

function measure(): Width {
  return matchMedia(PHONE).matches ? 'phone' : matchMedia(MEDIUM).matches ? 'medium' : 'wide';
}
