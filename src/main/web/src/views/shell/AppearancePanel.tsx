import { ALargeSmall } from 'lucide-react';
import { MEASURE, preferences, setPreference, THEMES, TYPE_SIZE } from '../../state/preferences';
import { useStore } from '../../state/store';

export const AppearanceIcon = () => <ALargeSmall />;

const THEME_NAMES = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
  sepia: 'Sepia',
} as const;

/** How pages look and read in this browser. */
export function AppearancePanel() {
  const { theme, typeSize, measure, singleKeys } = useStore(preferences);
  return (
    <div className="appearance">
      <fieldset>
        <legend>Theme</legend>
        <div className="themes">
          {THEMES.map((name) => (
            <label key={name} className="theme" data-swatch={name}>
              <input
                type="radio"
                name="theme"
                checked={theme === name}
                onChange={() => setPreference('theme', name)}
              />
              <span>{THEME_NAMES[name]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <label className="slider">
        <span>
          Reading size <output>{typeSize} px</output>
        </span>
        <input
          type="range"
          min={TYPE_SIZE.min}
          max={TYPE_SIZE.max}
          value={typeSize}
          onChange={(event) => setPreference('typeSize', event.target.valueAsNumber)}
        />
      </label>
      <label className="slider">
        <span>
          Line length <output>{measure} characters</output>
        </span>
        <input
          type="range"
          min={MEASURE.min}
          max={MEASURE.max}
          value={measure}
          onChange={(event) => setPreference('measure', event.target.valueAsNumber)}
        />
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => setPreference('singleKeys', event.target.checked)}
        />
        <span>Single-key shortcuts</span>
      </label>
    </div>
  );
}
