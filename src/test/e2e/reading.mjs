import assert from 'node:assert/strict';
import { book, CHAPTERS, printed } from './samples.mjs';

/** Where each document is, for the steps after the one that brought it in. */
const memory = { book: '', left: '', pdf: '' };

/** Documents of many parts: books and printed pages. */
export const reading = [
  ['a book opens at its beginning, with its contents beside it', openBook],
  ['a chapter far away is fetched when it is wanted, and most are not laid out', jumpFar],
  ['a link in the book is followed, and Back returns', linkAndBack],
  ['the book opens where it was left', opensWhereLeft],
  ['chapters that arrive above leave the text in its place', staysInPlace],
  ['a selection within a link is one, and follows nothing', selectInLink],
  ['a selection over two chapters makes a highlight in each', acrossChapters],
  ['a PDF shows its pages as they were printed', openPdf],
  ['a passage of a page is marked where it stands', markOnPage],
  ['a drag that ends beside the lines of a page selects up to there', dragBesideLines],
  ['a drag over a link of a page selects its text', dragOverPageLink],
  ['the pages are read as text, and the choice is kept', pagesAsText],
  ['what cannot be read says why, and can be removed', unreadable],
  ['a library of one’s own is made, filled and looked into', ownLibrary],
];

async function openBook({ browser }) {
  const { page } = browser;
  memory.book = await bringIn(browser, 'book.epub', book(), 'A Book of Chapters');
  await page.getByRole('heading', { name: 'Chapter 1', exact: true }).waitFor();
  await page.getByRole('navigation', { name: 'Contents' }).waitFor();
  assert.equal(await page.locator('.outline-row').count(), CHAPTERS);
  assert.equal(await page.locator('.banner').count(), 0, 'offsets can be trusted');
  await browser.expectAccessible('book');
}

async function jumpFar({ browser }) {
  const { page } = browser;
  await page.locator('.outline-row', { hasText: 'Chapter 20' }).click();
  await atTop(page, 'Chapter 20');
  const laid = await page
    .locator('[data-fragment]')
    .evaluateAll((all) => all.filter((one) => one.childElementCount > 0).length);
  assert.ok(laid < CHAPTERS / 2, `${laid} of ${CHAPTERS} chapters are laid out`);
  await page.locator('.read-chapter', { hasText: 'Chapter 20' }).waitFor();
  await page.getByRole('button', { name: 'Next chapter' }).click();
  await atTop(page, 'Chapter 21');
}

async function linkAndBack({ browser }) {
  const { page } = browser;
  await page.getByRole('link', { name: `Across to chapter ${CHAPTERS + 1 - 21}` }).click();
  await atTop(page, `Chapter ${CHAPTERS + 1 - 21}`);
  await page.goBack();
  await atTop(page, 'Chapter 21');
}

async function opensWhereLeft({ browser }) {
  const { page } = browser;
  const stored = page.waitForResponse(
    (response) => response.request().method() === 'PUT' && response.url().endsWith('/position'),
  );
  await page.locator('main').evaluate((main) => main.scrollBy(0, 1_200));
  await stored;
  memory.left = await topText(page);
  await reopened(browser);
  const line = await page.evaluate(lineNearTop);
  assert.ok(line.length > 10, line);
  for (let again = 0; again < 2; again++) {
    await page.locator('main').evaluate((main) => main.scrollBy(0, 1));
    await reopened(browser);
    assert.equal(await page.evaluate(lineNearTop), line, 'the same line each time');
  }
}

async function reopened(browser) {
  const { page } = browser;
  await browser.open(memory.book);
  await page.locator('article [data-o]').first().waitFor();
  await page.waitForFunction(topTextIs, memory.left);
}

/** The words that stand where a book opens, a little below the upper edge. */
function lineNearTop() {
  const area = document.querySelector('main').getBoundingClientRect();
  const block = document.querySelector('article [data-o]').getBoundingClientRect();
  const at = document.caretPositionFromPoint(block.left + 2, area.top + 28);
  return at?.offsetNode.data?.slice(at.offset, at.offset + 40) ?? '';
}

async function staysInPlace({ browser }) {
  const { page } = browser;
  await browser.open(memory.book);
  await page.waitForFunction(topTextIs, memory.left);
  await page.setViewportSize({ width: 1100, height: 700 });
  await page.waitForFunction(topTextIs, memory.left);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.waitForFunction(topTextIs, memory.left);
}

