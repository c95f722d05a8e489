import assert from 'node:assert/strict';

/** Documents fetched by their address; the steps need a site that this machine serves. */
export const web = [
  ['an article is added by its address, and its picture comes from our own', addArticle],
  ['on a phone the article fits its width, picture and all', onPhone],
  ['an address with nothing behind it says so, and can be tried again and removed', addMissing],
];

async function addArticle({ browser, site }) {
  const { page } = browser;
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await add(browser, site.article);
  const row = page.locator('.media-row', { hasText: 'How Rivers Write' });
  await row.filter({ hasText: 'Added' }).waitFor();
  await row.locator('.media-title').click();
  await page.getByRole('heading', { name: 'How Rivers Write', level: 1 }).first().waitFor();
  await page.getByText('To read a river is to read slowly.').waitFor();
  await expectPicture(page);
  assert.equal(await page.getByText('since yesterday').count(), 0, 'what stands around is not read');
  assert.equal(await page.locator('.banner').count(), 0, 'offsets can be trusted');
  const { origin } = new URL(site.article);
  assert.deepEqual(
    asked.filter((url) => url.startsWith(origin)),
    [],
    'the reader’s browser asks the site for nothing',
  );
  await browser.expectAccessible('article');
}

async function onPhone({ browser }) {
  const path = new URL(browser.page.url()).pathname;
  const page = await browser.other({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  });
  await browser.open(path, page);
  await expectPicture(page);
  const { width } = await picture(page).boundingBox();
  assert.ok(width > 200 && width <= 390, `the picture is ${width} wide`);
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(over, 0, 'nothing scrolls sideways');
  await browser.expectAccessible('phone-article', page);
  await page.context().close();
}

async function addMissing({ browser, site }) {
  const { page } = browser;
  await add(browser, site.missing);
  const row = page.locator('.media-row', { hasText: 'There is no page at this address.' });
  await row.waitFor();
  await browser.expectAccessible('library-missing');
  await page.setViewportSize({ width: 390, height: 844 });
  await browser.shot('phone-library-missing');
  await page.setViewportSize({ width: 1440, height: 900 });
  const tried = page.waitForResponse((response) => response.url().endsWith('/retry'));
  await row.getByRole('button', { name: 'Try again' }).click();
  assert.equal((await tried).status(), 202);
  await row.waitFor();
  await row.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
}

async function add(browser, address) {
  const { page } = browser;
  await browser.open('/');
  await page.getByRole('textbox', { name: 'Address of a web article' }).fill(address);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
}

/** The picture is there in all its pixels, from the address the page itself came from. */
async function expectPicture(page) {
  await picture(page).scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector('article img')?.naturalWidth === 960);
  const source = new URL(await picture(page).evaluate((image) => image.currentSrc));
  assert.equal(source.origin, new URL(page.url()).origin);
  assert.match(source.pathname, /^\/api\/media\/[^/]+\/images\/[0-9a-f]{32}\.png$/);
}

function picture(page) {
  return page.getByRole('img', { name: 'A delta seen from above' });
}
