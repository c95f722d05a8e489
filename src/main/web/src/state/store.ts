import { useSyncExternalStore } from 'react';

/** A value outside React that components can watch. Values are replaced, never changed in place. */
export class Store<T> {
  private readonly listeners = new Set<() => void>();
  private value: T;

  constructor(initial: T) {
    this.value = initial;
  }

  readonly get = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    this.listeners.forEach((listener) => listener());
  }

  update(change: (value: T) => T): void {
    this.set(change(this.value));
  }
}

/** The store's value, or the part of it the selector picks; the part must be stable while nothing changed. */
export function useStore<T, P = T>(
  store: Store<T>,
  select: (value: T) => P = (value) => value as unknown as P,
): P {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
