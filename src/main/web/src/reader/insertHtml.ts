interface SanitizerLike {
  setDataAttributes(allow: boolean): boolean;
  allowElement(element: { name: string; attributes: string[] }): boolean;
}
interface HtmlSetter {
  setHTML?(html: string, options: { sanitizer: SanitizerLike }): void;
}
declare global {
  interface Window {
    Sanitizer?: new () => SanitizerLike;
    trustedTypes?: {
      createPolicy(name: string, rules: Partial<Policy>): Policy;
    };
  }
}
interface Policy {
  createHTML(html: string): string;
  createScriptURL(url: string): string;
}

/**
 * Puts the server's HTML into an element, behind a second wall: the browser's own sanitiser, or
 * DOMPurify under the policy `reader-html` where the browser has none. Works in an inert document
 * first, so that no picture loads before its address is the gateway's.
 */
export async function insertHtml(target: Element, html: string, mediaId: string): Promise<void> {
  const inert = document.implementation.createHTMLDocument('');
  await setSafely(inert.body, html);
  for (const image of inert.querySelectorAll('img[src]')) pointAtGateway(image, mediaId);
  target.replaceChildren(...[...inert.body.childNodes].map((node) => document.adoptNode(node)));
}

async function setSafely(target: Element, html: string): Promise<void> {
  const native = target as unknown as HtmlSetter;
  if (window.Sanitizer !== undefined && native.setHTML !== undefined) {
    const sanitizer = new window.Sanitizer();
    sanitizer.setDataAttributes(true);
    // By itself it drops pictures, as whatever loads something.
    sanitizer.allowElement({ name: 'img', attributes: ['src', 'alt', 'width', 'height'] });
    native.setHTML(html, { sanitizer });
    return;
  }
  const { default: purify } = await import('dompurify');
  policy ??= window.trustedTypes?.createPolicy('reader-html', DOMPURIFY_ONLY);
  target.innerHTML = purify.sanitize(html, {
    ALLOW_DATA_ATTR: true,
    ADD_ATTR: ['target'],
    ...(policy && { TRUSTED_TYPES_POLICY: policy as never, RETURN_TRUSTED_TYPE: true as const }),
  }) as unknown as string;
}

/** Signs what DOMPurify parses and what it made of it; nobody else gets hold of the policy. */
const DOMPURIFY_ONLY = {
  createHTML: (html: string) => html,
  createScriptURL: (): string => {
    throw new TypeError('no scripts');
  },
};

let policy: Policy | undefined;

/** Pictures are named relative to their document; the page reaches them through the gateway. */
function pointAtGateway(image: Element, mediaId: string): void {
  const source = image.getAttribute('src') ?? '';
  if (source.startsWith('images/')) image.setAttribute('src', `/api/media/${mediaId}/${source}`);
  image.setAttribute('loading', 'lazy');
}
