import { useCallback, useEffect, useState } from 'react';
import { calls } from '../../api/calls';
import type { Model } from '../../api/types';
import { newId } from '../../domain/ids';
import { answerFor, isRunning } from '../../state/answers';
import { useApp } from '../../state/app';
import { setDraft } from '../../state/drafts';
import { preferences } from '../../state/preferences';
import { useMessages, useModels } from '../../state/queries';
import { useStore } from '../../state/store';
import { toast } from '../../state/toasts';
import { useShortcuts } from '../../ui/shortcuts';
import type { Place } from '../../domain/place';
import { ChatHeader } from './ChatHeader';
import { Composer } from './Composer';
import { MessageLog } from './MessageLog';
import { chosenModel, keyModeFor } from './models';
import type { AskedAgain } from './StoredMessages';

interface Props {
  conversationId: string | undefined;
  /** Counts up each time the composer should take the focus. */
  focusComposer: number;
  placeholder: string;
  /** The pane moved to another conversation; undefined for a new one. */
  onConversation: (id: string | undefined) => void;
  onPlace: (place: Place & { media_id: string }) => void;
}

const NO_MODELS: Model[] = [];

/** One conversation: what was said, the answer that grows, and the next question. */
export function ChatPane({
  conversationId,
  focusComposer,
  placeholder,
  onConversation,
  onPlace,
}: Props) {
  const { answers } = useApp();
  const [newChat, setNewChat] = useState(newId);
  const [focus, setFocus] = useState(0);
  const models = useModels();
  const messages = useMessages(conversationId);
  const answer = useStore(answers.all, (all) => answerFor(all, newChat, conversationId));
  const slot = conversationId ?? 'new';
  const running = answer !== undefined && isRunning(answer);

  // A new conversation gets its address with the first word of the server.
  const begun = conversationId === undefined ? answer?.conversationId : undefined;
  useEffect(() => {
    if (begun !== undefined) onConversation(begun);
  }, [begun, onConversation]);

  // An answer that grew before this page was opened is watched from its beginning.
  const pending = messages.data?.pages[0]?.data.findLast((one) => one.status === 'pending');
  useEffect(() => {
    if (pending && !answer) answers.join(pending.conversation_id, pending.id);
  }, [pending, answer, answers]);

  const stop = useCallback(() => answer && answers.stop(answer.key), [answer, answers]);
  useShortcuts({ Escape: () => (running ? void stop() : false) });

  const askAgain = useCallback(
    ({ question, content, quotes, modelId }: AskedAgain) => {
      const all = models.data ?? [];
      const model = modelId === undefined ? chosenModel(all) : all.find(({ id }) => id === modelId);
      if (!model) return void toast('Choose a model first.');
      const keyMode = keyModeFor(model, preferences.get().keyMode);
      const asked = { content, quotes, modelId: model.id, keyMode, replaces: question.id };
      answers.send(newChat, conversationId, asked);
    },
    [answers, newChat, conversationId, models.data],
  );
  return (
    <>
      <ChatHeader
        conversationId={conversationId}
        onNew={() => {
          setNewChat(newId());
          onConversation(undefined);
          setFocus((count) => count + 1);
        }}
        onOpen={onConversation}
        onDeleted={() => onConversation(undefined)}
        onRename={(id, title) => calls.rename(id, title)}
      />
      <MessageLog
        conversationId={conversationId}
        messages={messages}
        models={models.data ?? NO_MODELS}
        answer={answer}
        onPlace={onPlace}
        onRetry={() => answer && answers.retry(answer.key)}
        onEdit={() => {
          const question = answer && answers.dismiss(answer.key);
          if (!question) return;
          setDraft(slot, () => ({ text: question.content, quotes: question.quotes }));
          setFocus((count) => count + 1);
        }}
        onAskAgain={askAgain}
      />
      <Composer
        slot={slot}
        running={running}
        stopping={answer?.stopping ?? false}
        blocked={answer?.phase === 'failed'}
        models={models}
        placeholder={placeholder}
        focus={focusComposer + focus}
        onSend={(question) => answers.send(newChat, conversationId, question)}
        onStop={() => void stop()}
      />
    </>
  );
}
