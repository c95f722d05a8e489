import { createServer } from 'node:http';
import { picture } from './samples.mjs';

const ARTICLE = '/rivers';
const PICTURE = '/delta.png';

/** A small site on loopback: one article with a picture in it, and nothing else. */
export class Site {
  #server = createServer((request, response) => this.#answer(request, response));

  static async start() {
    const site = new Site();
    await new Promise((resolve) => site.#server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  get article() {
    return this.#address(ARTICLE);
  }

  /** Where nothing is. */
  get missing() {
    return this.#address('/no-such-page');
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  #address(path) {
    return `http://127.0.0.1:${this.#server.address().port}${path}`;
  }

  #answer({ url }, response) {
    if (url === ARTICLE) give(response, 200, 'text/html; charset=utf-8', article());
    else if (url === PICTURE) give(response, 200, 'image/png', picture(960, 540));
    else give(response, 404, 'text/html; charset=utf-8', '<h1>Not found</h1>');
  }
}

function give(response, status, type, body) {
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}

/** With what stands around an article on a page, which is not to be read. */
function article() {
  const paragraphs = [
    'A river carries more than water. Every bend moves a little sand from the outer bank to the inner one, and in a few hundred years the whole valley has been turned over, grain by grain.',
    'Where the slope ends the river slows, and what it carried falls. The coarse falls first, the fine goes on to the sea, and between the two a delta grows that no map keeps up with.',
    'People have always lived there, on ground that is young, flat and good, and have paid for it with floods. The walls they built made the floods rarer, and each of them higher.',
    'To read a river is to read slowly. Its names are older than the towns, and its sources are disputed by people who have never been there.',
  ];
  const [first, ...rest] = paragraphs.map((words) => `<p>${words}</p>`);
  const figure = `<figure><img src="${PICTURE}" alt="A delta seen from above" width="960" height="540"><figcaption>Where the river slows.</figcaption></figure>`;
  return `<!doctype html><html lang="en"><head><title>How Rivers Write | The Small Site</title><meta name="author" content="Rita Rivers"></head><body><nav><a href="/">Home</a> <a href="/about">About</a></nav><main><article><h1>How Rivers Write</h1>${first}${figure}${rest.join('')}</article></main><footer>All about rivers, since yesterday.</footer></body></html>`;
}
