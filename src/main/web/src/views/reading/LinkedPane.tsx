import { NotebookPen, Quote, Trash2 } from 'lucide-react';
import type { Highlight } from '../../api/types';
import { shorten } from '../../domain/codePoints';
import { ago } from '../../domain/time';
import type { Heading } from '../../reader/paper';
import { useLinkedConversations } from '../../state/queries';
import { IconButton } from '../../ui/Button';

interface Props {
  mediaId: string;
  headings: Heading[];
  currentHeading: Heading | undefined;
  highlights: Highlight[];
  activeId: string | undefined;
  conversationId: string | undefined;
  onHeading: (heading: Heading) => void;
  onHighlight: (highlight: Highlight) => void;
  onQuote: (highlight: Highlight) => void;
  onNote: (highlight: Highlight) => void;
  onDelete: (highlight: Highlight) => void;
  onConversation: (id: string) => void;
}

/** What hangs on this document: its outline, the passages marked in it, the chats that quote it. */
export function LinkedPane(props: Props) {
  return (
    <>
      {props.headings.length > 1 && <Outline {...props} />}
      <Highlights {...props} />
      <Chats {...props} />
    </>
  );
}

function Outline({ headings, currentHeading, onHeading }: Props) {
  const top = Math.min(...headings.map((heading) => heading.level));
  return (
    <nav aria-labelledby="outline-title">
      <h2 className="cap" id="outline-title">
        On this page
      </h2>
      <ul>
        {headings.map((heading, i) => (
          <li key={i}>
            <button
              type="button"
              className={`row outline-row level-${heading.level - top}`}
              aria-current={heading.element === currentHeading?.element ? 'location' : undefined}
              onClick={() => onHeading(heading)}
            >
              {heading.text}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Highlights({ highlights, activeId, onHighlight, onQuote, onNote, onDelete }: Props) {
  return (
    <section aria-labelledby="highlights-title">
      <h2 className="cap" id="highlights-title">
        Highlights{highlights.length > 0 && ` · ${highlights.length}`}
      </h2>
      {highlights.length === 0 && (
        <p className="hint">Select a passage to mark it. It is then listed here.</p>
      )}
      <ul>
        {highlights.map((highlight) => (
          <li key={highlight.id} className="highlight-row" data-active={highlight.id === activeId}>
            <button type="button" className="row" onClick={() => onHighlight(highlight)}>
              <i className={`hl-${highlight.color}`} aria-hidden />
              <span>
                <span className="row-text">
                  {shorten(highlight.exact, 120)}
                </span>
                <small>
                  <span className="colour-name">{highlight.color}</span>
                  {' · '}
                  {highlight.annotation
                    ? shorten(highlight.annotation.body, 80)
                    : ago(highlight.created_at)}
                </small>
              </span>
            </button>
            <span className="row-actions">
              <IconButton label="Quote to chat" onClick={() => onQuote(highlight)}>
                <Quote />
              </IconButton>
              <IconButton
                label={highlight.annotation ? 'Edit note' : 'Add note'}
                onClick={() => onNote(highlight)}
              >
                <NotebookPen />
              </IconButton>
              <IconButton label="Delete highlight" onClick={() => onDelete(highlight)}>
                <Trash2 />
              </IconButton>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Chats({ mediaId, conversationId, onConversation }: Props) {
  const chats = useLinkedConversations(mediaId).data ?? [];
  return (
    <section aria-labelledby="chats-title">
      <h2 className="cap" id="chats-title">
        Chats that quote this{chats.length > 0 && ` · ${chats.length}`}
      </h2>
      {chats.length === 0 && (
        <p className="hint">Quote a passage to chat, and the chat is listed here.</p>
      )}
      <ul>
        {chats.map((chat) => (
          <li key={chat.id}>
            <button
              type="button"
              className="row chat-row"
              aria-current={chat.id === conversationId || undefined}
              onClick={() => onConversation(chat.id)}
            >
              <span className="chat-title">{chat.title ?? 'New chat'}</span>
              <small>
                {ago(chat.updated_at)},{' '}
                {chat.message_count === 1 ? '1 message' : `${chat.message_count} messages`}
              </small>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
