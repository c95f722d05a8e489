import type { Message } from '../../api/types';
import { shorten } from '../../domain/codePoints';
import { colourClass } from '../../domain/colours';
import type { Quote } from '../../state/drafts';
import { useKnownColour } from '../../state/queries';
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
    <div className="me" role="group" aria-label="Your question">
      {quotes.map((quote) => (
        <QuoteButton key={quote.id} quote={quote} onPlace={onPlace} />
      ))}
      <p>{content}</p>
    </div>
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
