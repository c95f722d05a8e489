import assert from 'node:assert/strict';

const READER = { name: 'Ada', email: 'ada@example.test', password: 'a long enough sentence' };
const PASTED =
  'First paragraph with an astral 𝔘 and some words.\n\nSecond paragraph, about rivers and their names.';
const HOSTILE =
  '<h1>A hostile page</h1><p>Plain words stay.<script>document.title="run"</script><img src="x" onerror="document.title=\'run\'"></p>';

/** What happened before a reload or a restart, to find again after it. */
const memory = { question: 'What does this passage say?', answer: '', document: '' };

/** The steps of one long story, in order; each builds on those before it. */
export const story = [
  ['a newcomer makes the first account', makeAccount],
  ['an empty library names the next actions', emptyLibrary],
  ['the sample opens', openSample],
  ['a selected passage becomes a highlight', highlight],
  ['a passage is quoted to the chat', quoteToChat],
  ['the answer streams in', ask],
  ['a click on the quote leads back to the passage', jumpFromQuote],
  ['everything is still there after a reload', afterReload],
  ['keys mark, note and undo', keyboard],
  ['a pasted text is read, astral characters and all', paste],
  ['an uploaded file is read, and what could run in it does not', uploadHostile],
  ['a browser without a sanitiser of its own reads it as safely', withoutSanitizer],
  ['a document is deleted after a question', deleteDocument],
  ['conversations have a page of their own', conversations],
  ['each colour has a sign of its own', everyColour],
  ['on a phone one pane at a time', phone],
  ['on plain http in the home network it works as well', plainHttp],
  ['everything is still there after a restart of the server', afterRestart],
  ['signing out and in', signOutAndIn],
];

async function makeAccount({ browser }) {
  const { page } = browser;
  await browser.open('/');
  await page.getByRole('heading', { name: 'Welcome to Lectern' }).waitFor();
  await browser.expectAccessible('account');
  await page.getByLabel('Name').fill(READER.name);
  await page.getByLabel('E-mail').fill(READER.email);
  await page.getByLabel('Password').fill(READER.password);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'Start with something to read' }).waitFor();
}

async function emptyLibrary({ browser }) {
  await browser.page.getByRole('button', { name: 'Open the sample' }).waitFor();
  await browser.expectAccessible('empty-library');
}

async function openSample({ browser }) {
  const { page } = browser;
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await page.locator('article [data-o]').nth(3).waitFor();
  await page.getByRole('heading', { name: 'Ask about what you read' }).waitFor();
  memory.document = new URL(page.url()).pathname;
  assert.equal(await page.locator('.banner').count(), 0, 'offsets can be trusted');
}

async function highlight({ browser }) {
  const { page } = browser;
  await select(page, longParagraph(page, 0), 0, 60);
  await page.getByRole('button', { name: 'Highlight in green' }).click();
  await page.getByRole('heading', { name: 'Highlights · 1' }).waitFor();
  assert.equal(await painted(page, 'green'), 1);
}

async function quoteToChat({ browser }) {
  const { page } = browser;
  await select(page, longParagraph(page, 1), 0, 80);
  await page.getByRole('toolbar').getByRole('button', { name: 'Quote to chat' }).click();
  await page.locator('.chip').waitFor();
  assert.equal(await painted(page, 'yellow'), 1);
  await page.getByRole('textbox', { name: 'Your question' }).and(page.locator(':focus')).waitFor();
}

async function ask({ browser }) {
  const { page } = browser;
  await page.locator('.composer .pill').click();
  await page.getByRole('radio', { name: /Extracts \(no AI\)/ }).click();
  await page.getByRole('textbox', { name: 'Your question' }).fill(memory.question);
  await page.keyboard.press('Enter');
  await page.locator('.ai .meta', { hasText: 'Extracts (no AI)' }).waitFor();
  await page.getByRole('button', { name: 'Copy the answer' }).waitFor();
  memory.answer = await page.locator('.ai .markdown').last().innerText();
  assert.ok(memory.answer.trim().length > 20, `an answer: ${memory.answer}`);
  assert.match(page.url(), /chat=/);
  await browser.expectAccessible('reading');
}

async function jumpFromQuote({ browser }) {
  const { page } = browser;
  await page.locator('main').evaluate((main) => main.scrollTo(0, main.scrollHeight));
  await page.locator('.me .quote').first().click();
  await page.waitForFunction(() => (CSS.highlights.get('lectern-flash')?.size ?? 0) === 1);
  await page.waitForFunction(() => (CSS.highlights.get('lectern-flash')?.size ?? 0) === 0);
}

