import { NotebookPen, Quote, Trash2 } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { COLOURS, type Colour } from '../../domain/colours';
import { Button, IconButton } from '../../ui/Button';

interface Props {
  rectOf: () => DOMRect | undefined;
  scroller: RefObject<HTMLElement | null>;
  /** The colour it has, when it is a highlight already. */
  current: Colour | undefined;
  canQuote: boolean;
  problem: string | undefined;
  /** How many highlights it would make: one in each part it reaches into. */
  count: number;
  onColour: (colour: Colour) => Promise<void>;
  onNote: () => void;
  onQuote: () => void;
  onDelete?: () => void;
}

const GAP = 10;

/**
 * What can be done with the selected passage. Beside it with a mouse; at the bottom edge under a
 * finger, where it does not fight the system's own menu (the style sheet decides).
 */
export function Toolbar({
  rectOf,
  scroller,
  current,
  canQuote,
  problem,
  count,
  onColour,
  onNote,
  onQuote,
  onDelete,
}: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const placeNow = () => {
    const rect = rectOf();
    if (rect && bar.current && scroller.current) place(bar.current, rect, scroller.current);
  };
  useLayoutEffect(placeNow);
  useEffect(() => {
    const element = scroller.current;
    element?.addEventListener('scroll', placeNow, { passive: true });
    addEventListener('resize', placeNow);
    return () => {
      element?.removeEventListener('scroll', placeNow);
      removeEventListener('resize', placeNow);
    };
  });
  return (
    <div
      ref={bar}
      className="toolbar"
      role="toolbar"
      aria-label={current ? 'Highlight' : 'Selected passage'}
      // Keeps the selection while a button is pressed.
      onPointerDown={(event) => event.preventDefault()}
    >
      {problem ? (
        <span className="fine">{problem}</span>
      ) : (
        <>
          {COLOURS.map((colour) => (
            <button
              key={colour}
              type="button"
              className={`swatch hl-${colour}`}
              aria-label={current ? `Change to ${colour}` : `Highlight in ${colour}`}
              title={colour}
              aria-pressed={current === colour}
              onClick={() => void onColour(colour)}
            />
          ))}
          <span className="rule" aria-hidden />
          {count > 1 && (
            <span className="fine" title="Each part it reaches into gets a highlight of its own">
              {count} highlights
            </span>
          )}
          <Button onClick={onNote}>
            <NotebookPen aria-hidden /> Note
          </Button>
          {canQuote && (
            <Button className="strong" onClick={onQuote}>
              <Quote aria-hidden /> Quote to chat
            </Button>
          )}
          {onDelete && (
            <IconButton label="Delete highlight" onClick={onDelete}>
              <Trash2 />
            </IconButton>
          )}
        </>
      )}
    </div>
  );
}

function place(bar: HTMLElement, rect: DOMRect, scroller: HTMLElement): void {
  const area = scroller.getBoundingClientRect();
  const above = rect.top - bar.offsetHeight - GAP;
  const top =
    above > area.top + GAP
      ? above
      : Math.min(rect.bottom + GAP, area.bottom - bar.offsetHeight - GAP);
  const middle = rect.left + rect.width / 2 - bar.offsetWidth / 2;
  const left = Math.min(Math.max(area.left + GAP, middle), area.right - bar.offsetWidth - GAP);
  bar.style.setProperty('--x', `${Math.round(left)}px`);
  bar.style.setProperty('--y', `${Math.round(Math.max(area.top + GAP, top))}px`);
}
