import { expect, it } from 'vitest';
import { parsePlace, placeLink } from './place';

const place = {
  fragment_id: '00000000-0000-4000-8000-000000000001',
  start_offset: 3,
  end_offset: 19,
};

it('a place survives its address', () => {
  const url = new URL(placeLink({ ...place, media_id: 'm' }, 'c'), 'http://lectern.test');
  expect(url.pathname).toBe('/media/m');
  expect(url.searchParams.get('chat')).toBe('c');
  expect(parsePlace(url.searchParams.get('at'))).toEqual(place);
});

it.each([null, '', 'x', `${place.fragment_id}:1`, `${place.fragment_id}:-1-4`])(
  '%j is no place',
  (text) => {
    expect(parsePlace(text)).toBeUndefined();
  },
);
