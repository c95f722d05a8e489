import { X } from 'lucide-react';
import { useStore } from '../state/store';
import { dismissToast, toasts } from '../state/toasts';
import { Button, IconButton } from './Button';

export function Toasts() {
  const all = useStore(toasts);
  return (
    <div className="toasts" role="status" aria-label="Notices">
      {all.map((one) => (
        <div key={one.id} className="toast">
          <span>{one.text}</span>
          {one.action ? (
            <Button onClick={one.action.run}>{one.action.label}</Button>
          ) : (
            <IconButton label="Dismiss" onClick={() => dismissToast(one.id)}>
              <X />
            </IconButton>
          )}
        </div>
      ))}
    </div>
  );
}
