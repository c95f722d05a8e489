import type { KeyMode, Model } from '../../api/types';
import { preferences } from '../../state/preferences';

/** The reader's choice if it can be asked, else the first that can. */
export function chosenModel(
  models: readonly Model[],
  wanted = preferences.get().modelId,
): Model | undefined {
  const available = models.filter((model) => model.available);
  return available.find((model) => model.id === wanted) ?? available[0];
}

/** The reader's choice of whose key pays where this model leaves them one, else what it can be asked with. */
export function keyModeFor(model: Model, wanted: KeyMode): KeyMode {
  return model.key_modes.includes(wanted) ? wanted : 'auto';
}
