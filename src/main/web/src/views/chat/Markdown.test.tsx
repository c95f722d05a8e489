import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { wholeBlocks } from '../../domain/streamBlocks';
import { Markdown } from './Markdown';

const show = (text: string) =>
  render(<Markdown blocks={wholeBlocks(text)} growing={false} />).container;

describe('Markdown', () => {
  it('shows tags as text and runs nothing', () => {
    const shown = show('Hi <img src=x onerror=alert(1)> there\n\n<script>alert(1)</script>\n');
    expect(shown.querySelector('img, script')).toBeNull();
    expect(shown.textContent).toContain('<img src=x onerror=alert(1)>');
  });

  it('links what is safe to follow and only shows the rest', () => {
    show('[good](https://a.example/) and [bad](javascript:alert(1))');
    expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['good']);
    expect(screen.getByRole('link')).toHaveAttribute('rel', 'noopener noreferrer');
  });

  it('never loads a picture', () => {
    const shown = show('![a chart](https://a.example/x.png)');
    expect(shown.querySelector('img')).toBeNull();
    expect(screen.getByRole('link', { name: 'a chart' })).toHaveAttribute(
      'href',
      'https://a.example/x.png',
    );
  });

  it('keeps its headings below those of the page', () => {
    const shown = show('# One\n\n## Two\n\n### Three\n');
    expect([...shown.querySelectorAll('h4, h5, h6')].map((h) => h.tagName)).toEqual([
      'H4',
      'H5',
      'H6',
    ]);
  });

  it('shows lists, tasks, tables and code', () => {
    const shown = show(
      '3. c\n4. d\n\n- [x] done\n- [ ] open\n\n| a | b |\n|--|-:|\n| 1 | 2 |\n\n```\nx < y\n```\n',
    );
    expect(shown.querySelector('ol')).toHaveAttribute('start', '3');
    expect([...shown.querySelectorAll('input')].map((box) => box.checked)).toEqual([true, false]);
    expect(shown.querySelector('li.task')!.textContent).toBe('done');
    expect(shown.querySelector('td.right')!.textContent).toBe('2');
    expect(shown.querySelector('code')!.textContent).toBe('x < y\n');
  });

  it('shows entities and escapes as the characters they stand for', () => {
    expect(show('a &amp; b \\* c &lt;').textContent).toBe('a & b * c <');
  });

  it('cuts long code into pieces without losing a line', () => {
    const lines = Array.from({ length: 95 }, (_, i) => `line ${i}`).join('\n');
    const shown = show(`\`\`\`\n${lines}\n\`\`\`\n`);
    expect(shown.querySelectorAll('code > span')).toHaveLength(3);
    expect(shown.querySelector('code')!.textContent).toBe(`${lines}\n`);
  });
});
