import { describe, expect, it } from 'vitest';
import { codePointLength, shorten, sliceCodePoints, utf16Index } from './codePoints';

describe('code points', () => {
  it('count an astral character once', () => {
    expect(codePointLength('a𝔘b')).toBe(3);
    expect(codePointLength('👩‍👩‍👧')).toBe(5);
    expect(codePointLength('plain')).toBe(5);
  });

  it('count a lone surrogate once', () => {
    expect(codePointLength('a\ud835')).toBe(2);
    expect(codePointLength('\udc00a')).toBe(2);
  });

  it('map to UTF-16 units and back for every offset', () => {
    const text = 'x𝔘é漢👍y';
    const points = [...text];
    points.forEach((_, i) => expect(utf16Index(text, i)).toBe(points.slice(0, i).join('').length));
    expect(utf16Index(text, 99)).toBe(text.length);
  });

  it('slice without splitting a pair', () => {
    expect(sliceCodePoints('a👍b👍c', 1, 4)).toBe('👍b👍');
    expect(sliceCodePoints('👍', 1, 5)).toBe('');
  });

  it('shorten by code points with an ellipsis', () => {
    expect(shorten('👍👍👍', 3)).toBe('👍👍👍');
    expect(shorten('👍👍👍👍', 3)).toBe('👍👍…');
    expect(shorten('a\n  b', 9)).toBe('a b');
  });
});
