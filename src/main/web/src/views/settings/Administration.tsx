import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { calls } from '../../api/calls';
import { asApiError, type ApiError } from '../../api/errors';
import type { AdminModel, ModelChange, ProviderHealth, Standing } from '../../api/types';
import { ago } from '../../domain/time';
import { useAllModels, useProviders } from '../../state/queries';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { DialogActions } from '../../ui/DialogActions';
import { ErrorNote } from '../../ui/ErrorNote';
import { Field } from '../../ui/Field';
import { PROVIDERS } from '../chat/AnswerDetails';
import { useRefresh } from './useRefresh';

/** What an administrator decides for everybody: which models there are, and how they fare. */
export function Administration() {
  return (
    <>
      <AllModels />
      <Health />
    </>
  );
}

function AllModels() {
  const models = useAllModels();
  const [editing, setEditing] = useState<AdminModel>();
  const [adding, setAdding] = useState(false);
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const shown = (models.data ?? []).filter((one) =>
    `${one.display_name} ${one.model_name} ${one.provider}`.toLowerCase().includes(wanted),
  );
  return (
    <section aria-labelledby="models-title" className="settings-section">
      <h2 id="models-title">Models of this server</h2>
      <p className="fine">For everybody here. Hidden models cannot be asked by anyone.</p>
      {models.isError && <ErrorNote error={models.error} onRetry={() => void models.refetch()} />}
      {models.isSuccess && (
        <>
          <div className="settings-tools">
            <input
              type="search"
              aria-label="Find a model"
              placeholder="Find a model"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
            <Button kind="outline" onClick={() => setAdding(true)}>
              <Plus aria-hidden /> Add a model
            </Button>
          </div>
          <ul className="settings-list model-list">
            {shown.map((model) => (
              <ModelRow
                key={model.id}
                model={model}
                fallback={models.data.find((one) => one.id === model.fallback_model_id)}
                onEdit={() => setEditing(model)}
              />
            ))}
          </ul>
          {shown.length === 0 && <p className="hint">No model goes by that.</p>}
        </>
      )}
      {editing && (
        <ModelDialog
          model={editing}
          all={models.data ?? []}
          onClose={() => setEditing(undefined)}
        />
      )}
      {adding && <NewModelDialog onClose={() => setAdding(false)} />}
    </section>
  );
}

const STATES: Record<Standing['state'], string> = {
  closed: 'Well',
  open: 'Not asked at the moment',
  half_open: 'Being tried again',
};

function Health() {
  const providers = useProviders();
  return (
    <section aria-labelledby="health-title" className="settings-section">
      <h2 id="health-title">How providers do</h2>
      <p className="fine">
        As this server saw them since it started; counts are of the last five minutes.
      </p>
      {providers.isError && (
        <ErrorNote error={providers.error} onRetry={() => void providers.refetch()} />
      )}
      {providers.data?.length === 0 && <p className="hint">Nobody has been asked yet.</p>}
      <ul className="settings-list">
        {providers.data?.map((one) => (
          <HealthRow key={one.standing.id} health={one} />
        ))}
      </ul>
    </section>
  );
}

function HealthRow({ health }: { health: ProviderHealth }) {
  const name = PROVIDERS[health.provider] ?? health.provider;
  return (
    <li className="settings-row">
      <div className="settings-main">
        <h3>
          {name}
          {health.own && ' (a reader’s own)'}
        </h3>
        {health.base_url && (
          <p className="fine">
            <code>{health.base_url}</code>
          </p>
        )}
        <StandingLine name={name} standing={health.standing} />
        {health.models
          .filter(({ standing }) => standing.state !== 'closed' || standing.failures > 0)
          .map(({ model_name, standing }) => (
            <StandingLine key={model_name} name={model_name} standing={standing} named />
          ))}
      </div>
    </li>
  );
}

function StandingLine({
  name,
  standing,
  named = false,
}: {
  name: string;
  standing: Standing;
  named?: boolean;
}) {
  const queries = useQueryClient();
  const { state, reason, attempts, failures, last_failure_at } = standing;
  const reset = async () => {
    try {
      await calls.resetProvider(standing.id);
      await queries.invalidateQueries({ queryKey: ['providers'] });
    } catch (thrown) {
      toast(asApiError(thrown).message);
    }
  };
  return (
    <p className="fine standing">
      <span>
        {named && `${name}: `}
        <span className="status" data-status={state === 'closed' ? 'valid' : 'invalid'}>
          {STATES[state]}
        </span>
        {` · ${attempts} asked, ${failures} failed`}
        {reason && ` · ${reason.replaceAll('_', ' ')}`}
        {last_failure_at && ` · last failure ${ago(last_failure_at).toLowerCase()}`}
      </span>
      {state !== 'closed' && (
        <Button kind="outline" aria-label={`Ask ${name} again`} onClick={() => void reset()}>
          Ask again
        </Button>
      )}
    </p>
  );
}

