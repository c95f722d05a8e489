import { Link } from 'react-router';
import { TopBar } from './TopBar';
import { useTitle } from './useTitle';

export function NotFoundPage() {
  useTitle('Not found');
  return (
    <div className="app">
      <TopBar />
      <main className="page">
        <div className="empty">
          <h1>There is nothing here</h1>
          <p>The address may be mistyped, or what it named is gone.</p>
          <Link to="/">Go to your library</Link>
        </div>
      </main>
    </div>
  );
}
