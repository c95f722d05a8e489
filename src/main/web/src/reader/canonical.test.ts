import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codePointLength, sliceCodePoints } from '../domain/codePoints';
import { Anchors } from './anchors';

/** The cases of canonical text that the server's tests run as well. */
interface Case {
  name: string;
  html: string;
  text: string;
  blocks?: { start: number; end: number; type: string }[];
}

const CASES = resolve(process.cwd(), '../../test/resources/canonical');

const cases = readdirSync(CASES).flatMap((file) =>
  (JSON.parse(readFileSync(resolve(CASES, file), 'utf8')) as Case[]).filter((each) => each.text),
);

const inPage = (html: string) => {
  document.body.innerHTML = `<article>${html}</article>`;
  return document.querySelector('article')!;
};

describe('the canonical cases of the server', () => {
  it.each(cases)('are trusted: $name', ({ html, text }) => {
    const anchors = new Anchors(inPage(html), text);
    expect(anchors.exact).toBe(true);
    expect(anchors.end).toBe(codePointLength(text));
  });

  it.each(cases.filter((each) => each.blocks))(
    'have blocks that cover the text and are its elements: $name',
    ({ html, text, blocks }) => {
      const leaves = [...inPage(html).querySelectorAll<HTMLElement>('[data-o]')];
      expect(leaves.map((leaf) => Number(leaf.dataset['o']))).toEqual(blocks!.map((b) => b.start));
      blocks!.forEach((block, i) => {
        expect(block.start).toBe(i === 0 ? 0 : blocks![i - 1]!.end);
        expect(leaves[i]!.textContent).toBe(
          sliceCodePoints(text, block.start, block.end).replace(/\s+$/, ''),
        );
      });
      expect(blocks!.at(-1)!.end).toBe(codePointLength(text));
    },
  );
});
