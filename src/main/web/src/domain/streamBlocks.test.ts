import { describe, expect, it } from 'vitest';
import { StreamBlocks, wholeBlocks, type Block } from './streamBlocks';

const SAMPLE = `# A heading

A paragraph with *emphasis*, \`code\` and a [link](https://example.test).
It goes on, lazily.

Setext heading
--------------

- one
- two
  - nested

    with a paragraph
- three

1. first
2. second

> A quote
continued lazily

| a | b |
|---|---|
| 1 | 2 |

\`\`\`java
record Point(int x, int y) {}

// blank lines inside the fence
\`\`\`

    indented code

***

Last words with an astral 𝔘 and 👍🏽.
`;

const shape = (blocks: Block[]) => blocks.map((block) => [block.key, block.token.type, block.raw]);

function grow(text: string, size: number): StreamBlocks {
  const stream = new StreamBlocks();
  for (let i = 0; i < text.length; i += size) {
    stream.append(text.slice(i, i + size));
    stream.blocks();
  }
  return stream;
}

describe('StreamBlocks', () => {
  it.each([1, 3, 7, 40, 5000])('grown by %i characters equals one pass over the whole', (size) => {
    const stream = grow(SAMPLE, size);
    expect(shape(stream.blocks())).toEqual(shape(wholeBlocks(SAMPLE)));
    expect(shape(stream.finish())).toEqual(shape(wholeBlocks(SAMPLE)));
  });

  it('never changes a frozen block', () => {
    const stream = new StreamBlocks();
    const seen = new Map<number, Block>();
    for (const letter of SAMPLE) {
      stream.append(letter);
      for (const block of stream.blocks().filter((b) => b.done)) {
        expect(seen.get(block.key) ?? block).toBe(block);
        seen.set(block.key, block);
      }
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  it('resolves a link whose definition comes last, at the end', () => {
    const text = 'See [this].\n\nTwo.\n\nThree.\n\nFour.\n\n[this]: https://example.test\n';
    const links = (blocks: Block[]) => JSON.stringify(blocks[0]!.token).includes('"type":"link"');
    const stream = grow(text, 1);
    expect(links(stream.blocks())).toBe(false);
    expect(links(stream.finish())).toBe(true);
  });

  it('starts again after a reset', () => {
    const stream = grow(SAMPLE, 10);
    stream.reset();
    stream.append('Only this.');
    expect(shape(stream.blocks())).toEqual([[0, 'paragraph', 'Only this.']]);
  });

  it('shows text that has not closed its marks', () => {
    const stream = grow('```js\nlet a', 1);
    expect(stream.blocks()[0]).toMatchObject({
      done: false,
      token: { type: 'code', text: 'let a' },
    });
  });
});
