import { beforeEach, describe, expect, it } from 'vitest';
import { codePointLength, sliceCodePoints } from '../domain/codePoints';
import { Anchors } from './anchors';

const HTML =
  '<h1 data-o="0">Ti👍tle</h1>' +
  '<div><p data-o="8">One <em>𝔘wo <b>three</b></em> four</p></div>' +
  '<ul><li data-o="28">a</li><li data-o="30">bé</li></ul>' +
  '<p data-o="34">line<br>next</p>' +
  '<pre data-o="45">x  y\n  z</pre>';
const TEXT = 'Ti👍tle\n\nOne 𝔘wo three four\n\na\nbé\n\nline\nnext\n\nx  y\n  z';

describe('Anchors', () => {
  let root: HTMLElement;
  let anchors: Anchors;

  beforeEach(() => {
    document.body.innerHTML = `<article>${HTML}</article>`;
    root = document.querySelector('article')!;
    anchors = new Anchors(root, TEXT);
  });

  const isSeparator = (offset: number) => [6, 7, 26, 27, 29, 32, 33, 43, 44].includes(offset);

  it('trust a document whose blocks are its canonical text', () => {
    expect(anchors.exact).toBe(true);
    expect(anchors.end).toBe(codePointLength(TEXT));
  });

  it('do not trust one that differs', () => {
    expect(new Anchors(root, TEXT.replace('three', 'thrEe')).exact).toBe(false);
    document.body.innerHTML = '<article><p>no offsets</p></article>';
    expect(new Anchors(document.querySelector('article')!, 'no offsets').exact).toBe(false);
  });

  it('trust an empty one, such as a blank page', () => {
    document.body.innerHTML = '<article></article>';
    expect(new Anchors(document.querySelector('article')!, '').exact).toBe(true);
  });

  it('turn every range into DOM and back without moving it', () => {
    const length = codePointLength(TEXT);
    for (let start = 0; start < length; start++) {
      for (let end = start + 1; end <= length; end++) {
        if (isSeparator(start) || isSeparator(end - 1)) continue;
        expect(anchors.fromRange(anchors.toRange(start, end)!)).toEqual({ start, end });
      }
    }
  });

  it('give ranges whose text is the slice, within one block', () => {
    const range = anchors.toRange(8, 26)!;
    expect(range.toString()).toBe(sliceCodePoints(TEXT, 8, 26));
    expect(anchors.toRange(1, 4)!.toString()).toBe('i👍t');
  });

  it('bring an end on a separator back to the edge of its block', () => {
    expect(anchors.fromRange(anchors.toRange(8, 27)!)).toEqual({ start: 8, end: 26 });
  });

  it('understand points between elements: a triple click ends before the next block', () => {
    const range = document.createRange();
    range.setStart(root.querySelector('p')!.firstChild!, 0);
    range.setEnd(root.querySelector('ul')!, 0);
    expect(anchors.fromRange(range)).toEqual({ start: 8, end: 26 });
  });

  it('understand everything selected', () => {
    const range = document.createRange();
    range.selectNodeContents(document.body);
    expect(anchors.fromRange(range)).toEqual({ start: 0, end: codePointLength(TEXT) });
  });

  it('find nothing in an empty selection', () => {
    const range = document.createRange();
    range.setStart(root.querySelector('li')!.firstChild!, 1);
    range.collapse(true);
    expect(anchors.fromRange(range)).toBeUndefined();
  });
});
