import type { Tested } from '../../api/types';

export function Outcome({ told }: { told: Tested }) {
  return (
    <p className="outcome" data-result={told.result} role="status">
      {told.message}
    </p>
  );
}
