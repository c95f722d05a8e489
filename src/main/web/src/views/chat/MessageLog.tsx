import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { ArrowDown } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Message, Model, Page } from '../../api/types';
import type { Answer } from '../../state/answers';
import { choose, wayThrough } from '../../domain/versions';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import type { Place } from '../../domain/place';
import { GrowingAnswer } from './GrowingAnswer';
import { Question } from './Question';
import { StoredMessages, type AskedAgain } from './StoredMessages';

interface Props {
  conversationId: string | undefined;
  messages: UseInfiniteQueryResult<InfiniteData<Page<Message>>>;
  models: readonly Model[];
  answer: Answer | undefined;
  onPlace: (place: Place & { media_id: string }) => void;
  onRetry: () => void;
  onEdit: () => void;
  onAskAgain: (asked: AskedAgain) => void;
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

  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const stored = useMemo(() => flatten(messages.data), [messages.data]);
  const growing = answer?.assistantMessageId;
  const asked = answer?.question ? answer.userMessageId : undefined;
  const replaced = answer?.question?.replaces;
  const way = useMemo(() => {
    const all = stored.filter((one) => one.id !== growing && one.id !== asked);
    const whole = wayThrough(all, chosen);
    // A turn asked anew makes room at once, and what went on from it goes with it.
    const from = whole.findIndex(({ turn }) => turn.question.id === replaced);
    return from < 0 ? whole : whole.slice(0, from);
  }, [stored, growing, asked, replaced, chosen]);
  const onVersion = useCallback(
    (versions: readonly string[], id: string) => setChosen((old) => choose(old, versions, id)),
    [],
  );
  // A new question goes on from the newest version, so that is what is shown with it.
  useEffect(() => setChosen(new Set()), [conversationId, answer?.key]);
  const aside = chosen.size > 0 && way.some(({ turn }) => chosen.has(turn.question.id));

  useLayoutEffect(() => {
    atEnd.current = true;
  }, [conversationId, answer?.key]);
  useLayoutEffect(() => {
    const frame = log.current!;
    const keepPlace = () => {
      if (atEnd.current) frame.scrollTop = frame.scrollHeight;
    };
    const observer = new ResizeObserver(keepPlace);
    observer.observe(frame);
    observer.observe(content.current!);
    return () => observer.disconnect();
  }, []);

  // Earlier messages come in above what is being read, which stays where it is.
  const fromEnd = useRef(0);
  const oldest = stored[0]?.id;
  useLayoutEffect(() => {
    if (!atEnd.current) log.current!.scrollTop = log.current!.scrollHeight - fromEnd.current;
  }, [oldest]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = messages;
  const earlier = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!hasNextPage || isFetchingNextPage || messages.isError) return;
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && void fetchNextPage(),
      { root: log.current, rootMargin: '400px 0px 0px' },
    );
    observer.observe(earlier.current!);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage, messages.isError, oldest]);

  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = log.current!;
    fromEnd.current = scrollHeight - scrollTop;
    atEnd.current = scrollHeight - scrollTop - clientHeight < AT_END;
    setAway(!atEnd.current);
  };
  const toEnd = () => log.current!.scrollTo({ top: log.current!.scrollHeight });
  const empty =
    way.length === 0 &&
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
            <div ref={earlier} className="earlier-messages">
              {messages.isFetchingNextPage && <span className="fine">Earlier messages…</span>}
            </div>
          )}
          {conversationId !== undefined && messages.isPending && (
            <div className="skeleton" aria-hidden>
              <i />
              <i />
            </div>
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
            way={way}
            models={models}
            idle={answer === undefined}
            onPlace={onPlace}
            onVersion={onVersion}
            onAskAgain={props.onAskAgain}
          />
          {aside && (
            <p className="aside-note" role="note">
              You are looking at an earlier version. New questions go on from the newest.
              <Button kind="outline" onClick={() => setChosen(new Set())}>
                Show the newest
              </Button>
            </p>
          )}
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