async function selectInLink({ browser }) {
  const { page } = browser;
  await page.locator('.outline-row', { hasText: 'Chapter 20' }).click();
  await atTop(page, 'Chapter 20');
  const link = page.getByRole('link', { name: 'Across to chapter 11' });
  await drag(page, await link.boundingBox(), [0.1, 0.5], [0.9, 0.5]);
  await page.getByRole('toolbar').waitFor();
  const said = await page.evaluate(() => getSelection().toString());
  assert.ok('Across to chapter 11'.includes(said) && said.length > 10, said);
  await atTop(page, 'Chapter 20');
  await link.click();
  await atTop(page, 'Chapter 11');
}

async function acrossChapters({ browser }) {
  const { page } = browser;
  await page.locator('.outline-row', { hasText: 'Chapter 5' }).click();
  await atTop(page, 'Chapter 5');
  await page.getByText('Chapter 4, paragraph 24.').waitFor();
  await page.evaluate(() => {
    const [before, after] = [4, 5].map((n) =>
      [...document.querySelectorAll('article [data-o]')].filter((block) =>
        block.textContent.startsWith(`Chapter ${n}, paragraph`),
      ),
    );
    getSelection().setBaseAndExtent(before.at(-1).firstChild, 0, after[0].firstChild, 30);
    document.dispatchEvent(new Event('selectionchange'));
  });
  await page.getByRole('toolbar').getByText('2 highlights').waitFor();
  await page.getByRole('button', { name: 'Highlight in green' }).click();
  await page.getByRole('heading', { name: 'Highlights · 2' }).waitFor();
  await page.getByRole('group', { name: 'Chapter 4', exact: true }).waitFor();
  await page.getByRole('group', { name: 'Chapter 5', exact: true }).waitFor();
}

async function openPdf({ browser }) {
  const { page } = browser;
  memory.pdf = await bringIn(browser, 'printed.pdf', printed(8), /printed/i);
  await page.locator('.pdf-page canvas').first().waitFor();
  await page.locator('.text-layer span', { hasText: 'page 1 of the printed' }).waitFor();
  assert.equal(page.workers().length, 1, 'pages are prepared beside the page, not in it');
  await page.locator('.read-chapter', { hasText: 'Page 1 of 8' }).waitFor();
  await browser.expectAccessible('pdf');
}

async function markOnPage({ browser }) {
  const { page } = browser;
  const line = page.locator('.text-layer span', { hasText: 'Line 3 of page 1' });
  const box = await line.boundingBox();
  await page.mouse.move(box.x + 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await page.getByRole('toolbar').waitFor();
  await page.getByRole('button', { name: 'Highlight in pink' }).click();
  const mark = page.locator('.pdf-mark.mark-pink');
  await mark.waitFor();
  const painted = await mark.boundingBox();
  assert.ok(Math.abs(painted.y - box.y) < box.height, `${painted.y} beside ${box.y}`);
  assert.ok(Math.abs(painted.width - box.width) < 12, `${painted.width} beside ${box.width}`);
  await page.locator('.highlight-row', { hasText: 'Line 3 of page 1 says' }).waitFor();
  await browser.shot('pdf-marked');
}

async function dragBesideLines({ browser }) {
  const { page } = browser;
  const line = (n) => page.locator('.text-layer span', { hasText: `Line ${n} of page 1 ` });
  const [first, last] = [await line(5).boundingBox(), await line(6).boundingBox()];
  // To the right of the last line, and between it and the next.
  for (const [x, y] of [
    [1.3, 0.5],
    [0.999, 1.2],
  ]) {
    await page.mouse.move(first.x + 1, first.y + first.height / 2);
    await page.mouse.down();
    await page.mouse.move(last.x + last.width * x, last.y + last.height * y, { steps: 8 });
    await page.mouse.up();
    await page.getByRole('toolbar').waitFor();
    const said = await page.evaluate(() => getSelection().toString());
    assert.ok(said.startsWith('Line 5 of page 1') && said.endsWith('sources.'), said);
    assert.ok(said.includes('Line 6') && !said.includes('Line 7'), said);
    await page.evaluate(() => getSelection().removeAllRanges());
    await page.getByRole('toolbar').waitFor({ state: 'detached' });
  }
}

async function dragOverPageLink({ browser }) {
  const { page } = browser;
  const link = page.locator('.pdf-page').first().locator('.pdf-links a');
  await link.waitFor();
  const text = page.locator('.text-layer span', { hasText: 'Line 10 of page 1 ' });
  await drag(page, await text.boundingBox(), [0.02, 0.5], [0.9, 0.5]);
  await page.getByRole('toolbar').waitFor();
  const said = await page.evaluate(() => getSelection().toString());
  assert.ok('Line 10 of page 1 says that rivers have names and sources.'.includes(said), said);
  assert.ok(said.length > 30, said);
  await page.locator('.read-chapter', { hasText: 'Page 1 of 8' }).waitFor();
  await page.keyboard.press('Escape');
  await link.click({ position: { x: 5, y: 5 } });
  await page.locator('.read-chapter', { hasText: 'Page 8 of 8' }).waitFor();
  await page.goBack();
}

/** Drags the mouse between two places of a box, given in parts of its width and height. */
async function drag(page, box, from, to) {
  await page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to[0], box.y + box.height * to[1], { steps: 8 });
  await page.mouse.up();
}

