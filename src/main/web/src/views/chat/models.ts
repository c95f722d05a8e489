import type { Model } from '../../api/types';
import { preferences } from '../../state/preferences';

/** The reader's choice if it can be asked, else the first that can. */
export function chosenModel(
  models: readonly Model[],
  wanted = preferences.get().modelId,
): Model | undefined {
  const available = models.filter((model) => model.available);
  return available.find((model) => model.id === wanted) ?? available[0];
}
