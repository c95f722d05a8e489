import { ChevronDown } from 'lucide-react';
import type { Model } from '../../api/types';
import { Popover } from '../../ui/Popover';

interface Props {
  models: readonly Model[];
  chosen: Model | undefined;
  onChoose: (id: string) => void;
}

/** Which model answers. Those that cannot be asked are shown with the reason. */
export function ModelPicker({ models, chosen, onChoose }: Props) {
  const name = chosen?.display_name ?? 'No model';
  return (
    <Popover
      label={`Model: ${name}`}
      side="above"
      triggerClass="pill"
      trigger={
        <>
          <span>{name}</span> <ChevronDown aria-hidden />
        </>
      }
    >
      {(close) => (
        <fieldset className="models">
          <legend>Model</legend>
          {models.length === 0 && <p className="hint">This server knows no model.</p>}
          {models.map((model) => (
            <label key={model.id} className="model" data-unavailable={!model.available}>
              <input
                type="radio"
                name="model"
                disabled={!model.available}
                checked={model.id === chosen?.id}
                onChange={() => onChoose(model.id)}
                onClick={(event) => event.detail > 0 && close()}
              />
              <span>
                <span className="model-name">{model.display_name}</span>
                <small>
                  {model.available
                    ? `${model.provider} · ${Math.round(model.max_context_tokens / 1000)}k tokens of context`
                    : (model.unavailable_reason ?? 'Cannot be asked at the moment')}
                </small>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </Popover>
  );
}
