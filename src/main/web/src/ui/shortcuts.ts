import { useEffect, useRef } from 'react';
import { preferences } from '../state/preferences';

/** What keys do, by `KeyboardEvent.key`. A handler that returns false leaves the key to the page. */
export type Shortcuts = Record<string, (event: KeyboardEvent) => void | false>;

/** Single keys act while no field, dialog or panel has the focus, and can be turned off altogether. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const single = event.key.length === 1;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target)) return;
      if (single && !preferences.get().singleKeys) return;
      const handler = current.current[event.key];
      if (handler && handler(event) !== false) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      'input:not([type="radio"]):not([type="checkbox"]), textarea, select, [contenteditable], dialog, [popover]',
    ) !== null
  );
}
