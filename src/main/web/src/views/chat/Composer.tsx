import type { UseQueryResult } from '@tanstack/react-query';
import { ArrowUp, Square, X } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { Link } from 'react-router';
import type { Model } from '../../api/types';
import { colourClass } from '../../domain/colours';
import { shorten } from '../../domain/codePoints';
import type { Question } from '../../state/answers';
import {
  draftOf,
  drafts,
  MOST_QUOTES,
  removeQuote,
  setDraft,
  EMPTY_DRAFT,
} from '../../state/drafts';
import { preferences, setPreference } from '../../state/preferences';
import { useStore } from '../../state/store';
import { IconButton } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { ModelPicker } from './ModelPicker';
import { chosenModel, keyModeFor } from './models';

/** Longest question the server takes, in characters. */
const LONGEST_QUESTION = 20_000;

interface Props {
  /** The draft it edits. */
  slot: string;
  running: boolean;
  stopping: boolean;
  /** A question before this one waits for Retry or Edit. */
  blocked: boolean;
  models: Pick<UseQueryResult<Model[]>, 'data' | 'isError' | 'error' | 'refetch'>;
  placeholder: string;
  /** Changes each time the field should take the focus. */
  focus: number;
  onSend: (question: Question) => void;
  onStop: () => void;
}

export function Composer({
  slot,
  running,
  stopping,
  blocked,
  models,
  placeholder,
  focus,
  onSend,
  onStop,
}: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const draft = useStore(drafts, (all) => draftOf(all, slot));
  const { modelId: wanted, keyMode } = useStore(preferences);
  const model = chosenModel(models.data ?? [], wanted);
  const noModel = models.data !== undefined && model === undefined;
  const ready = !running && !blocked && model !== undefined && draft.text.trim() !== '';

  const firstFocus = useRef(focus);
  useEffect(() => {
    if (focus !== firstFocus.current) field.current?.focus();
  }, [focus]);

  const send = () => {
    if (!ready) return;
    onSend({
      content: draft.text.trim(),
      quotes: draft.quotes,
      modelId: model.id,
      keyMode: keyModeFor(model, keyMode),
    });
    setDraft(slot, () => EMPTY_DRAFT);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // An input method uses Enter to accept its suggestion; some report it by key code only.
    const composing = event.nativeEvent.isComposing || event.keyCode === 229;
    if (event.key === 'Enter' && !event.shiftKey && !composing) {
      event.preventDefault();
      send();
    }
    if (event.key === 'Escape' && running && !composing) {
      event.preventDefault();
      onStop();
    }
  };

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {draft.quotes.length > 0 && (
        <ul
          className="chips"
          aria-label={`Quoted passages, ${draft.quotes.length} of at most ${MOST_QUOTES}`}
        >
          {draft.quotes.map((quote) => (
            <li key={quote.id} className="chip">
              <i className={`hl-${colourClass(quote.color)}`} aria-hidden />
              <span>“{shorten(quote.text, 40)}”</span>
              <IconButton
                label={`Remove “${shorten(quote.text, 40)}”`}
                onClick={() => removeQuote(slot, quote.id)}
              >
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <textarea
        ref={field}
        rows={1}
        aria-label="Your question"
        placeholder={noModel ? 'No model can be asked yet' : placeholder}
        maxLength={LONGEST_QUESTION}
        value={draft.text}
        enterKeyHint="send"
        onChange={(event) => setDraft(slot, (old) => ({ ...old, text: event.target.value }))}
        onKeyDown={onKeyDown}
      />
      {noModel && (
        <p className="fine">
          <Link to="/settings">Connect a model</Link> to ask. Reading works without one.
        </p>
      )}
      {models.isError && <ErrorNote error={models.error} onRetry={() => void models.refetch()} />}
      <div className="composer-bar">
        <ModelPicker
          models={models.data ?? []}
          chosen={model}
          keyMode={keyMode}
          onChoose={(id) => setPreference('modelId', id)}
        />
        <span className="spring" />
        {running ? (
          <button
            type="button"
            className="send"
            aria-label="Stop the answer"
            title="Stop (Esc)"
            disabled={stopping}
            onClick={onStop}
          >
            <Square aria-hidden fill="currentColor" />
          </button>
        ) : (
          <button
            type="submit"
            className="send"
            aria-label="Send"
            title="Send (Enter)"
            disabled={!ready}
          >
            <ArrowUp aria-hidden />
          </button>
        )}
      </div>
    </form>
  );
}
