import assert from 'node:assert/strict';

/** Above what a slow machine needs, and far below what a person would call stuck. */
const LONGEST_TASK_MS = 500;

/** Words of one letter: an answer of so many others would be cut, at 50,000 characters. */
const LONG_ANSWER_WORDS = 20_000;

/** Words in each piece of the long answer: about what a fast model sends at once. */
const PIECE_WORDS = 10;

/** Pause between two pieces of an answer that is given slowly. */
const SLOWLY_MS = 60;

let model;

/** What an answer does while it grows; the steps need a model whose words they can choose. */
export const growing = [
  ['an answer names the model that gives it', namesItsModel],
  ['a question is edited and asked again, and the earlier version stays', versions],
  ['a model that thinks first is seen to think, and what it thinks is not told', thinksFirst],
  ['a growing answer stops at the button, and what was said stays', stopsAtTheButton],
  ['a growing answer stops at Escape', stopsAtEscape],
  ['an answer that has not begun can be stopped', stopsBeforeItBegins],
  ['a page reloaded meanwhile shows the answer growing on', growsOnAfterReload],
  ['an answer that broke off keeps what it said, and says so', brokeOff],
  ['a refusal of the provider stands in its place, and asking again works', refusedThenAnswered],
  ['a very long answer leaves the composer at hand', longAndFast],
];

async function namesItsModel({ browser, provider }) {
  const { page } = browser;
  await browser.open('/conversations');
  model = await page.evaluate(async () => {
    const { data } = await (await fetch('/api/models')).json();
    return data.find((one) => one.provider === 'openai' && one.available);
  });
  await page.locator('.composer .pill').click();
  await page.getByRole('radio', { name: model.display_name }).click();
  const reply = await ask(page, provider, 'Who are you?');
  assert.equal(reply.asked.model, model.model_name);
  await reply.say('One **who** answers.');
  reply.finish();
  await page.locator('.ai .meta', { hasText: model.display_name }).waitFor();
  await page.getByRole('button', { name: 'What this answer took' }).click();
  const details = page.getByRole('dialog', { name: 'What this answer took' });
  await details.getByText('12 tokens').waitFor();
  await details.getByText('34 tokens').waitFor();
  await browser.expectAccessible('answer-details');
  await page.keyboard.press('Escape');
  assert.equal(await lastAnswer(page).innerText(), 'One who answers.');
}

async function versions({ browser, provider }) {
  const { page } = browser;
  await page.locator('.my-turn').last().hover();
  await page.getByRole('button', { name: 'Edit and ask again' }).last().click();
  const field = page.getByRole('textbox', { name: 'Your question, edited' });
  await field.fill('Who are you, in other words?');
  await field.press('Enter');
  const reply = await provider.asked();
  const asked = reply.asked.messages.map(({ content }) => content).join(' ');
  assert.ok(asked.includes('in other words'));
  assert.ok(!asked.includes('One **who** answers.'), 'the replaced turn is not shown to the model');
  await reply.say('Another **one**.');
  reply.finish();
  await page.locator('.versions', { hasText: '2 of 2' }).waitFor();
  assert.equal(await lastAnswer(page).innerText(), 'Another one.');
  await page.getByRole('button', { name: 'Earlier version' }).click();
  await page.locator('.markdown', { hasText: 'One who answers.' }).waitFor();
  await browser.expectAccessible('earlier-version');
  await page.getByRole('button', { name: 'Show the newest' }).click();
  await page.locator('.markdown', { hasText: 'Another one.' }).waitFor();
  await page.getByRole('button', { name: 'Answer again' }).last().click();
  await page
    .getByRole('dialog', { name: 'Answer again' })
    .getByText('Answer again')
    .first()
    .click();
  const again = await provider.asked();
  await again.say('A third one.');
  again.finish();
  await page.locator('.versions', { hasText: '3 of 3' }).waitFor();
  assert.equal(await lastAnswer(page).innerText(), 'A third one.');
}