async function afterReload({ browser }) {
  await browser.page.reload();
  await expectStory(browser.page);
}

async function keyboard({ browser }) {
  const { page } = browser;
  const before = await page.locator('.highlight-row').count();
  await page.locator('main').focus();
  await page.keyboard.press('j');
  for (let i = 0; i < 6; i++) await page.keyboard.press('j');
  await page.keyboard.press('n');
  await page
    .getByRole('dialog', { name: 'Note' })
    .getByRole('textbox', { name: 'Note' })
    .fill('By hand.');
  await browser.expectAccessible('note');
  await page.keyboard.press('Control+Enter');
  await page.locator('.highlight-row', { hasText: 'By hand.' }).waitFor();
  assert.equal(await page.locator('.highlight-row').count(), before + 1);
  await page
    .locator('.highlight-row', { hasText: 'By hand.' })
    .getByRole('button', { name: 'Delete highlight' })
    .click();
  await page.locator('.highlight-row', { hasText: 'By hand.' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.highlight-row', { hasText: 'By hand.' }).waitFor();
  await page.locator('main').focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
}

async function paste({ browser }) {
  const { page } = browser;
  await browser.open('/');
  await page.getByRole('button', { name: 'Paste text' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Rivers');
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill(PASTED);
  await browser.expectAccessible('paste');
  await page.getByRole('button', { name: 'Add and read' }).click();
  await page.getByText('Second paragraph, about rivers').waitFor();
  await select(page, page.locator('article [data-o]', { hasText: 'astral' }), 31, 42);
  await page.getByRole('button', { name: 'Highlight in blue' }).click();
  await page.locator('.highlight-row', { hasText: '𝔘' }).waitFor();
}

async function uploadHostile({ browser }) {
  const { page } = browser;
  await browser.open('/');
  await page
    .getByLabel('Files')
    .setInputFiles({ name: 'hostile.html', mimeType: 'text/html', buffer: Buffer.from(HOSTILE) });
  await page.locator('a.media-title', { hasText: /hostile/i }).waitFor();
  await browser.expectAccessible('library');
  await page.locator('a.media-title', { hasText: /hostile/i }).click();
  await page.getByText('Plain words stay.').waitFor();
  await expectHarmless(page);
}

async function withoutSanitizer({ browser }) {
  const page = await browser.other({}, () => {
    delete window.Sanitizer;
    delete Element.prototype.setHTML;
  });
  await browser.open(new URL(browser.page.url()).pathname, page);
  await page.getByText('Plain words stay.').waitFor();
  await expectHarmless(page);
  assert.equal(await page.locator('.banner').count(), 0, 'offsets survive the other sanitiser');
  await page.context().close();
}

async function deleteDocument({ browser }) {
  const { page } = browser;
  await browser.open('/');
  const row = page.locator('.media-row', { hasText: /hostile/i });
  await row.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Keep' }).click();
  await row.waitFor();
  await row.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
}

async function conversations({ browser }) {
  const { page } = browser;
  await page.getByRole('link', { name: 'Conversations' }).click();
  await page.locator('.side .chat-row').first().click();
  await page.locator('.me', { hasText: memory.question }).waitFor();
  await page.locator('.me .quote.hl-edge-unknown').waitFor();
  await page.locator('.ai .markdown').first().waitFor();
  await browser.expectAccessible('conversations');
  await page.getByRole('button', { name: 'Rename' }).or(page.locator('.chat-name')).first().click();
  await page.getByLabel('Title of this chat').fill('On the passage');
  await page.keyboard.press('Enter');
  await page.locator('.side .chat-row', { hasText: 'On the passage' }).waitFor();
  await page.locator('.me .quote').first().click();
  await page.waitForURL(/\/media\/.*chat=/);
  await page.locator('article [data-o]').first().waitFor();
  await page.locator('.me .quote.hl-edge-yellow').waitFor();
}

/** Each in its own colour, so that the pictures show every sign beside every ground. */
async function everyColour({ browser }) {
  const { page } = browser;
  await browser.open(memory.document);
  for (const [n, colour] of ['blue', 'pink', 'purple'].entries()) {
    const paragraph = longParagraph(page, n + 2);
    await paragraph.waitFor();
    await select(page, paragraph, 0, 40);
    if (colour === 'purple') await browser.shot('toolbar');
    await page.getByRole('button', { name: `Highlight in ${colour}` }).click();
    await page.waitForFunction((key) => CSS.highlights.get(key)?.size === 1, `lectern-${colour}`);
  }
  await longParagraph(page, 1).scrollIntoViewIfNeeded();
  await browser.expectAccessible('colours');
}

async function phone({ browser }) {
  const page = await browser.other({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
  });
  await browser.open(memory.document, page);
  const paragraph = longParagraph(page, 0);
  await paragraph.waitFor();
  await paragraph.evaluate((block) => {
    const range = document.createRange();
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const text = walker.nextNode();
    range.setStart(text, 0);
    range.setEnd(text, Math.min(30, text.data.length));
    getSelection().addRange(range);
  });
  await page.getByRole('toolbar').waitFor();
  await browser.shot('phone-selected', page);
  await page.getByRole('toolbar').getByRole('button', { name: 'Quote to chat' }).tap();
  await page.locator('.chip').waitFor();
  await browser.expectAccessible('phone-chat', page);
  for (const tab of ['Linked', 'Read']) {
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: tab }).tap();
    await browser.expectAccessible(`phone-${tab.toLowerCase()}`, page);
  }
  assert.equal(
    await page.evaluate(() => document.documentElement.scrollWidth),
    390,
    'nothing is wider than the phone',
  );
  await page.context().close();
}

/** Such an origin is not a secure context: no randomUUID, no clipboard. The page must not miss them. */
async function plainHttp({ browser }) {
  const page = await browser.other({ viewport: { width: 1440, height: 900 } }, () => {
    delete Crypto.prototype.randomUUID;
    delete Navigator.prototype.clipboard;
  });
  await browser.open(memory.document, page);
  await page.getByRole('textbox', { name: 'Your question' }).fill('And on plain http?');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('button', { name: 'Copy the answer' }).click();
  await page.getByRole('status', { name: 'Notices' }).getByText('Copied').waitFor();
  await page.context().close();
}

async function afterRestart({ browser, server }) {
  if (server.canRestart) await server.restart();
  await browser.open(memory.document);
  await browser.page.locator('.chat-row', { hasText: 'On the passage' }).first().click();
  await expectStory(browser.page);
}

async function signOutAndIn({ browser }) {
  const { page } = browser;
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await browser.expectAccessible('sign-in');
  await page.getByLabel('E-mail').fill(READER.email);
  await page.getByLabel('Password').fill(READER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Account' }).waitFor();
}

async function expectStory(page) {
  await page.locator('.me', { hasText: memory.question }).waitFor();
  await page.locator('.me .quote').first().waitFor();
  await page.getByRole('button', { name: 'Copy the answer' }).first().waitFor();
  assert.equal(await page.locator('.ai .markdown').first().innerText(), memory.answer);
  await page.waitForFunction(() => (CSS.highlights.get('lectern-green')?.size ?? 0) === 1);
  assert.equal((await painted(page, 'yellow')) >= 1, true);
  await page.locator('.me .quote.hl-edge-yellow').first().waitFor();
}

async function expectHarmless(page) {
  assert.equal(await page.locator('article script, article [onerror], article iframe').count(), 0);
  assert.notEqual(await page.title(), 'run');
}

/** The nth paragraph long enough to select in. */
function longParagraph(page, n) {
  return page
    .locator('article p[data-o]')
    .filter({ hasText: /.{120}/s })
    .nth(n);
}

function painted(page, name) {
  return page.evaluate((key) => CSS.highlights.get(`lectern-${key}`)?.size ?? 0, name);
}

/** Drags the mouse over the characters [from, to) of a block. */
async function select(page, block, from, to) {
  await block.scrollIntoViewIfNeeded();
  const ends = await block.evaluate(
    (element, [start, end]) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      let seen = 0;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (seen <= start && start <= seen + node.data.length) range.setStart(node, start - seen);
        if (seen <= end && end <= seen + node.data.length) {
          range.setEnd(node, end - seen);
          break;
        }
        seen += node.data.length;
      }
      const rects = [...range.getClientRects()].filter((rect) => rect.width > 0);
      const first = rects[0];
      const last = rects.at(-1);
      return [
        first.left + 1,
        first.top + first.height / 2,
        last.right - 1,
        last.top + last.height / 2,
      ];
    },
    [from, to],
  );
  await page.mouse.move(ends[0], ends[1]);
  await page.mouse.down();
  await page.mouse.move(ends[2], ends[3], { steps: 5 });
  await page.mouse.up();
  await page.getByRole('toolbar').waitFor();
}
