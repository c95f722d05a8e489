import { expect, it } from 'vitest';
import { asAddress } from './address';

it.each([
  ['https://example.org/a', 'https://example.org/a'],
  [' http://example.org ', 'http://example.org/'],
  ['example.org/walden', 'https://example.org/walden'],
  ['example.org:8443/x', 'https://example.org:8443/x'],
  ['http://localhost:3000/', 'http://localhost:3000/'],
])('%j is the address %s', (text, url) => expect(asAddress(text)).toBe(url));

it.each([
  '',
  'walden',
  'two words.org',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'mailto:a@b.org',
])('%j is no address of a page', (text) => expect(asAddress(text)).toBeUndefined());
