import assert from 'node:assert/strict';

const KEY = 'sk-e2e-a-key-that-is-long-enough-9876';

/** Keys and servers of the reader's own, and what an administrator decides. */
export const models = [
  ['a key goes in, shows its end alone, and is removed', ownKey],
  ['a server at an address that is never asked is refused with a reason', forbiddenServer],
  ['a hidden model is offered no longer', hideModel],
];

async function ownKey({ browser }) {
  const { page } = browser;
  await browser.open('/');
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('link', { name: 'Models and keys' }).click();
  await page.getByRole('heading', { name: 'Models and keys' }).waitFor();
  const row = page.locator('.settings-row', { hasText: 'Anthropic' }).first();
  await row.getByRole('button', { name: 'Add key' }).click();
  await page.getByLabel('Key', { exact: true }).fill(KEY);
  await page.getByRole('button', { name: 'Save' }).click();
  await row.getByText('9876').waitFor();
  assert.ok(!(await page.content()).includes(KEY), 'the key itself is nowhere in the page');
  await browser.expectAccessible('settings');
  await row.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await row.getByText('No key').waitFor();
}

async function forbiddenServer({ browser }) {
  const { page } = browser;
  await page.getByRole('button', { name: 'Add a server' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a server' });
  await dialog.getByLabel('Name').fill('Metadata');
  await dialog.getByLabel('Address').fill('http://169.254.169.254/v1');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').getByText('E_SSRF_BLOCKED').waitFor();
  browser.expectRefusal(403);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
}

async function hideModel({ browser }) {
  const { page } = browser;
  const box = page.getByRole('checkbox', { name: / can be asked$/ }).first();
  await box.waitFor();
  await box.click();
  await page.locator('.settings-row[data-hidden="true"]').waitFor();
  await page.locator('.settings-row[data-hidden="true"]').getByRole('checkbox').click();
  await page.locator('.settings-row[data-hidden="true"]').waitFor({ state: 'detached' });
}
