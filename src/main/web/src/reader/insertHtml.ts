interface SanitizerLike {
  setDataAttributes(allow: boolean): boolean;
}
interface HtmlSetter {
  setHTML?(html: string, options: { sanitizer: SanitizerLike }): void;
}
declare global {
  interface Window {
    Sanitizer?: new () => SanitizerLike;
    trustedTypes?: {
      createPolicy(name: string, rules: { createHTML(html: string): string }): Policy;
    };
  }
}
interface Policy {
  createHTML(html: string): string;
}

/**
 * Puts the server's HTML into an element, behind a second wall: the browser's own sanitiser, or
 * DOMPurify under the policy `reader-html` where the browser has none. Works in an inert document
 * first, so that no picture loads before its address is the gateway's.
 */
export async function insertHtml(target: Element, html: string): Promise<void> {
  const inert = document.implementation.createHTMLDocument('');
  await setSafely(inert.body, html);
  for (const image of inert.querySelectorAll('img[src]')) pointAtGateway(image);
  target.replaceChildren(...[...inert.body.childNodes].map((node) => document.adoptNode(node)));
}

async function setSafely(target: Element, html: string): Promise<void> {
  const native = target as unknown as HtmlSetter;
  if (window.Sanitizer !== undefined && native.setHTML !== undefined) {
    const sanitizer = new window.Sanitizer();
    sanitizer.setDataAttributes(true);
    native.setHTML(html, { sanitizer });
    return;
  }
  const { default: purify } = await import('dompurify');
  const clean = (dirty: string) =>
    purify.sanitize(dirty, { ALLOW_DATA_ATTR: true, ADD_ATTR: ['target'] });
  policy ??= window.trustedTypes?.createPolicy('reader-html', { createHTML: clean });
  target.innerHTML = policy?.createHTML(html) ?? clean(html);
}

let policy: Policy | undefined;

function pointAtGateway(image: Element): void {
  const source = image.getAttribute('src') ?? '';
  if (source.startsWith('/media/')) image.setAttribute('src', `/api${source}`);
  image.setAttribute('loading', 'lazy');
}
