/** The highlight colours, in the order of the swatches; the first is the default. */
export const COLOURS = ['yellow', 'green', 'blue', 'pink', 'purple'] as const;

export type Colour = (typeof COLOURS)[number];