function ModelRow({
  model,
  fallback,
  onEdit,
}: {
  model: AdminModel;
  fallback: AdminModel | undefined;
  onEdit: () => void;
}) {
  const queries = useQueryClient();
  const refresh = useRefresh('all-models');
  const show = async (shown: boolean) => {
    queries.setQueryData<AdminModel[]>(['all-models'], (all) =>
      all?.map((one) => (one.id === model.id ? { ...one, hidden: !shown } : one)),
    );
    try {
      await calls.changeModel(model.id, { hidden: !shown });
    } catch (thrown) {
      toast(asApiError(thrown).message);
    }
    await refresh();
  };
  const facts = [
    PROVIDERS[model.provider] ?? model.provider,
    priceOf(model),
    fallback && `else ${fallback.display_name}`,
    model.switched_on ? undefined : 'provider switched off',
    model.added ? 'added here' : model.set.length > 0 ? 'changed here' : undefined,
  ];
  return (
    <li className="settings-row" data-hidden={model.hidden}>
      <label className="check settings-main">
        <input
          type="checkbox"
          aria-label={`${model.display_name} can be asked`}
          checked={!model.hidden}
          onChange={(event) => void show(event.target.checked)}
        />
        <span>
          <span className="model-name">{model.display_name}</span>
          <small className="fine">{facts.filter(Boolean).join(' · ')}</small>
        </span>
      </label>
      <Button aria-label={`Change ${model.display_name}`} onClick={onEdit}>
        Change
      </Button>
    </li>
  );
}

function ModelDialog({
  model,
  all,
  onClose,
}: {
  model: AdminModel;
  all: readonly AdminModel[];
  onClose: () => void;
}) {
  const refresh = useRefresh('all-models');
  const [error, setError] = useState<ApiError>();
  const save = async (change: ModelChange) => {
    try {
      await calls.changeModel(model.id, change);
      await refresh();
      onClose();
    } catch (thrown) {
      setError(asApiError(thrown));
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('display_name') ?? '').trim();
    const fallback = String(form.get('fallback') ?? '');
    void save({
      ...(name !== model.display_name && { display_name: name === '' ? null : name }),
      fallback_model_id: fallback === '' ? null : fallback,
    });
  };
  return (
    <Dialog title={model.display_name} onClose={onClose}>
      <form onSubmit={submit}>
        <p className="fine">
          <code>{model.model_name}</code> · {model.max_context_tokens.toLocaleString()} tokens of
          context, {model.max_output_tokens.toLocaleString()} of answer
        </p>
        <Field
          label="Name"
          name="display_name"
          maxLength={200}
          defaultValue={model.display_name}
          hint="Emptied, the catalogue’s own name holds again."
        />
        <div className="field">
          <label htmlFor="fallback">When it cannot answer, ask</label>
          <select id="fallback" name="fallback" defaultValue={model.fallback_model_id ?? ''}>
            <option value="">Nobody else</option>
            {all
              .filter((one) => one.id !== model.id && !one.hidden)
              .map((one) => (
                <option key={one.id} value={one.id}>
                  {one.display_name}
                </option>
              ))}
          </select>
        </div>
        {error && <ErrorNote error={error} />}
        <DialogActions label="Save" onCancel={onClose}>
          {model.set.length > 0 && !model.added && (
            <Button
              onClick={() =>
                void save({
                  display_name: null,
                  max_context_tokens: null,
                  max_output_tokens: null,
                  prices: null,
                })
              }
            >
              Back to the catalogue
            </Button>
          )}
          <span className="spring" />
        </DialogActions>
      </form>
    </Dialog>
  );
}

function NewModelDialog({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh('all-models');
  const [error, setError] = useState<ApiError>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    try {
      await calls.addModel({
        provider: text('provider') as 'openai',
        model_name: text('model_name'),
        ...(text('display_name') !== '' && { display_name: text('display_name') }),
        max_context_tokens: Number(text('context')),
        max_output_tokens: Number(text('output')),
      });
      await refresh();
      onClose();
    } catch (thrown) {
      setError(asApiError(thrown));
    }
  };
  return (
    <Dialog title="Add a model" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <div className="field">
          <label htmlFor="provider">Provider</label>
          <select id="provider" name="provider">
            {['openai', 'anthropic', 'gemini'].map((one) => (
              <option key={one} value={one}>
                {PROVIDERS[one]}
              </option>
            ))}
          </select>
        </div>
        <Field label="Name at the provider" name="model_name" required maxLength={200} />
        <Field label="Name shown" name="display_name" maxLength={200} />
        <Field label="Tokens of context" name="context" type="number" min={1} required />
        <Field label="Tokens of answer" name="output" type="number" min={1} required />
        {error && <ErrorNote error={error} />}
        <DialogActions label="Add" onCancel={onClose} />
      </form>
    </Dialog>
  );
}

function priceOf({ prices: [first] }: AdminModel): string | undefined {
  if (first?.input == null || first.output == null) return undefined;
  return `$${first.input} in, $${first.output} out per million`;
}
