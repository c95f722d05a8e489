import { useState, type FormEvent } from 'react';
import { calls } from '../../api/calls';
import { asApiError, type ApiError } from '../../api/errors';
import type { Key, Tested } from '../../api/types';
import { ago } from '../../domain/time';
import { useKeys } from '../../state/queries';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { Dialog } from '../../ui/Dialog';
import { DialogActions } from '../../ui/DialogActions';
import { ErrorNote } from '../../ui/ErrorNote';
import { Field } from '../../ui/Field';
import { PROVIDERS } from '../chat/AnswerDetails';
import { Outcome } from './Outcome';
import { STATUSES } from './statuses';
import { useRefresh } from './useRefresh';

/** The providers a reader can have a key for, in the order they are shown. */
const WITH_KEYS = ['anthropic', 'openai', 'gemini'] as const;

type Provider = (typeof WITH_KEYS)[number];

/** The reader's own key for each provider. A key goes in and never comes out again. */
export function Keys() {
  const keys = useKeys();
  const [adding, setAdding] = useState<Provider>();
  return (
    <section aria-labelledby="keys-title" className="settings-section">
      <h2 id="keys-title">Your keys</h2>
      <p className="fine">
        Stored sealed, sent to the provider alone, and never shown again. Questions asked with your
        key are billed to you by the provider.
      </p>
      {keys.isError && <ErrorNote error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isPending && (
        <div className="skeleton" aria-hidden>
          <i />
          <i />
        </div>
      )}
      {keys.data && (
        <ul className="settings-list">
          {WITH_KEYS.map((provider) => (
            <KeyRow
              key={provider}
              provider={provider}
              held={keys.data.find((one) => one.provider === provider && one.status !== 'revoked')}
              onAdd={() => setAdding(provider)}
            />
          ))}
        </ul>
      )}
      {adding && <KeyDialog provider={adding} onClose={() => setAdding(undefined)} />}
    </section>
  );
}

function KeyRow({
  provider,
  held,
  onAdd,
}: {
  provider: Provider;
  held: Key | undefined;
  onAdd: () => void;
}) {
  const refresh = useRefresh('keys');
  const [told, setTold] = useState<Tested>();
  const [busy, setBusy] = useState(false);
  const [revoking, setRevoking] = useState(false);
  const test = async (key: Key) => {
    setBusy(true);
    setTold(undefined);
    try {
      setTold(await calls.testKey(key.id));
      await refresh();
    } catch (thrown) {
      setTold({ result: 'unproven', message: asApiError(thrown).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className="settings-row">
      <div className="settings-main">
        <h3>{PROVIDERS[provider]}</h3>
        {held ? (
          <p className="fine">
            <span className="status" data-status={held.status}>
              {STATUSES[held.status]}
            </span>
            {' · '}ends in <code>{held.key_fingerprint}</code>
            {held.last_tested_at && ` · tested ${ago(held.last_tested_at).toLowerCase()}`}
          </p>
        ) : (
          <p className="fine">No key</p>
        )}
        {told && <Outcome told={told} />}
      </div>
      <div className="settings-actions">
        {held && (
          <Button kind="outline" disabled={busy} onClick={() => void test(held)}>
            {busy ? 'Testing…' : 'Test'}
          </Button>
        )}
        <Button kind="outline" onClick={onAdd}>
          {held ? 'Replace' : 'Add key'}
        </Button>
        {held && (
          <Button kind="outline" onClick={() => setRevoking(true)}>
            Remove
          </Button>
        )}
      </div>
      {revoking && held && (
        <Confirm
          title="Remove this key?"
          text={`Your ${PROVIDERS[provider]} key is wiped from this server. It stays valid at the provider until you revoke it there.`}
          action="Remove"
          onClose={() => setRevoking(false)}
          onConfirm={async () => {
            await calls.revokeKey(held.id);
            setTold(undefined);
            await refresh();
          }}
        />
      )}
    </li>
  );
}

function KeyDialog({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const refresh = useRefresh('keys');
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = String(new FormData(event.currentTarget).get('key') ?? '').trim();
    setBusy(true);
    try {
      await calls.putKey(provider, key);
      await refresh();
      onClose();
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Key for ${PROVIDERS[provider]}`} onClose={onClose}>
      <form onSubmit={(event) => void save(event)}>
        <Field
          label="Key"
          name="key"
          type="password"
          required
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={4_096}
          hint="It replaces the one stored before, if there is one."
        />
        {error && <ErrorNote error={error} />}
        <DialogActions label="Save" disabled={busy} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
