import type { Message } from '../../api/types';
import { shorten } from '../../domain/codePoints';
import type { Quote } from '../../state/drafts';
import type { Place } from '../reading/place';

interface Props {
  content: string;
  quotes: readonly Quote[];
  onPlace: (place: Place & { media_id: string }) => void;
}

/** A quoted passage is shown up to this length; the click leads to the whole. */
const SHOWN = 220;

export function Question({ content, quotes, onPlace }: Props) {
  return (
    <section className="me" aria-label="Your question">
      {quotes.map((quote) => (
        <button
          key={quote.id}
          type="button"
          className={`quote hl-edge-${quote.color}`}
          title="Show in the document"
          onClick={() => onPlace(quote)}
        >
          {shorten(quote.text, SHOWN)}
        </button>
      ))}
      <p>{content}</p>
    </section>
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
        color: 'yellow',
        media_id,
        fragment_id,
        start_offset,
        end_offset,
      },
    ];
  });
}
