/** What a reader is told of a key or a server, by its status. */
export const STATUSES = {
  untested: 'Not tested yet',
  valid: 'Works',
  invalid: 'Does not work',
  revoked: 'Removed',
} as const;
