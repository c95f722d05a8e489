import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { calls } from '../../api/calls';
import { asApiError, type ApiError } from '../../api/errors';
import type { Model } from '../../api/types';
import { useModels, useStandIns } from '../../state/queries';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { PROVIDERS } from '../chat/AnswerDetails';

/** As many as the server takes. */
const MOST = 3;

/** Who is asked, and in which order, when the chosen model does not answer. Each change is kept at once. */
export function StandIns() {
  const queries = useQueryClient();
  const named = useStandIns();
  const models = useModels().data ?? [];
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const picker = useId();
  const ids = named.data?.model_ids ?? [];
  const others = models.filter((model) => !ids.includes(model.id));
  const name = async (next: string[]) => {
    setBusy(true);
    setError(undefined);
    try {
      queries.setQueryData(['stand-ins'], await calls.nameStandIns(next));
    } catch (thrown) {
      setError(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-labelledby="stand-ins-title" className="settings-section">
      <h2 id="stand-ins-title">If a model does not answer</h2>
      <p className="fine">
        These are asked instead, in this order, as long as nothing of an answer has come. What you
        ask on the server’s key never moves to yours by this, nor the other way round; each answer
        says who gave it.
      </p>
      {named.isError && <ErrorNote error={named.error} onRetry={() => void named.refetch()} />}
      {ids.length > 0 && (
        <ol className="settings-list">
          {ids.map((id, place) => (
            <StandIn
              key={id}
              model={models.find((model) => model.id === id)}
              busy={busy}
              onEarlier={place > 0 ? () => void name(moved(ids, place)) : undefined}
              onRemove={() => void name(ids.filter((one) => one !== id))}
            />
          ))}
        </ol>
      )}
      {named.data && ids.length < MOST && (
        <div className="field">
          <label htmlFor={picker}>{ids.length === 0 ? 'Ask instead' : 'And then'}</label>
          <select
            id={picker}
            value=""
            disabled={busy}
            onChange={(event) => void name([...ids, event.target.value])}
          >
            <option value="">{ids.length === 0 ? 'Nobody' : 'Nobody else'}</option>
            {others.map((model) => (
              <option key={model.id} value={model.id}>
                {model.display_name} · {source(model)}
                {!model.available && ' (not at the moment)'}
              </option>
            ))}
          </select>
        </div>
      )}
      {error && <ErrorNote error={error} />}
    </section>
  );
}

function StandIn({
  model,
  busy,
  onEarlier,
  onRemove,
}: {
  model: Model | undefined;
  busy: boolean;
  onEarlier: (() => void) | undefined;
  onRemove: () => void;
}) {
  const name = model?.display_name ?? 'A model that is not offered any more';
  return (
    <li className="settings-row">
      <div className="settings-main">
        <h3>{name}</h3>
        {model && (
          <p className="fine">
            {source(model)}
            {model.unavailable_reason && ` · passed over: ${model.unavailable_reason}`}
          </p>
        )}
      </div>
      <div className="settings-actions">
        {onEarlier && (
          <Button
            kind="outline"
            disabled={busy}
            aria-label={`Ask ${name} earlier`}
            onClick={onEarlier}
          >
            Earlier
          </Button>
        )}
        <Button
          kind="outline"
          disabled={busy}
          aria-label={`Do not ask ${name} instead`}
          onClick={onRemove}
        >
          Remove
        </Button>
      </div>
    </li>
  );
}

/** One place nearer to the front. */
function moved(ids: readonly string[], place: number): string[] {
  const next = [...ids];
  next.splice(place - 1, 2, ids[place]!, ids[place - 1]!);
  return next;
}

function source(model: Model): string {
  return model.connection?.name ?? PROVIDERS[model.provider] ?? model.provider;
}
