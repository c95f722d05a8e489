import { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { changedBy, OtherTabs } from './otherTabs';

describe('OtherTabs', () => {
  const open: OtherTabs[] = [];
  const tab = () => {
    const tabs = new OtherTabs();
    open.push(tabs);
    return tabs;
  };
  afterEach(() => open.splice(0).forEach((one) => one.close()));

  it('has another tab ask again for what changed, and for nothing else', async () => {
    const queries = new QueryClient();
    queries.setQueryData(['highlights', 'm1'], []);
    queries.setQueryData(['conversations'], []);
    tab().listen(queries);
    tab().tell('highlights');
    await vi.waitFor(() =>
      expect(queries.getQueryState(['highlights', 'm1'])?.isInvalidated).toBe(true),
    );
    expect(queries.getQueryState(['conversations'])?.isInvalidated).toBe(false);
  });

  it('does not tell the tab that speaks', async () => {
    const [mine, theirs] = [new QueryClient(), new QueryClient()];
    mine.setQueryData(['conversations'], []);
    theirs.setQueryData(['conversations'], []);
    const speaking = tab();
    speaking.listen(mine);
    tab().listen(theirs);
    speaking.tell('conversations');
    await vi.waitFor(() =>
      expect(theirs.getQueryState(['conversations'])?.isInvalidated).toBe(true),
    );
    expect(mine.getQueryState(['conversations'])?.isInvalidated).toBe(false);
  });

  it('knows from a request what it changed', () => {
    expect(changedBy('POST', '/api/fragments/f/highlights')).toBe('highlights');
    expect(changedBy('PUT', '/api/highlights/h/annotation')).toBe('highlights');
    expect(changedBy('DELETE', '/api/conversations/c')).toBe('conversations');
    expect(changedBy('POST', '/api/messages/m/stop')).toBe('conversations');
    expect(changedBy('PUT', '/api/media/m/position')).toBeUndefined();
    expect(changedBy('GET', '/api/conversations')).toBeUndefined();
  });
});
