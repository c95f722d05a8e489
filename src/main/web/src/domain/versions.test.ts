import { expect, it } from 'vitest';
import { choose, wayThrough, type Said } from './versions';

let seq = 0;
const ask = (id: string, replaces: string | null = null): Said[] => [
  { id, seq: ++seq, role: 'user', replaces_message_id: replaces },
  { id: `${id}!`, seq: ++seq, role: 'assistant', replaces_message_id: null },
];

const shown = (messages: Said[], chosen: string[] = []) =>
  wayThrough(messages, new Set(chosen)).map(
    ({ turn, versions }) =>
      turn.question.id + (versions.length > 1 ? `(${versions.join(' ')})` : ''),
  );

it('a conversation nothing was replaced in is shown as it went', () => {
  expect(shown([...ask('a'), ...ask('b')])).toEqual(['a', 'b']);
});

it('the newest version stands in the place, what followed the older one goes with it', () => {
  const all = [...ask('a'), ...ask('b'), ...ask('c'), ...ask('b2', 'b'), ...ask('d')];
  expect(shown(all)).toEqual(['a', 'b2(b b2)', 'd']);
  expect(shown(all, ['b'])).toEqual(['a', 'b(b b2)', 'c']);
});

it('a version of a version has the same place', () => {
  const all = [...ask('a'), ...ask('a2', 'a'), ...ask('b'), ...ask('a3', 'a2')];
  expect(shown(all)).toEqual(['a3(a a2 a3)']);
  expect(shown(all, ['a2'])).toEqual(['a2(a a2 a3)', 'b']);
});

it('an answer belongs to the question before it', () => {
  const [{ turn }] = wayThrough([...ask('a'), ...ask('a2', 'a')]) as [
    ReturnType<typeof wayThrough>[0],
  ];
  expect(turn.answers.map(({ id }) => id)).toEqual(['a2!']);
});

it('what replaces something still to be loaded begins the way', () => {
  expect(shown([...ask('x'), ...ask('y'), ...ask('z', 'unloaded')])).toEqual(['z(x z)']);
});

it('choosing another version lets go of the one chosen in its place, and the newest needs no choice', () => {
  const chosen = choose(new Set(['other']), ['a', 'a2', 'a3'], 'a');
  expect([...chosen]).toEqual(['other', 'a']);
  expect([...choose(chosen, ['a', 'a2', 'a3'], 'a2')]).toEqual(['other', 'a2']);
  expect([...choose(chosen, ['a', 'a2', 'a3'], 'a3')]).toEqual(['other']);
});