async function thinksFirst({ browser, provider }) {
  const { page } = browser;
  const reply = await ask(page, provider, 'Think before you speak.');
  await page.getByText('Waiting for the first words').waitFor();
  reply.think('Something nobody should read.');
  await page.locator('.meta', { hasText: 'Thinking' }).waitFor();
  await browser.expectAccessible('thinking');
  await page.reload();
  await page.locator('.meta', { hasText: 'Thinking' }).waitFor();
  await reply.say('I thought, and **now** I speak.');
  await page.locator('.markdown.growing', { hasText: 'now I speak.' }).waitFor();
  await page.getByText('Answering').waitFor();
  reply.finish();
  await page.locator('.ai').last().locator('.meta', { hasText: model.display_name }).waitFor();
  assert.equal(await lastAnswer(page).innerText(), 'I thought, and now I speak.');
  assert.equal(await page.getByText('Something nobody should read.').count(), 0);
}

async function stopsAtTheButton({ browser, provider }) {
  const { page } = browser;
  const reply = await ask(page, provider, 'Speak, and I will stop you.');
  await reply.say('The first words. ');
  await page.locator('.markdown.growing', { hasText: 'The first words.' }).waitFor();
  await browser.expectAccessible('growing');
  await page.getByRole('button', { name: 'Stop the answer' }).click();
  await reply.closed();
  await expectStopped(page, 'The first words.');
  await page.reload();
  await expectStopped(page, 'The first words.');
}

async function stopsAtEscape({ browser, provider }) {
  const { page } = browser;
  const reply = await ask(page, provider, 'Speak slowly, and I will stop you again.');
  const slow = speakSlowly(reply, 'Word upon word upon word. ');
  await page.locator('.markdown.growing', { hasText: 'upon word.' }).waitFor();
  await page.getByRole('textbox', { name: 'Your question' }).press('Escape');
  await reply.closed();
  slow.end();
  await page.getByRole('button', { name: 'Send' }).waitFor();
  await page.locator('.ai').last().locator('.meta', { hasText: 'Stopped' }).waitFor();
  assert.match(await lastAnswer(page).innerText(), /^Word upon word/);
}

async function stopsBeforeItBegins({ browser, provider }) {
  const { page } = browser;
  const reply = await ask(page, provider, 'Say nothing.');
  await page.getByText('Waiting for the first words').waitFor();
  await page.getByRole('log').focus();
  await page.keyboard.press('Escape');
  await reply.closed();
  await page.getByRole('button', { name: 'Send' }).waitFor();
  await page.locator('.ai').last().locator('.meta', { hasText: 'Stopped' }).waitFor();
  assert.equal(await lastAnswer(page).innerText(), '');
}

async function growsOnAfterReload({ browser, provider }) {
  const { page } = browser;
  const reply = await ask(page, provider, 'Keep on while I am away.');
  await reply.say('Before the reload, ');
  await page.locator('.markdown.growing', { hasText: 'Before the reload,' }).waitFor();
  await page.reload();
  await page.locator('.markdown.growing', { hasText: 'Before the reload,' }).waitFor();
  await reply.say('and after it');
  await page.locator('.markdown.growing', { hasText: 'and after it' }).waitFor();
  await reply.say(', to the end.');
  reply.finish();
  await page.locator('.ai').last().locator('.meta', { hasText: model.display_name }).waitFor();
  assert.equal(await lastAnswer(page).innerText(), 'Before the reload, and after it, to the end.');
}

async function brokeOff({ browser, provider }) {
  const { page } = browser;
  const reply = await ask(page, provider, 'Will you be cut off?');
  await reply.say('I was about to');
  await page.locator('.markdown.growing', { hasText: 'I was about to' }).waitFor();
  reply.cut();
  await page.getByRole('alert').getByText('The answer broke off before its end.').waitFor();
  assert.equal(await lastAnswer(page).innerText(), 'I was about to');
}

