import { type ReactNode } from 'react';
import { Button } from './Button';

interface Props {
  /** What the button that submits says. */
  label: ReactNode;
  disabled?: boolean;
  onCancel: () => void;
  /** What stands before the two buttons. */
  children?: ReactNode;
}

/** How a form ends: what else there is to say, the way out, and the way on. */
export function DialogActions({ label, disabled = false, onCancel, children }: Props) {
  return (
    <div className="dialog-actions">
      {children}
      <Button kind="outline" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" kind="primary" disabled={disabled}>
        {label}
      </Button>
    </div>
  );
}
