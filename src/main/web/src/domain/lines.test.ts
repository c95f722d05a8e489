import { expect, it } from 'vitest';
import { mergeLines, type Box } from './lines';

const box = (left: number, top: number, right: number, bottom: number): Box => ({
  left,
  top,
  right,
  bottom,
});

it('makes one box of the runs of a line, however they overlap', () => {
  expect(mergeLines([box(10, 0, 30, 12), box(28, 1, 60, 11), box(60, 0, 60, 12)])).toEqual([
    box(10, 0, 60, 12),
  ]);
});

it('keeps lines apart that follow each other closely', () => {
  expect(mergeLines([box(50, 0, 90, 12), box(10, 11, 90, 23)])).toHaveLength(2);
});

it('keeps columns apart although they are level', () => {
  expect(mergeLines([box(10, 0, 90, 12), box(130, 0, 200, 12)])).toHaveLength(2);
});

it('takes a superscript into its line', () => {
  expect(mergeLines([box(10, 0, 50, 12), box(50, -3, 56, 6)])).toEqual([box(10, -3, 56, 12)]);
});

it('changes none of the boxes it is given', () => {
  const first = box(0, 0, 10, 10);
  mergeLines([first, box(5, 0, 20, 10)]);
  expect(first).toEqual(box(0, 0, 10, 10));
});
