import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { ArrowDown } from 'lucide-react';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Message, Model, Page } from '../../api/types';
import type { Answer } from '../../state/answers';
import type { Quote } from '../../state/drafts';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import type { Place } from '../reading/place';
import { GrowingAnswer } from './GrowingAnswer';
import { Question } from './Question';
import { StoredMessages } from './StoredMessages';

interface Props {
  conversationId: string | undefined;
  messages: UseInfiniteQueryResult<InfiniteData<Page<Message>>>;
  models: readonly Model[];
  answer: Answer | undefined;
  onPlace: (place: Place & { media_id: string }) => void;
  onRetry: () => void;
  onEdit: () => void;
  onAskAgain: (question: { content: string; quotes: Quote[] }) => void;
  onEditStored: (question: { content: string; quotes: Quote[] }) => void;
}

/** Distance from the bottom, in pixels, within which new text keeps the log at its end. */
const AT_END = 48;

/** What was said. No live region: the text that grows is read when the reader goes there. */
export function MessageLog(props: Props) {
  const { conversationId, messages, models, answer, onPlace } = props;
  const log = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [away, setAway] = useState(false);

  const stored = useMemo(() => flatten(messages.data), [messages.data]);
  const growing = answer?.assistantMessageId;
  const asked = answer?.question ? answer.userMessageId : undefined;
  const shown = useMemo(
    () => stored.filter((one) => one.id !== growing && one.id !== asked),
    [stored, growing, asked],
  );

  useLayoutEffect(() => {
    atEnd.current = true;
  }, [conversationId, answer?.key]);
  useLayoutEffect(() => {
    const frame = log.current!;
    const keepAtEnd = () => {
      if (atEnd.current) frame.scrollTop = frame.scrollHeight;
    };
    const observer = new ResizeObserver(keepAtEnd);
    observer.observe(frame);
    observer.observe(content.current!);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = log.current!;
    atEnd.current = scrollHeight - scrollTop - clientHeight < AT_END;
    setAway(!atEnd.current);
  };
  const toEnd = () => log.current!.scrollTo({ top: log.current!.scrollHeight });
  const empty =
    shown.length === 0 &&
    answer === undefined &&
    !(conversationId !== undefined && messages.isPending);

  return (
    <div className="log-frame">
      <div
        ref={log}
        className="log"
        role="log"
        aria-live="off"
        aria-label="Messages"
        aria-busy={answer !== undefined && answer.phase !== 'failed'}
        tabIndex={0}
        onScroll={onScroll}
      >
        <div ref={content} className="log-content">
          {messages.hasNextPage && (
            <Button
              kind="outline"
              disabled={messages.isFetchingNextPage}
              onClick={() => void messages.fetchNextPage()}
            >
              Show earlier messages
            </Button>
          )}
          {conversationId !== undefined && messages.isError && (
            <ErrorNote error={messages.error} onRetry={() => void messages.refetch()} />
          )}
          {empty && !messages.isError && (
            <div className="empty small">
              <h3>Ask about what you read</h3>
              <p>
                Select a passage and quote it here, or simply ask. Passages you quote go along with
                the question.
              </p>
            </div>
          )}
          <StoredMessages
            messages={shown}
            models={models}
            idle={answer === undefined}
            onPlace={onPlace}
            onAskAgain={props.onAskAgain}
            onEdit={props.onEditStored}
          />
          {answer?.question && (
            <Question
              key={answer.key}
              content={answer.question.content}
              quotes={answer.question.quotes}
              onPlace={onPlace}
            />
          )}
          {answer && (
            <GrowingAnswer
              answer={answer}
              models={models}
              onRetry={props.onRetry}
              onEdit={props.onEdit}
            />
          )}
        </div>
      </div>
      {away && (
        <Button kind="outline" className="to-end" onClick={toEnd}>
          <ArrowDown aria-hidden /> Jump to latest
        </Button>
      )}
      <p className="visually-hidden" role="status">
        {statusOf(answer)}
      </p>
    </div>
  );
}

/** The pages, newest first as they came, as one list from the oldest; each message once. */
export function flatten(data: InfiniteData<Page<Message>> | undefined): Message[] {
  const byId = new Map<string, Message>();
  for (const page of [...(data?.pages ?? [])].reverse())
    for (const message of page.data) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

function statusOf(answer: Answer | undefined): string {
  switch (answer?.phase) {
    case undefined:
      return '';
    case 'sending':
      return 'Question sent';
    case 'growing':
      return answer.stopping ? 'Stopping' : 'Answer started';
    case 'reconnecting':
      return 'Connection lost, reconnecting';
    case 'failed':
      return 'The question could not be sent';
    case 'done':
      return answer.stopping ? 'Answer stopped' : 'Answer finished';
  }
}
