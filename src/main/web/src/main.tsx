import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/literata/wght.css';
import '@fontsource-variable/literata/wght-italic.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';
import './styles/shell.css';
import './styles/auth.css';
import './styles/library.css';
import './styles/reading.css';
import './styles/chat.css';
import './styles/settings.css';

import { createRoot } from 'react-dom/client';
import { onSignedOut } from './api/client';
import { createApp } from './state/app';
import { apply, preferences } from './state/preferences';
import { deleteOnLeave } from './state/removals';
import { Root } from './views/Root';

apply(preferences.get());
deleteOnLeave();

const app = createApp();
onSignedOut(() => void app.queries.invalidateQueries({ queryKey: ['session'] }));
createRoot(document.getElementById('root')!).render(<Root app={app} />);
