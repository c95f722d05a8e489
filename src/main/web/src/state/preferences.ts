import type { KeyMode } from '../api/types';
import { Store } from './store';

export const THEMES = ['system', 'light', 'dark', 'sepia'] as const;
export type Theme = (typeof THEMES)[number];

/** Whose key pays: whichever there is, the reader's own only, the server's only. */
export const KEY_MODES: readonly KeyMode[] = ['auto', 'byok_only', 'platform_only'];

/** Reading type in pixels and the column in characters: the ranges a reader may choose from. */
export const TYPE_SIZE = { min: 16, max: 24 } as const;
export const MEASURE = { min: 55, max: 75 } as const;

/** How much wider than the pane a drawn page may be, and how many steps there are to it. */
export const ZOOM = { min: 0.5, max: 4, step: 1.25 } as const;

export interface Preferences {
  theme: Theme;
  typeSize: number;
  measure: number;
  /** Single keys (h, n, q, j, k …) act in the reader. Can be turned off, for people who dictate. */
  singleKeys: boolean;
  leftOpen: boolean;
  rightOpen: boolean;
  leftWidth: number;
  rightWidth: number;
  modelId: string;
  keyMode: KeyMode;
  /** PDFs as printed pages or as text. */
  pdfView: 'pages' | 'text';
  zoom: number;
  /** Printed pages are turned dark in the dark theme. */
  darkPages: boolean;
}

const DEFAULTS: Preferences = {
  theme: 'system',
  typeSize: 19,
  measure: 66,
  singleKeys: true,
  leftOpen: true,
  rightOpen: true,
  leftWidth: 280,
  rightWidth: 420,
  modelId: '',
  keyMode: 'auto',
  pdfView: 'pages',
  zoom: 1,
  darkPages: true,
};

const KEY = 'lectern.preferences';

/** How this browser likes to read. Kept in local storage; a broken or missing entry means the defaults. */
export const preferences = new Store<Preferences>(load());

export function setPreference<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
  preferences.update((all) => ({ ...all, [key]: value }));
}

preferences.subscribe(() => {
  apply(preferences.get());
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences.get()));
  } catch {
    // Storage may be full or forbidden; the choice then lasts as long as the page.
  }
});

/** Puts the choices where the styles see them. Sets CSS properties, which a strict style policy allows. */
export function apply({ theme, typeSize, measure, darkPages }: Preferences): void {
  const { dataset, style } = document.documentElement;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
  dataset['pages'] = darkPages ? 'dark' : 'light';
  style.setProperty('--read-size', `${typeSize / 16}rem`);
  style.setProperty('--read-measure', `${measure}ch`);
}

function load(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    const entries = Object.entries(DEFAULTS).map(([key, fallback]) => [
      key,
      typeof stored[key] === typeof fallback ? stored[key] : fallback,
    ]);
    return within(Object.fromEntries(entries) as Preferences);
  } catch {
    return DEFAULTS;
  }
}

function within(loaded: Preferences): Preferences {
  return {
    ...loaded,
    theme: THEMES.includes(loaded.theme) ? loaded.theme : 'system',
    typeSize: clamp(loaded.typeSize, TYPE_SIZE.min, TYPE_SIZE.max),
    keyMode: KEY_MODES.includes(loaded.keyMode) ? loaded.keyMode : 'auto',
    pdfView: loaded.pdfView === 'text' ? 'text' : 'pages',
    zoom: clamp(loaded.zoom, ZOOM.min, ZOOM.max),
    measure: clamp(loaded.measure, MEASURE.min, MEASURE.max),
  };
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
