import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { calls } from '../../api/calls';
import type { Model } from '../../api/types';
import { StandIns } from './StandIns';

const model = (id: string): Model => ({
  id,
  provider: 'openai',
  model_name: id,
  display_name: `Model ${id}`,
  connection: null,
  capabilities: [],
  prices: [],
  fallback_model_id: null,
  key_modes: ['auto'],
  max_context_tokens: 32_000,
  max_output_tokens: 4_096,
  available: true,
  unavailable_reason: null,
});

function show(named: string[]) {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  queries.setQueryData(['models'], ['a', 'b', 'c', 'd'].map(model));
  queries.setQueryData(['stand-ins'], { model_ids: named });
  const name = vi
    .spyOn(calls, 'nameStandIns')
    .mockImplementation((model_ids) => Promise.resolve({ model_ids }));
  render(
    <QueryClientProvider client={queries}>
      <StandIns />
    </QueryClientProvider>,
  );
  return name;
}

const shown = () => screen.getAllByRole('heading', { level: 3 }).map((one) => one.textContent);

afterEach(() => vi.restoreAllMocks());

it('keeps each choice at once, in order, and takes no more than three', async () => {
  const name = show([]);
  await userEvent.selectOptions(screen.getByLabelText('Ask instead'), 'b');
  await userEvent.selectOptions(screen.getByLabelText('And then'), 'd');
  await userEvent.selectOptions(screen.getByLabelText('And then'), 'a');
  expect(name.mock.calls.map(([ids]) => ids)).toEqual([['b'], ['b', 'd'], ['b', 'd', 'a']]);
  expect(shown()).toEqual(['Model b', 'Model d', 'Model a']);
  expect(screen.queryByRole('combobox')).toBeNull();
});

it('moves one forward and takes one out', async () => {
  const name = show(['a', 'b', 'c']);
  await userEvent.click(screen.getByRole('button', { name: 'Ask Model c earlier' }));
  expect(shown()).toEqual(['Model a', 'Model c', 'Model b']);
  await userEvent.click(screen.getByRole('button', { name: 'Do not ask Model a instead' }));
  expect(name).toHaveBeenLastCalledWith(['c', 'b']);
  expect(screen.queryByRole('button', { name: 'Ask Model c earlier' })).toBeNull();
});
