import { History, SquarePen, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { calls } from '../../api/calls';
import { asApiError } from '../../api/errors';
import type { Conversation } from '../../api/types';
import { ago } from '../../domain/time';
import { useApp } from '../../state/app';
import { useConversation, useConversations } from '../../state/queries';
import { toast } from '../../state/toasts';
import { Button, IconButton } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { Popover } from '../../ui/Popover';

interface Props {
  conversationId: string | undefined;
  onNew: () => void;
  onOpen: (id: string) => void;
  onDeleted: () => void;
  onRename: (id: string, title: string) => Promise<Conversation>;
}

export function ChatHeader({ conversationId, onNew, onOpen, onDeleted, onRename }: Props) {
  const { queries } = useApp();
  const conversation = useConversation(conversationId).data;
  const [deleting, setDeleting] = useState(false);
  return (
    <header className="chat-head">
      {conversation ? (
        <Title key={conversation.id} conversation={conversation} onRename={onRename} />
      ) : (
        <h2>{conversationId === undefined ? 'New chat' : 'Chat'}</h2>
      )}
      {conversation && (
        <IconButton label="Delete this chat" onClick={() => setDeleting(true)}>
          <Trash2 />
        </IconButton>
      )}
      <IconButton label="New chat" onClick={onNew}>
        <SquarePen />
      </IconButton>
      <Popover label="Earlier chats" trigger={<History />}>
        {(close) => (
          <Earlier
            current={conversationId}
            onOpen={(id) => {
              close();
              onOpen(id);
            }}
          />
        )}
      </Popover>
      {deleting && conversation && (
        <Confirm
          title="Delete this chat?"
          text="Its questions and answers go. Your highlights stay."
          action="Delete"
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await calls.deleteConversation(conversation.id);
            queries.removeQueries({ queryKey: ['messages', conversation.id] });
            void queries.invalidateQueries({ queryKey: ['conversations'] });
            void queries.invalidateQueries({ queryKey: ['linked'] });
            onDeleted();
          }}
        />
      )}
    </header>
  );
}

/** The title, which a click turns into a field. Enter keeps the new one, Escape the old one. */
function Title({
  conversation,
  onRename,
}: {
  conversation: Conversation;
  onRename: Props['onRename'];
}) {
  const { queries } = useApp();
  const [editing, setEditing] = useState(false);
  const title = conversation.title ?? 'New chat';
  const keep = async (text: string) => {
    setEditing(false);
    if (text.trim() === '' || text.trim() === conversation.title) return;
    try {
      const renamed = await onRename(conversation.id, text.trim());
      queries.setQueryData(['conversation', conversation.id], renamed);
      void queries.invalidateQueries({ queryKey: ['conversations'] });
    } catch (thrown) {
      toast(asApiError(thrown).message);
    }
  };
  if (!editing) {
    return (
      <h2>
        <Button className="chat-name" title="Rename" onClick={() => setEditing(true)}>
          {title}
        </Button>
      </h2>
    );
  }
  return (
    <input
      className="chat-name-field"
      aria-label="Title of this chat"
      defaultValue={conversation.title ?? ''}
      maxLength={200}
      autoFocus
      onFocus={(event) => event.target.select()}
      onBlur={(event) => void keep(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.currentTarget.blur();
        if (event.key === 'Escape') {
          event.currentTarget.value = conversation.title ?? '';
          event.currentTarget.blur();
        }
      }}
    />
  );
}

function Earlier({
  current,
  onOpen,
}: {
  current: string | undefined;
  onOpen: (id: string) => void;
}) {
  const list = useConversations();
  const all = list.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <div className="earlier">
      {list.isSuccess && all.length === 0 && (
        <p className="hint">No chats yet. Ask something below.</p>
      )}
      <ul>
        {all.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className="row chat-row"
              aria-current={one.id === current || undefined}
              onClick={() => onOpen(one.id)}
            >
              <span className="chat-title">{one.title ?? 'New chat'}</span>
              <small>{ago(one.updated_at)}</small>
            </button>
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Button onClick={() => void list.fetchNextPage()}>Show more</Button>}
    </div>
  );
}
