import { memo } from 'react';
import type { Message, Model } from '../../api/types';
import type { Place } from '../../domain/place';
import type { Shown } from '../../domain/versions';
import type { Quote } from '../../state/drafts';
import { Question, quotesOf } from './Question';
import { StoredAnswer } from './StoredAnswer';

/** A stored question that takes its own place again, perhaps in other words or with another model. */
export interface AskedAgain {
  question: Message;
  content: string;
  quotes: Quote[];
  modelId?: string;
}

interface Props {
  way: readonly Shown<Message>[];
  models: readonly Model[];
  /** No answer is being watched, so that a question may be asked again. */
  idle: boolean;
  onPlace: (place: Place & { media_id: string }) => void;
  onVersion: (versions: readonly string[], id: string) => void;
  onAskAgain: (asked: AskedAgain) => void;
}

/** What is stored of the conversation. Untouched by the answer that grows below it. */
export const StoredMessages = memo(function StoredMessages({
  way,
  models,
  idle,
  onPlace,
  onVersion,
  onAskAgain,
}: Props) {
  return way.map(({ turn: { question, answers }, versions }) => {
    const again = (change: { content?: string; modelId?: string }) =>
      onAskAgain({ question, content: question.content, quotes: quotesOf(question), ...change });
    return [
      <Question
        key={question.id}
        id={question.id}
        content={question.content}
        quotes={quotesOf(question)}
        versions={versions}
        onVersion={(id) => onVersion(versions, id)}
        onEdit={idle ? (content) => again({ content }) : undefined}
        onPlace={onPlace}
      />,
      ...answers.map((message) => (
        <StoredAnswer
          key={message.id}
          message={message}
          models={models}
          onAskAgain={idle ? (modelId) => again({ ...(modelId && { modelId }) }) : undefined}
        />
      )),
    ];
  });
});
