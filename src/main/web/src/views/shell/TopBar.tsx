import { CircleUserRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { session } from '../../api/session';
import { useApp } from '../../state/app';
import { useSession } from '../../state/queries';
import { drafts } from '../../state/drafts';
import { toast } from '../../state/toasts';
import { Button } from '../../ui/Button';
import { Popover } from '../../ui/Popover';
import { AppearancePanel, AppearanceIcon } from './AppearancePanel';
import { Mark } from './Mark';

/** The bar on every page: where you are, how it looks, who you are; pages add their own controls. */
export function TopBar({ children }: { children?: ReactNode }) {
  return (
    <header className="top">
      <NavLink to="/" className="brand" aria-label="Lectern, your library" end>
        <Mark /> <span className="hide-phone">Lectern</span>
      </NavLink>
      <nav className="top-nav hide-phone" aria-label="Main">
        <NavLink to="/" end>
          Library
        </NavLink>
        <NavLink to="/conversations">Conversations</NavLink>
      </nav>
      <span className="spring" />
      <Popover label="Appearance" trigger={<AppearanceIcon />}>
        {() => <AppearancePanel />}
      </Popover>
      {children}
      <Account />
    </header>
  );
}

function Account() {
  const { queries, answers } = useApp();
  const user = useSession().data?.user;
  const signOut = async () => {
    try {
      await session.signOut();
    } catch {
      toast('Signing out failed. Check that the server can be reached.');
      return;
    }
    answers.clear();
    drafts.set({});
    const next = await session
      .read()
      .catch(() => ({ user: null, registration: 'closed' as const }));
    queries.setQueryData(['session'], next);
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  };
  return (
    <Popover label="Account" trigger={<CircleUserRound />}>
      {(close) => (
        <div className="account">
          <p className="account-name">{user?.name ?? user?.email}</p>
          {user?.name && <p className="fine">{user.email}</p>}
          {user?.is_admin && <p className="fine">Administrator</p>}
          <NavLink to="/settings" className="row account-link" onClick={close}>
            Models and keys
          </NavLink>
          <Button kind="outline" className="wide" onClick={() => (close(), void signOut())}>
            Sign out
          </Button>
        </div>
      )}
    </Popover>
  );
}
