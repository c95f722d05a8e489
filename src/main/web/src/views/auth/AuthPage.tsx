import { useState, type FormEvent } from 'react';
import { asApiError, type ApiError } from '../../api/errors';
import { session } from '../../api/session';
import type { Registration, User } from '../../api/types';
import { useApp } from '../../state/app';
import { signedIn } from '../../state/queries';
import { Button } from '../../ui/Button';
import { ErrorNote } from '../../ui/ErrorNote';
import { Field } from '../../ui/Field';
import { Mark } from '../shell/Mark';

type Mode = 'sign-in' | 'register';

/** Shortest password the server takes for a new account. */
const SHORTEST_PASSWORD = 10;

const WORDS = {
  first: {
    title: 'Welcome to Lectern',
    lead: 'Make the first account of this server. It is yours to run: this account administers it.',
    action: 'Make the account',
  },
  register: {
    title: 'Make an account',
    lead: 'Your library, notes and conversations stay on this server.',
    action: 'Make the account',
  },
  'sign-in': { title: 'Sign in', lead: 'Back to your books.', action: 'Sign in' },
} as const;

export function AuthPage({ registration }: { registration: Registration }) {
  const { queries } = useApp();
  const [mode, setMode] = useState<Mode>(registration === 'first' ? 'register' : 'sign-in');
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const words = WORDS[registration === 'first' ? 'first' : mode];

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const { user } = await enter(mode, new FormData(event.currentTarget));
      signedIn(queries, (old) => ({ ...old, user }));
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };

  return (
    <main className="auth">
      <div className="auth-card">
        <p className="brand">
          <Mark /> Lectern
        </p>
        <h1>{words.title}</h1>
        <p className="lead">{words.lead}</p>
        <form onSubmit={(event) => void submit(event)}>
          {mode === 'register' && (
            <Field label="Name" name="name" autoComplete="name" maxLength={100} hint="Optional" />
          )}
          <Field
            label="E-mail"
            name="email"
            type="email"
            autoComplete="username"
            required
            maxLength={254}
          />
          <Field
            key={mode}
            label="Password"
            name="password"
            type="password"
            required
            autoComplete={mode === 'register' ? 'new-password' : 'current-password'}
            {...(mode === 'register' && {
              minLength: SHORTEST_PASSWORD,
              hint: `At least ${SHORTEST_PASSWORD} characters. A short sentence works well.`,
            })}
          />
          {mode === 'register' && registration === 'invitation' && (
            <Field
              label="Invitation code"
              name="invitation_code"
              required
              maxLength={200}
              autoComplete="off"
            />
          )}
          {error && <ErrorNote error={error} />}
          <Button type="submit" kind="primary" className="wide" disabled={busy} aria-busy={busy}>
            {words.action}
          </Button>
        </form>
        <Switch
          registration={registration}
          mode={mode}
          onSwitch={(to) => (setMode(to), setError(undefined))}
        />
      </div>
    </main>
  );
}

function Switch({
  registration,
  mode,
  onSwitch,
}: {
  registration: Registration;
  mode: Mode;
  onSwitch: (to: Mode) => void;
}) {
  if (registration === 'first') return null;
  if (registration === 'closed') {
    return (
      <p className="fine">This server takes no new accounts. Its administrator can make you one.</p>
    );
  }
  return mode === 'sign-in' ? (
    <p className="fine">
      New here?{' '}
      <Button className="link" onClick={() => onSwitch('register')}>
        Make an account
      </Button>
    </p>
  ) : (
    <p className="fine">
      Have an account?{' '}
      <Button className="link" onClick={() => onSwitch('sign-in')}>
        Sign in
      </Button>
    </p>
  );
}

function enter(mode: Mode, form: FormData): Promise<{ user: User }> {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const account = { email: text('email'), password: String(form.get('password')) };
  if (mode === 'sign-in') return session.signIn(account);
  return session.register({
    ...account,
    ...(text('name') !== '' && { name: text('name') }),
    ...(text('invitation_code') !== '' && { invitation_code: text('invitation_code') }),
  });
}