async function pagesAsText({ browser }) {
  const { page } = browser;
  await page.getByRole('radio', { name: 'Text' }).check();
  await page.locator('article [data-o]', { hasText: 'Line 3 of page 1' }).first().waitFor();
  await page.waitForFunction(() => CSS.highlights.get('lectern-pink')?.size >= 1);
  await page.reload();
  await page.locator('article [data-o]').first().waitFor();
  assert.equal(await page.locator('.pdf-page').count(), 0);
  await page.getByRole('radio', { name: 'Pages' }).check();
  await page.locator('.pdf-mark.mark-pink').waitFor();
}

async function unreadable({ browser }) {
  const { page } = browser;
  await browser.open('/');
  await page.getByLabel('Files').setInputFiles({
    name: 'torn.epub',
    mimeType: 'application/epub+zip',
    buffer: book().subarray(0, 9_000),
  });
  const row = page.locator('.media-row', { hasText: 'torn' });
  await row.getByRole('button', { name: 'Try again' }).or(row.getByText('Dismiss')).waitFor();
  await browser.expectAccessible('library-failed');
  await row.locator('.media-title').click();
  await page.getByRole('alert').waitFor();
  await browser.expectAccessible('failed-document');
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.locator('.media-row').first().waitFor();
  await row.waitFor({ state: 'detached' });
}

async function ownLibrary({ browser }) {
  const { page } = browser;
  await browser.open('/');
  await page.getByRole('button', { name: 'Library: Everything' }).click();
  await page.getByRole('button', { name: 'New library' }).click();
  await page.getByRole('dialog', { name: 'New library' }).getByLabel('Name').fill('Shelf');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByText('This library is empty.').waitFor();
  await page.getByRole('button', { name: 'Share' }).click();
  const members = page.getByRole('dialog', { name: 'Shelf' });
  await members.getByText('(you)').waitFor();
  await members.getByLabel('E-mail of the new member').fill('nobody@example.test');
  await members.getByRole('button', { name: 'Add' }).click();
  await members.getByRole('alert').waitFor();
  browser.expectRefusal(404);
  await browser.expectAccessible('members');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Library: Shelf' }).click();
  await page.getByRole('button', { name: /^Everything/ }).click();
  await page.getByRole('button', { name: 'Put A Book of Chapters into a library' }).click();
  await page.getByRole('button', { name: 'Shelf', exact: true }).click();
  await page.getByRole('button', { name: 'Library: Everything' }).click();
  await page.getByRole('button', { name: /^Shelf/ }).click();
  await page.locator('.media-title', { hasText: 'A Book of Chapters' }).waitFor();
  await page.locator('.library-count', { hasText: '1 document' }).waitFor();
}

/** Adds a file and opens it once it is ready; its address. */
async function bringIn(browser, name, buffer, title) {
  const { page } = browser;
  await browser.open('/');
  await page
    .getByLabel('Files')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  const row = page.locator('.media-row', { hasText: title }).filter({ hasText: 'Added' });
  await row.waitFor();
  await row.locator('.media-title').click();
  return new URL(page.url()).pathname;
}

async function atTop(page, heading) {
  await page.waitForFunction((wanted) => {
    const top = document.querySelector('main').getBoundingClientRect().top;
    return [...document.querySelectorAll('article h1')].some((one) => {
      const at = one.getBoundingClientRect().top - top;
      return one.textContent === wanted && at > -10 && at < 220;
    });
  }, heading);
}

/** The block at the top edge of the text. */
function topText(page) {
  return page.evaluate(() => {
    const top = document.querySelector('main').getBoundingClientRect().top + 8;
    const blocks = [...document.querySelectorAll('article [data-o]')];
    return blocks.find((one) => one.getBoundingClientRect().bottom > top)?.textContent ?? '';
  });
}

/** Runs in the page, so it stands alone. */
function topTextIs(wanted) {
  const top = document.querySelector('main').getBoundingClientRect().top + 8;
  const blocks = [...document.querySelectorAll('article [data-o]')];
  const near = blocks.findIndex((one) => one.getBoundingClientRect().bottom > top);
  return [near - 1, near, near + 1].some((i) => blocks[i]?.textContent === wanted);
}