async function refusedThenAnswered({ browser, provider }) {
  const { page } = browser;
  const reply = await ask(page, provider, 'Too often?');
  const soon = { 'retry-after': '2' };
  reply.refuse(429, 'rate_limit_exceeded', soon);
  // The server tries once more before it tells the reader.
  (await provider.asked()).refuse(429, 'rate_limit_exceeded', soon);
  const note = page.locator('.ai').last().getByRole('alert');
  await note.getByText('The provider is being asked too often.').waitFor();
  // The seconds the provider asked for pass before the reader's eyes.
  await note.getByRole('button', { name: /^Try again in \d s$/ }).waitFor();
  await browser.expectAccessible('refused');
  await note.getByRole('button', { name: 'Try again', exact: true }).click();
  const again = await provider.asked();
  assert.deepEqual(again.asked.messages.at(-1), reply.asked.messages.at(-1));
  await again.say('Now it works.');
  again.finish();
  await page.locator('.markdown:not(.growing)', { hasText: 'Now it works.' }).waitFor();
  assert.equal(await lastAnswer(page).innerText(), 'Now it works.');
}

async function longAndFast({ browser, provider }) {
  const { page } = browser;
  const reply = await ask(page, provider, 'Tell me everything.');
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) =>
      window.longTasks.push(...list.getEntries().map((entry) => entry.duration)),
    ).observe({ type: 'longtask' });
  });
  let told = false;
  const telling = tellEverything(reply).then(() => (told = true));
  const field = page.getByRole('textbox', { name: 'Your question' });
  const delays = [];
  let typed = '';
  while (!told || typed.length < 40) {
    const began = performance.now();
    typed += 'abcdefghij'[typed.length % 10];
    await field.press(typed.at(-1));
    delays.push(performance.now() - began);
  }
  await telling;
  await page.getByRole('button', { name: 'What this answer took' }).last().waitFor();
  await page.getByRole('button', { name: 'Send' }).waitFor();
  assert.equal(await field.inputValue(), typed);
  const words = (await lastAnswer(page).innerText()).split(/\s+/).length;
  assert.ok(words >= LONG_ANSWER_WORDS, `${words} words`);
  const tasks = await page.evaluate(() => window.longTasks);
  const longest = Math.round(Math.max(0, ...tasks));
  console.log(
    `      ${words} words, ${typed.length} keys, slowest key ${Math.round(Math.max(...delays))} ms, ` +
      `${tasks.length} long tasks, longest ${longest} ms`,
  );
  assert.ok(longest < LONGEST_TASK_MS, `a task of ${longest} ms`);
  await field.fill('');
}

/** Sends the question and takes it at the other end. */
async function ask(page, provider, question) {
  await page.getByRole('textbox', { name: 'Your question' }).fill(question);
  await page.keyboard.press('Enter');
  const reply = await provider.asked();
  const { role, content } = reply.asked.messages.at(-1);
  assert.equal(role, 'user');
  assert.ok(content.includes(question), 'the question reaches the provider');
  return reply;
}

function speakSlowly(reply, text) {
  const timer = setInterval(() => void reply.say(text), SLOWLY_MS);
  return { end: () => clearInterval(timer) };
}

/** Paragraphs, headings, a list and now and then some code, as fast as the other end reads. */
async function tellEverything(reply) {
  for (let words = 0; words < LONG_ANSWER_WORDS; words += PIECE_WORDS) {
    const part = words / PIECE_WORDS;
    if (part % 40 === 0) await reply.say(`\n\n## Part ${part}\n\n`);
    else if (part % 40 === 20) await reply.say('\n\n- a point\n- **another** point\n\n');
    else if (part % 40 === 30) await reply.say('\n\n```\nlet x = 1;\n```\n\n');
    else if (part % 5 === 0) await reply.say('\n\n');
    await reply.say('a b c d e f g *h* i j ');
  }
  reply.finish();
}

async function expectStopped(page, text) {
  await page.getByRole('button', { name: 'Send' }).waitFor();
  await page.locator('.ai').last().locator('.meta', { hasText: 'Stopped' }).waitFor();
  assert.equal((await lastAnswer(page).innerText()).trim(), text);
}

function lastAnswer(page) {
  return page.locator('.ai').last().locator('.markdown');
}
