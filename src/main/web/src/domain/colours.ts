/** The highlight colours, in the order of the swatches; the first is the default. */
export const COLOURS = ['yellow', 'green', 'blue', 'pink', 'purple'] as const;

/** The part of a class name that shows the colour, or that it is not known. */
export function colourClass(colour: Colour | null | undefined): string {
  return colour ?? 'unknown';
}

export type Colour = (typeof COLOURS)[number];
