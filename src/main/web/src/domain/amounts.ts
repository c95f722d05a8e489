/** Millionths of a dollar as a reader reads them: never rounded to nothing. */
export function cost(micros: number): string {
  if (micros === 0) return 'Nothing';
  if (micros < 100) return 'Under $0.0001';
  const dollars = micros / 1_000_000;
  return `$${dollars.toFixed(dollars < 0.1 ? 4 : 2)}`;
}

/** A duration in seconds, finer the shorter it is. */
export function seconds(milliseconds: number): string {
  const value = milliseconds / 1_000;
  return `${value.toFixed(value < 10 ? (value < 1 ? 2 : 1) : 0)} s`;
}
