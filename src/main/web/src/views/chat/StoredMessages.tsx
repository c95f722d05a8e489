import { memo } from 'react';
import type { Message, Model } from '../../api/types';
import type { Quote } from '../../state/drafts';
import type { Place } from '../reading/place';
import { Question, quotesOf } from './Question';
import { StoredAnswer } from './StoredAnswer';

type Again = (question: { content: string; quotes: Quote[] }) => void;

interface Props {
  messages: readonly Message[];
  models: readonly Model[];
  /** No answer is being watched, so the last question may be asked again. */
  idle: boolean;
  onPlace: (place: Place & { media_id: string }) => void;
  onAskAgain: Again;
  onEdit: Again;
}

/** What is stored of the conversation. Untouched by the answer that grows below it. */
export const StoredMessages = memo(function StoredMessages({
  messages,
  models,
  idle,
  onPlace,
  onAskAgain,
  onEdit,
}: Props) {
  return messages.map((message, i) =>
    message.role === 'user' ? (
      <Question
        key={message.id}
        content={message.content}
        quotes={quotesOf(message)}
        onPlace={onPlace}
      />
    ) : (
      <StoredAnswer
        key={message.id}
        message={message}
        models={models}
        last={idle && i === messages.length - 1}
        {...again(messages[i - 1], onAskAgain, onEdit)}
      />
    ),
  );
});

/**
 * Asking the question before a failed answer once more is a new send: under the old key the server
 * would give the same failure again.
 */
function again(question: Message | undefined, onAskAgain: Again, onEdit: Again) {
  if (question?.role !== 'user') return {};
  const same = { content: question.content, quotes: quotesOf(question) };
  return { onAskAgain: () => onAskAgain(same), onEdit: () => onEdit(same) };
}
