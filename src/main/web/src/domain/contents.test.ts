import { describe, expect, it } from 'vitest';
import { Contents, entryAt, linkTarget } from './contents';

const contents = new Contents([
  { id: 'a', idx: 0, title: 'One', length: 1_000 },
  { id: 'b', idx: 1, title: null, length: 0 },
  { id: 'c', idx: 2, title: 'Two', length: 3_000 },
]);

describe('Contents', () => {
  it('know how much lies before a position', () => {
    expect(contents.share({ fragment_id: 'a', text_offset: 0 })).toBe(0);
    expect(contents.share({ fragment_id: 'b', text_offset: 0 })).toBe(0.25);
    expect(contents.share({ fragment_id: 'c', text_offset: 1_000 })).toBe(0.5);
    expect(contents.share({ fragment_id: 'c', text_offset: 9_999 })).toBe(1);
    expect(contents.share({ fragment_id: 'gone', text_offset: 5 })).toBe(0);
    expect(new Contents([]).share({ fragment_id: 'a', text_offset: 1 })).toBe(0);
  });

  it('never promise less than a minute while there is something left', () => {
    expect(contents.minutesLeft({ fragment_id: 'a', text_offset: 0 })).toBe(3);
    expect(contents.minutesLeft({ fragment_id: 'c', text_offset: 2_999 })).toBe(1);
    expect(contents.minutesLeft({ fragment_id: 'c', text_offset: 3_000 })).toBe(0);
  });
});

describe('entryAt', () => {
  const outline = [
    { title: 'One', level: 1, fragment_id: 'a', fragment_idx: 0, text_offset: 10 },
    { title: 'Inside', level: 2, fragment_id: 'a', fragment_idx: 0, text_offset: 500 },
    { title: 'Two', level: 1, fragment_id: 'c', fragment_idx: 2, text_offset: 0 },
  ];

  it.each([
    ['a', 0, -1],
    ['a', 10, 0],
    ['a', 700, 1],
    ['b', 0, 1],
    ['c', 0, 2],
  ])('in %s at %i it is entry %i', (fragment_id, text_offset, expected) => {
    expect(entryAt(outline, contents, { fragment_id, text_offset })).toBe(expected);
  });

  it('is nowhere without a position', () => expect(entryAt(outline, contents, undefined)).toBe(-1));
});

describe('linkTarget', () => {
  it('finds the part by its number, and the offset in it', () => {
    expect(linkTarget('#fragment-2', contents)).toEqual({ fragment_id: 'c', text_offset: 0 });
    expect(linkTarget('#fragment-2-77', contents)).toEqual({ fragment_id: 'c', text_offset: 77 });
  });

  it.each(['#fragment-3', '#fragment-', '#note', 'https://example.org/#fragment-1', ''])(
    '%j leads nowhere in the document',
    (href) => expect(linkTarget(href, contents)).toBeUndefined(),
  );
});
