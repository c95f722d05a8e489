import { useEffect, useId, useRef, useState, type ReactNode } from 'react';

interface Props {
  /** What the button does, for its accessible name; the visible content may be a picture. */
  label: string;
  trigger: ReactNode;
  triggerClass?: string;
  disabled?: boolean;
  /** Where the panel opens, seen from the button. */
  side?: 'below' | 'above';
  children: (close: () => void) => ReactNode;
}

const GAP = 6;

/** A button and the panel it opens, on the browser's popover: light dismissal and Escape are its own. */
export function Popover({
  label,
  trigger,
  triggerClass = 'icon-button',
  disabled,
  side = 'below',
  children,
}: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    const element = panel.current!;
    const onToggle = (event: Event) => setOpen((event as ToggleEvent).newState === 'open');
    element.addEventListener('toggle', onToggle);
    return () => element.removeEventListener('toggle', onToggle);
  }, []);

  useEffect(() => {
    if (!open) return;
    place(panel.current!, button.current!.getBoundingClientRect(), side);
    const first = panel.current!.querySelector<HTMLElement>(
      '[autofocus], input:checked, a, button, input',
    );
    first?.focus();
  }, [open, side]);

  const close = () => panel.current?.hidePopover?.();
  return (
    <>
      <button
        ref={button}
        type="button"
        className={triggerClass}
        aria-label={label}
        title={label}
        aria-expanded={open}
        aria-haspopup="dialog"
        disabled={disabled}
        popoverTarget={id}
      >
        {trigger}
      </button>
      <div ref={panel} id={id} popover="auto" className="popover" role="dialog" aria-label={label}>
        {open && children(close)}
      </div>
    </>
  );
}

function place(panel: HTMLElement, anchor: DOMRect, side: 'below' | 'above'): void {
  const { offsetWidth, offsetHeight } = panel;
  const left = Math.min(Math.max(GAP, anchor.right - offsetWidth), innerWidth - offsetWidth - GAP);
  const roomBelow = innerHeight - anchor.bottom;
  const above = side === 'above' ? anchor.top > offsetHeight + GAP : roomBelow < offsetHeight + GAP;
  const top = above ? anchor.top - offsetHeight - GAP : anchor.bottom + GAP;
  panel.style.left = `${side === 'above' ? Math.max(GAP, Math.min(anchor.left, innerWidth - offsetWidth - GAP)) : left}px`;
  panel.style.top = `${Math.max(GAP, Math.min(top, innerHeight - offsetHeight - GAP))}px`;
}
