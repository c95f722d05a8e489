import { ChevronLeft, ChevronRight, Pencil } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import type { Message } from '../../api/types';
import { shorten } from '../../domain/codePoints';
import { colourClass } from '../../domain/colours';
import type { Place } from '../../domain/place';
import type { Quote } from '../../state/drafts';
import { useKnownColour } from '../../state/queries';
import { IconButton } from '../../ui/Button';
import { DialogActions } from '../../ui/DialogActions';

interface Props {
  content: string;
  quotes: readonly Quote[];
  /** Things other than passages that went along: whole documents, chats, messages. */
  others?: readonly string[];
  /** Ids of the questions that had this place, and which of them this is. */
  versions?: readonly string[];
  id?: string;
  onVersion?: (id: string) => void;
  /** Asks it anew in other words; absent while that is not possible. */
  onEdit?: ((content: string) => void) | undefined;
  onPlace: (place: Place & { media_id: string }) => void;
}

/** A quoted passage is shown up to this length; the click leads to the whole. */
const SHOWN = 220;

/** Longest question the server takes, in characters. */
const LONGEST_QUESTION = 20_000;

export function Question(props: Props) {
  const {
    content,
    quotes,
    others = [],
    versions = [],
    id = '',
    onVersion,
    onEdit,
    onPlace,
  } = props;
  const [editing, setEditing] = useState(false);
  return (
    <div className="my-turn">
      <div className="me" role="group" aria-label="Your question" data-editing={editing}>
        {quotes.map((quote) => (
          <QuoteButton key={quote.id} quote={quote} onPlace={onPlace} />
        ))}
        {others.map((text) => (
          <p key={text} className="fine">
            {text}
          </p>
        ))}
        {editing && onEdit ? (
          <Editor
            content={content}
            onCancel={() => setEditing(false)}
            onDone={(text) => {
              setEditing(false);
              onEdit(text);
            }}
          />
        ) : (
          <p>{content}</p>
        )}
      </div>
      {!editing && (onEdit || versions.length > 1) && (
        <p className="meta my-meta">
          {versions.length > 1 && onVersion && (
            <Versions versions={versions} current={id} onVersion={onVersion} />
          )}
          {onEdit && (
            <IconButton label="Edit and ask again" onClick={() => setEditing(true)}>
              <Pencil />
            </IconButton>
          )}
        </p>
      )}
    </div>
  );
}

function Versions({
  versions,
  current,
  onVersion,
}: {
  versions: readonly string[];
  current: string;
  onVersion: (id: string) => void;
}) {
  const index = versions.indexOf(current);
  const step = (by: number) => onVersion(versions[index + by]!);
  return (
    <span className="versions" role="group" aria-label="Versions of this turn">
      <IconButton label="Earlier version" disabled={index <= 0} onClick={() => step(-1)}>
        <ChevronLeft />
      </IconButton>
      <span>
        {index + 1} of {versions.length}
      </span>
      <IconButton
        label="Later version"
        disabled={index >= versions.length - 1}
        onClick={() => step(1)}
      >
        <ChevronRight />
      </IconButton>
    </span>
  );
}

function Editor({
  content,
  onDone,
  onCancel,
}: {
  content: string;
  onDone: (content: string) => void;
  onCancel: () => void;
}) {
  const [text, setText] = useState(content);
  const ready = text.trim() !== '';
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      onCancel();
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (ready) onDone(text.trim());
    }
  };
  return (
    <form
      className="edit-question"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onDone(text.trim());
      }}
    >
      <textarea
        aria-label="Your question, edited"
        autoFocus
        rows={2}
        maxLength={LONGEST_QUESTION}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onFocus={(event) => event.target.setSelectionRange(text.length, text.length)}
      />
      <DialogActions label="Ask again" disabled={!ready} onCancel={onCancel} />
    </form>
  );
}

/** A message keeps the words it quotes, not their colour: that is the highlight's, while there is one. */
function QuoteButton({ quote, onPlace }: { quote: Quote; onPlace: Props['onPlace'] }) {
  const colour = useKnownColour(quote.media_id, quote.id) ?? quote.color;
  return (
    <button
      type="button"
      className={`quote hl-edge-${colourClass(colour)}`}
      title="Show in the document"
      onClick={() => onPlace(quote)}
    >
      {shorten(quote.text, SHOWN)}
    </button>
  );
}

/** The passages a stored question quotes and that still have a place. */
export function quotesOf(message: Message): Quote[] {
  return message.contexts.flatMap((context) => {
    const { type, id, media_id, fragment_id, start_offset, end_offset } = context;
    if (type !== 'highlight' || media_id === null || fragment_id === null) return [];
    if (start_offset === null || end_offset === null) return [];
    return [
      {
        type,
        id,
        text: context.quoted_text,
        color: null,
        media_id,
        fragment_id,
        start_offset,
        end_offset,
      },
    ];
  });
}
