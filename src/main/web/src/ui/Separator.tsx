import type { KeyboardEvent, PointerEvent } from 'react';
import { clamp } from '../state/preferences';

interface Props {
  label: string;
  value: number;
  min: number;
  max: number;
  /** Which way the pane grows when the separator moves right. */
  grows: 'right' | 'left';
  onChange: (value: number) => void;
}

const STEP = 16;

/** The line between two panes: dragged with a pointer, moved with the arrow keys. */
export function Separator({ label, value, min, max, grows, onChange }: Props) {
  const sign = grows === 'right' ? 1 : -1;
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault();
    const target = event.currentTarget;
    const from = event.clientX;
    target.setPointerCapture(event.pointerId);
    const move = (e: globalThis.PointerEvent) =>
      onChange(clamp(value + sign * (e.clientX - from), min, max));
    target.addEventListener('pointermove', move);
    target.addEventListener(
      'lostpointercapture',
      () => target.removeEventListener('pointermove', move),
      { once: true },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = {
      ArrowLeft: value - sign * STEP,
      ArrowRight: value + sign * STEP,
      Home: min,
      End: max,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChange(clamp(to, min, max));
  };
  return (
    <div
      className="separator"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
