import { Moon, ZoomIn, ZoomOut } from 'lucide-react';
import { preferences, setPreference, ZOOM } from '../../state/preferences';
import { useStore } from '../../state/store';
import { Button, IconButton } from '../../ui/Button';

/** Pages as they were printed, or their text; and how large the pages are. */
export function PagesControls({ pages }: { pages: boolean }) {
  const { zoom, darkPages } = useStore(preferences);
  const set = (value: number) => setPreference('zoom', Math.round(value * 100) / 100);
  return (
    <>
      {pages && (
        <span className="zoom">
          <IconButton
            label="Smaller"
            disabled={zoom <= ZOOM.min}
            onClick={() => set(Math.max(ZOOM.min, zoom / ZOOM.step))}
          >
            <ZoomOut />
          </IconButton>
          <Button title="Fit the width" onClick={() => set(1)}>
            {zoom === 1 ? 'Fit' : `${Math.round(zoom * 100)} %`}
          </Button>
          <IconButton
            label="Larger"
            disabled={zoom >= ZOOM.max}
            onClick={() => set(Math.min(ZOOM.max, zoom * ZOOM.step))}
          >
            <ZoomIn />
          </IconButton>
          <IconButton
            label="Dark pages"
            className="dark-only"
            aria-pressed={darkPages}
            onClick={() => setPreference('darkPages', !darkPages)}
          >
            <Moon />
          </IconButton>
        </span>
      )}
      <fieldset className="segments">
        <legend className="visually-hidden">Show as</legend>
        {(['pages', 'text'] as const).map((view) => (
          <label key={view}>
            <input
              type="radio"
              name="pdf-view"
              checked={pages === (view === 'pages')}
              onChange={() => setPreference('pdfView', view)}
            />
            <span>{view === 'pages' ? 'Pages' : 'Text'}</span>
          </label>
        ))}
      </fieldset>
    </>
  );
}
