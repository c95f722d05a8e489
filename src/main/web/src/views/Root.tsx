import { QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { AppProvider, type App } from '../state/app';
import { useSession } from '../state/queries';
import { ErrorNote } from '../ui/ErrorNote';
import { Toasts } from '../ui/Toasts';
import { AuthPage } from './auth/AuthPage';
import { ConversationsPage } from './chat/ConversationsPage';
import { LibraryPage } from './library/LibraryPage';
import { ReadingPage } from './reading/ReadingPage';
import { SettingsPage } from './settings/SettingsPage';
import { NotFoundPage } from './shell/NotFoundPage';

export function Root({ app }: { app: App }) {
  return (
    <AppProvider value={app}>
      <QueryClientProvider client={app.queries}>
        <BrowserRouter>
          <Gate />
        </BrowserRouter>
        <Toasts />
      </QueryClientProvider>
    </AppProvider>
  );
}

/** Nothing is shown before it is known who is reading. */
function Gate() {
  const session = useSession();
  if (session.isPending) return <main className="blank" aria-busy="true" aria-label="Lectern" />;
  if (session.isError) {
    return (
      <main className="blank">
        <h1 className="brand">Lectern</h1>
        <ErrorNote error={session.error} onRetry={() => void session.refetch()} />
      </main>
    );
  }
  if (session.data.user === null) return <AuthPage registration={session.data.registration} />;
  return (
    <Routes>
      <Route path="/" element={<LibraryPage />} />
      <Route path="/media/:mediaId" element={<ReadingPage />} />
      <Route path="/conversations" element={<ConversationsPage />} />
      <Route path="/conversations/:conversationId" element={<ConversationsPage />} />
      <Route path="/settings" element={<SettingsPage />} />
      <Route path="/login" element={<Navigate to="/" replace />} />
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
