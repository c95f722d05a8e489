import { fireEvent, render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Model } from '../../api/types';
import { addQuotes, drafts, MOST_QUOTES, type Quote } from '../../state/drafts';
import { Composer } from './Composer';

const model = (id: string, available: boolean): Model => ({
  id,
  provider: 'testing',
  model_name: id,
  display_name: `Model ${id}`,
  connection: null,
  capabilities: [],
  prices: [],
  fallback_model_id: null,
  key_modes: available ? ['auto', 'platform_only'] : [],
  max_context_tokens: 32_000,
  max_output_tokens: 4_096,
  available,
  unavailable_reason: available ? null : 'No key.',
});

const quote = (id: string): Quote => ({
  type: 'highlight',
  id,
  text: `Passage ${id}`,
  color: 'yellow',
  media_id: 'm',
  fragment_id: 'f',
  start_offset: 0,
  end_offset: 9,
});

function show(props: Partial<Parameters<typeof Composer>[0]> = {}) {
  const onSend = vi.fn();
  const onStop = vi.fn();
  const models = {
    data: [model('a', false), model('b', true)],
    isError: false,
    error: null,
    refetch: vi.fn(),
  };
  render(
    <MemoryRouter>
      <Composer
        slot="new"
        running={false}
        stopping={false}
        blocked={false}
        models={models as never}
        placeholder="Ask"
        focus={0}
        onSend={onSend}
        onStop={onStop}
        {...props}
      />
    </MemoryRouter>,
  );
  return { onSend, onStop, field: screen.getByRole('textbox', { name: 'Your question' }) };
}

describe('Composer', () => {
  beforeEach(() => drafts.set({}));

  it('sends with Enter, trimmed, to the first model that can be asked, and empties', async () => {
    const { onSend, field } = show();
    await userEvent.type(field, '  Why?  {Enter}');
    expect(onSend).toHaveBeenCalledExactlyOnceWith({
      content: 'Why?',
      quotes: [],
      modelId: 'b',
      keyMode: 'auto',
    });
    expect(field).toHaveValue('');
  });

  it('breaks the line with Shift and Enter', async () => {
    const { onSend, field } = show();
    await userEvent.type(field, 'one{Shift>}{Enter}{/Shift}two');
    expect(field).toHaveValue('one\ntwo');
    expect(onSend).not.toHaveBeenCalled();
  });

  it('leaves Enter to an input method that is composing', () => {
    const { onSend, field } = show();
    fireEvent.change(field, { target: { value: 'かな' } });
    fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 });
    expect(onSend).not.toHaveBeenCalled();
    fireEvent.keyDown(field, { key: 'Enter' });
    expect(onSend).toHaveBeenCalledOnce();
  });

  it('sends nothing that is only white space', async () => {
    const { onSend, field } = show();
    await userEvent.type(field, '   {Enter}');
    expect(onSend).not.toHaveBeenCalled();
    expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled();
  });

  it('sends nothing without a model, and says so', async () => {
    const models = { data: [model('a', false)], isError: false, error: null, refetch: vi.fn() };
    const { onSend, field } = show({ models: models as never });
    await userEvent.type(field, 'Why?{Enter}');
    expect(onSend).not.toHaveBeenCalled();
    expect(field).toHaveAttribute('placeholder', 'No model can be asked yet');
  });

  it('stops with Escape and with the button while an answer grows, and sends nothing meanwhile', async () => {
    const { onSend, onStop, field } = show({ running: true });
    await userEvent.type(field, 'next{Enter}{Escape}');
    await userEvent.click(screen.getByRole('button', { name: 'Stop the answer' }));
    expect(onStop).toHaveBeenCalledTimes(2);
    expect(onSend).not.toHaveBeenCalled();
    expect(field).toHaveValue('next');
  });

  it('sends its passages along and lets each be removed', async () => {
    addQuotes('new', [quote('1'), quote('2'), quote('1')]);
    const { onSend, field } = show();
    await userEvent.click(screen.getByRole('button', { name: 'Remove “Passage 1”' }));
    await userEvent.type(field, 'Why?{Enter}');
    expect(onSend.mock.calls[0]![0].quotes).toEqual([quote('2')]);
    expect(screen.queryByText('“Passage 2”')).not.toBeInTheDocument();
  });
});

describe('addQuotes', () => {
  it('takes ten passages and tells how many did not fit', () => {
    drafts.set({});
    const many = Array.from({ length: MOST_QUOTES + 2 }, (_, i) => quote(String(i)));
    expect(addQuotes('c', many.slice(0, 4))).toBe(0);
    expect(addQuotes('c', many)).toBe(2);
    expect(drafts.get()['c']!.quotes.map((one) => one.id)).toEqual(
      many.slice(0, 10).map((one) => one.id),
    );
  });
});
