/**
 * Offsets in this app count Unicode code points, as the server does; JavaScript strings count
 * UTF-16 units. These convert between the two. A lone surrogate counts as one code point.
 */
const HAS_SURROGATE = /[\ud800-\udfff]/;

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

function pairAt(text: string, index: number): boolean {
  return isHigh(text.charCodeAt(index)) && isLow(text.charCodeAt(index + 1));
}

/** Number of code points in the text. */
export function codePointLength(text: string): number {
  if (!HAS_SURROGATE.test(text)) return text.length;
  let length = 0;
  for (let i = 0; i < text.length; i += pairAt(text, i) ? 2 : 1) length++;
  return length;
}

/** Index in UTF-16 units of the given code point, at most the text's end. */
export function utf16Index(text: string, codePoint: number): number {
  if (!HAS_SURROGATE.test(text)) return Math.min(codePoint, text.length);
  let index = 0;
  for (let left = codePoint; left > 0 && index < text.length; left--) {
    index += pairAt(text, index) ? 2 : 1;
  }
  return index;
}

/** The slice [start, end) by code points. */
export function sliceCodePoints(text: string, start: number, end: number): string {
  const from = utf16Index(text, start);
  return text.slice(from, from + utf16Index(text.slice(from), end - start));
}

/** The text cut to at most `max` code points, with an ellipsis when something was cut. */
export function shorten(text: string, max: number): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return codePointLength(line) <= max ? line : `${sliceCodePoints(line, 0, max - 1).trimEnd()}…`;
}
