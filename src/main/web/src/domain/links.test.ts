import { expect, it } from 'vitest';
import { safeHref } from './links';

it.each([
  'https://a.example/x?y',
  'HTTP://a.example',
  'mailto:a@b.example',
  '/media/1',
  '#part',
  'page.html',
])('follows %s', (href) => expect(safeHref(href)).toBe(href));

it.each([
  'javascript:alert(1)',
  'JAVA\nSCRIPT:alert(1)',
  '\u0001javascript:x',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc',
  '',
  undefined,
])('does not follow %j', (href) => expect(safeHref(href)).toBeUndefined());
