import { NotebookPen, Quote, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Highlight } from '../../api/types';
import { shorten } from '../../domain/codePoints';
import { ago } from '../../domain/time';
import type { Contents, OutlineEntry } from '../../domain/contents';
import { useLinkedConversations } from '../../state/queries';
import { IconButton } from '../../ui/Button';

interface Props {
  mediaId: string;
  contents: Contents;
  outline: readonly OutlineEntry[];
  /** The entry being read, -1 before the first. */
  current: number;
  /** What a part without a title is called. */
  unit: 'Page' | 'Chapter';
  highlights: Highlight[];
  activeId: string | undefined;
  conversationId: string | undefined;
  onEntry: (entry: OutlineEntry) => void;
  onHighlight: (highlight: Highlight) => void;
  onQuote: (highlight: Highlight) => void;
  onNote: (highlight: Highlight) => void;
  onDelete: (highlight: Highlight) => void;
  onConversation: (id: string) => void;
}

/** What a reader calls a part: its title, or its number. */
export function partName(contents: Contents, fragmentId: string, unit: Props['unit']): string {
  const part = contents.part(fragmentId);
  const own = unit === 'Chapter' ? part?.title : undefined;
  return own ?? `${unit} ${(part?.idx ?? 0) + 1}`;
}

/** What hangs on this document: its outline, the passages marked in it, the chats that quote it. */
export function LinkedPane(props: Props) {
  return (
    <>
      {props.outline.length > 1 && <Outline {...props} />}
      <Highlights {...props} />
      <Chats {...props} />
    </>
  );
}

function Outline({ contents, outline, current, onEntry }: Props) {
  const top = Math.min(...outline.map((entry) => entry.level));
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <nav aria-labelledby="outline-title">
      <h2 className="cap" id="outline-title">
        {contents.parts.length > 1 ? 'Contents' : 'On this page'}
      </h2>
      <ul ref={list} className="outline">
        {outline.map((entry, i) => (
          <li key={i}>
            <button
              type="button"
              className={`row outline-row level-${Math.min(3, entry.level - top)}`}
              aria-current={i === current ? 'location' : undefined}
              onClick={() => onEntry(entry)}
            >
              {entry.title}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Highlights(props: Props) {
  const { contents, highlights, unit } = props;
  const groups = grouped(highlights);
  return (
    <section aria-labelledby="highlights-title">
      <h2 className="cap" id="highlights-title">
        Highlights{highlights.length > 0 && ` · ${highlights.length}`}
      </h2>
      {highlights.length === 0 && (
        <p className="hint">Select a passage to mark it. It is then listed here.</p>
      )}
      {groups.map(({ fragmentId, own }) => {
        const name = partName(contents, fragmentId, unit);
        return (
          <div key={fragmentId} role="group" aria-label={name}>
            {contents.parts.length > 1 && <h3 className="group-title">{name}</h3>}
            <ul>
              {own.map((highlight) => (
                <HighlightRow key={highlight.id} highlight={highlight} {...props} />
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}

function HighlightRow({
  highlight,
  activeId,
  onHighlight,
  onQuote,
  onNote,
  onDelete,
}: Props & { highlight: Highlight }) {
  return (
    <li className="highlight-row" data-active={highlight.id === activeId}>
      <button type="button" className="row" onClick={() => onHighlight(highlight)}>
        <i className={`hl-${highlight.color}`} aria-hidden />
        <span>
          <span className="row-text">{shorten(highlight.exact, 120)}</span>
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
  );
}

/** The highlights, in reading order already, by the part they lie in. */
function grouped(highlights: readonly Highlight[]) {
  const groups: { fragmentId: string; own: Highlight[] }[] = [];
  for (const highlight of highlights) {
    if (groups.at(-1)?.fragmentId !== highlight.fragment_id)
      groups.push({ fragmentId: highlight.fragment_id, own: [] });
    groups.at(-1)!.own.push(highlight);
  }
  return groups;
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
