import { useSession } from '../../state/queries';
import { SiteTabs } from '../shell/SiteTabs';
import { TopBar } from '../shell/TopBar';
import { useTitle } from '../shell/useTitle';
import { Administration } from './Administration';
import { Connections } from './Connections';
import { Keys } from './Keys';
import { StandIns } from './StandIns';

/** Which models can be asked, and with what. */
export function SettingsPage() {
  useTitle('Models and keys');
  const user = useSession().data?.user;
  return (
    <div className="app">
      <TopBar />
      <main className="page" tabIndex={-1}>
        <div className="settings">
          <h1>Models and keys</h1>
          <p className="lead">
            Reading works without any of this. To ask a model, use a key of your own, a server of
            your own, or what this server offers.
          </p>
          <Keys />
          <Connections />
          <StandIns />
          {user?.is_admin && <Administration />}
        </div>
      </main>
      <SiteTabs current="settings" />
    </div>
  );
}
