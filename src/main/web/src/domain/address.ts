/** The web address a text names, with the scheme people leave out; undefined when it names none. */
export function asAddress(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || /\s/.test(trimmed)) return undefined;
  const given = /^[a-z][a-z0-9+.-]*:/i.test(trimmed) && !/^[^/:]+:\d+(\/|$)/.test(trimmed);
  try {
    const url = new URL(given ? trimmed : `https://${trimmed}`);
    const web = url.protocol === 'https:' || url.protocol === 'http:';
    return web && (given || url.hostname.includes('.')) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
