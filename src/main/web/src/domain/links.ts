/** Schemes a link in an answer may have; everything else is shown as text. */
const ALLOWED = /^(https?:|mailto:)/i;
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** The address when it is safe to follow, else undefined. Control characters are dropped first, as browsers do. */
export function safeHref(href: string | null | undefined): string | undefined {
  const clean = (href ?? '').replace(/[\u0000-\u0020\u007f]+/g, '');
  if (clean === '') return undefined;
  return !HAS_SCHEME.test(clean) || ALLOWED.test(clean) ? clean : undefined;
}
