import { Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { calls } from '../../api/calls';
import { asApiError, type ApiError } from '../../api/errors';
import type { Connection, Tested } from '../../api/types';
import { useConnections, useModels } from '../../state/queries';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { Dialog } from '../../ui/Dialog';
import { DialogActions } from '../../ui/DialogActions';
import { ErrorNote } from '../../ui/ErrorNote';
import { Field } from '../../ui/Field';
import { Outcome } from './Outcome';
import { STATUSES } from './statuses';
import { useRefresh } from './useRefresh';

/** The reader's own model servers: anything that speaks OpenAI's language. */
export function Connections() {
  const connections = useConnections();
  const [editing, setEditing] = useState<Connection | 'new'>();
  return (
    <section aria-labelledby="connections-title" className="settings-section">
      <h2 id="connections-title">Your own servers</h2>
      <p className="fine">
        Ollama, llama.cpp, LM Studio, vLLM, OpenRouter, or any other that speaks OpenAI’s language.
        Their models are listed for you alone.
      </p>
      {connections.isError && (
        <ErrorNote error={connections.error} onRetry={() => void connections.refetch()} />
      )}
      {connections.data && connections.data.length > 0 && (
        <ul className="settings-list">
          {connections.data.map((one) => (
            <ConnectionRow key={one.id} connection={one} onEdit={() => setEditing(one)} />
          ))}
        </ul>
      )}
      <Button kind="outline" onClick={() => setEditing('new')}>
        <Plus aria-hidden /> Add a server
      </Button>
      {editing !== undefined && (
        <ConnectionDialog
          connection={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </section>
  );
}

function ConnectionRow({ connection, onEdit }: { connection: Connection; onEdit: () => void }) {
  const refresh = useRefresh('connections');
  const models = (useModels().data ?? []).filter((one) => one.connection?.id === connection.id);
  const [told, setTold] = useState<Tested>();
  const [busy, setBusy] = useState(false);
  const [removing, setRemoving] = useState(false);
  const test = async () => {
    setBusy(true);
    setTold(undefined);
    try {
      setTold(await calls.testConnection(connection.id));
      await refresh();
    } catch (thrown) {
      setTold({ result: 'unproven', message: asApiError(thrown).message });
    } finally {
      setBusy(false);
    }
  };
  const count = connection.model_count;
  return (
    <li className="settings-row">
      <div className="settings-main">
        <h3>{connection.name}</h3>
        <p className="fine">
          <span className="status" data-status={connection.status}>
            {STATUSES[connection.status]}
          </span>
          {' · '}
          <code>{connection.base_url}</code>
        </p>
        {connection.problem && !told && <p className="media-failed">{connection.problem}</p>}
        {told && <Outcome told={told} />}
        {count > 0 && (
          <details>
            <summary>{count === 1 ? '1 model' : `${count} models`}</summary>
            <p className="fine">{models.map((model) => model.display_name).join(', ')}</p>
          </details>
        )}
      </div>
      <div className="settings-actions">
        <Button kind="outline" disabled={busy} onClick={() => void test()}>
          {busy ? 'Testing…' : 'Test'}
        </Button>
        <Button kind="outline" onClick={onEdit}>
          Change
        </Button>
        <Button kind="outline" onClick={() => setRemoving(true)}>
          Remove
        </Button>
      </div>
      {removing && (
        <Confirm
          title="Remove this server?"
          text={`“${connection.name}” goes, with its key and its models. What it answered stays.`}
          action="Remove"
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await calls.deleteConnection(connection.id);
            await refresh();
          }}
        />
      )}
    </li>
  );
}

function ConnectionDialog({
  connection,
  onClose,
}: {
  connection: Connection | undefined;
  onClose: () => void;
}) {
  const refresh = useRefresh('connections');
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const [name, base_url, api_key] = [text('name'), text('base_url'), text('api_key')];
    setBusy(true);
    try {
      if (connection)
        await calls.changeConnection(connection.id, {
          name,
          ...(base_url !== connection.base_url && { base_url }),
          ...(api_key !== '' && { api_key }),
        });
      else await calls.addConnection({ name, base_url, ...(api_key !== '' && { api_key }) });
      await refresh();
      onClose();
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title={connection ? 'Change the server' : 'Add a server'} onClose={onClose}>
      <form onSubmit={(event) => void save(event)}>
        <Field
          label="Name"
          name="name"
          required
          autoFocus
          maxLength={100}
          defaultValue={connection?.name ?? ''}
        />
        <Field
          label="Address"
          name="base_url"
          required
          maxLength={500}
          placeholder="https://host.example/v1"
          defaultValue={connection?.base_url ?? ''}
          hint="Up to and including the version. A stored key does not follow to another address."
        />
        <Field
          label="Key"
          name="api_key"
          type="password"
          autoComplete="off"
          maxLength={4_096}
          hint={
            connection?.key_fingerprint
              ? `Left empty, the one ending in ${connection.key_fingerprint} stays.`
              : 'Left empty, the server is asked without one.'
          }
        />
        {error && <ErrorNote error={error} />}
        <DialogActions label={busy ? 'Asking it for its models…' : 'Save'} disabled={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
