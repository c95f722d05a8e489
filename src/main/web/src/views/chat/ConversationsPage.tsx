import { useCallback } from 'react';
import { NavLink, useNavigate, useParams } from 'react-router';
import { ago } from '../../domain/time';
import { useConversation, useConversations } from '../../state/queries';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { placeLink } from '../../domain/place';
import { SiteTabs } from '../shell/SiteTabs';
import { TopBar } from '../shell/TopBar';
import { useTitle } from '../shell/useTitle';
import { ChatPane } from './ChatPane';

/** All conversations, and one of them over the whole width. */
export function ConversationsPage() {
  const { conversationId } = useParams();
  const navigate = useNavigate();
  const list = useConversations();
  const title = useConversation(conversationId).data?.title;
  useTitle(conversationId === undefined ? 'Conversations' : (title ?? 'New chat'));
  const all = list.data?.pages.flatMap((page) => page.data) ?? [];
  const open = useCallback(
    (id: string | undefined) =>
      void navigate(id === undefined ? '/conversations' : `/conversations/${id}`, {
        replace: true,
      }),
    [navigate],
  );

  return (
    <div className="app conversations" data-open={conversationId !== undefined}>
      <TopBar />
      <nav className="side" aria-label="Conversations">
        <h2 className="cap">Conversations</h2>
        {list.isError && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && all.length === 0 && (
          <p className="hint">None yet. Ask something, or quote a passage while you read.</p>
        )}
        <ul>
          {all.map((one) => (
            <li key={one.id}>
              <NavLink to={`/conversations/${one.id}`} className="row chat-row">
                <span className="chat-title">{one.title ?? 'New chat'}</span>
                <small>
                  {ago(one.updated_at)},{' '}
                  {one.message_count === 1 ? '1 message' : `${one.message_count} messages`}
                </small>
              </NavLink>
            </li>
          ))}
        </ul>
        {list.hasNextPage && <Button onClick={() => void list.fetchNextPage()}>Show more</Button>}
      </nav>
      <main className="chat" aria-label="Conversation">
        <h1 className="visually-hidden">{title ?? 'New chat'}</h1>
        <ChatPane
          conversationId={conversationId}
          focusComposer={0}
          placeholder="Ask a question"
          onConversation={open}
          onPlace={(place) => void navigate(placeLink(place, conversationId))}
        />
      </main>
      <SiteTabs current="chat" />
    </div>
  );
}
