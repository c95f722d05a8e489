import { ChevronDown } from 'lucide-react';
import { Link } from 'react-router';
import type { KeyMode, Model } from '../../api/types';
import { setPreference } from '../../state/preferences';
import { Popover } from '../../ui/Popover';
import { PROVIDERS } from './AnswerDetails';
import { keyModeFor } from './models';

interface Props {
  models: readonly Model[];
  chosen: Model | undefined;
  keyMode: KeyMode;
  onChoose: (id: string) => void;
}

const KEY_MODES: Record<KeyMode, string> = {
  auto: 'Your key if there is one, else the server’s',
  byok_only: 'Your key only',
  platform_only: 'The server’s key only',
};

/** Which model answers, and with whose key. Those that cannot be asked are shown with the reason. */
export function ModelPicker({ models, chosen, keyMode, onChoose }: Props) {
  const name = chosen?.display_name ?? 'No model';
  const ready = models.filter((model) => model.available);
  const others = models.filter((model) => !model.available);
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
        <div className="model-picker">
          <fieldset className="models">
            <legend>Model</legend>
            {models.length === 0 && <p className="hint">This server knows no model.</p>}
            {ready.map((model) => (
              <label key={model.id} className="model">
                <input
                  type="radio"
                  name="model"
                  checked={model.id === chosen?.id}
                  onChange={() => onChoose(model.id)}
                  onClick={(event) => event.detail > 0 && close()}
                />
                <span>
                  <span className="model-name">{model.display_name}</span>
                  <small>{[source(model), size(model)].join(' · ')}</small>
                </span>
              </label>
            ))}
          </fieldset>
          {chosen && chosen.key_modes.length > 1 && (
            <details className="advanced">
              <summary>Whose key pays</summary>
              {chosen.key_modes.map((mode) => (
                <label key={mode} className="check">
                  <input
                    type="radio"
                    name="key-mode"
                    checked={keyModeFor(chosen, keyMode) === mode}
                    onChange={() => setPreference('keyMode', mode)}
                  />
                  <span>{KEY_MODES[mode]}</span>
                </label>
              ))}
            </details>
          )}
          {others.length > 0 && (
            <details className="advanced" open={ready.length === 0}>
              <summary>
                {others.length === 1
                  ? '1 more needs something first'
                  : `${others.length} more need something first`}
              </summary>
              <ul>
                {others.map((model) => (
                  <li key={model.id} className="model" data-unavailable>
                    <span>
                      <span className="model-name">{model.display_name}</span>
                      <small>{model.unavailable_reason ?? 'Cannot be asked at the moment.'}</small>
                    </span>
                  </li>
                ))}
              </ul>
            </details>
          )}
          <Link to="/settings" className="models-link">
            Models and keys
          </Link>
        </div>
      )}
    </Popover>
  );
}

function source(model: Model): string {
  return model.connection?.name ?? PROVIDERS[model.provider] ?? model.provider;
}

function size({ max_context_tokens }: Model): string {
  return max_context_tokens >= 1_000_000
    ? `${+(max_context_tokens / 1_000_000).toFixed(1)}M tokens of context`
    : `${Math.round(max_context_tokens / 1_000)}k tokens of context`;
}
