import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HIDDEN_MS, watchAttention } from './attention';

class TestingPage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';

  becomes(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

describe('watchAttention', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const watched = () => {
    const page = new TestingPage();
    return { page, away: watchAttention(page as unknown as Document) };
  };

  it('is away only after the page has been hidden for a while', () => {
    const { page, away } = watched();
    page.becomes('hidden');
    vi.advanceTimersByTime(HIDDEN_MS - 1);
    expect(away.get()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(away.get()).toBe(true);
  });

  it('is back the moment the page is seen', () => {
    const { page, away } = watched();
    page.becomes('hidden');
    vi.advanceTimersByTime(HIDDEN_MS);
    page.becomes('visible');
    expect(away.get()).toBe(false);
  });

  it('does not count the time of an earlier look elsewhere', () => {
    const { page, away } = watched();
    page.becomes('hidden');
    vi.advanceTimersByTime(HIDDEN_MS - 1);
    page.becomes('visible');
    page.becomes('hidden');
    vi.advanceTimersByTime(HIDDEN_MS - 1);
    expect(away.get()).toBe(false);
  });
});
