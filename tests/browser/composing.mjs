// An input method in Chromium 109, which browsers of many offices are built on: words arrive once.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { FLAGS, unpacked } from './old_browser.mjs';

const { PACKAGES, COMPOSING_PACKAGES, ADDRESS, KEY } = process.env;
const { chromium } = createRequire(PACKAGES + '/')('playwright-core');

const browser = await chromium.launch({ executablePath: unpacked(COMPOSING_PACKAGES, '@sparticuz/chromium'), args: FLAGS });
const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
const page = await context.newPage();
const faults = [];
page.on('pageerror', error => faults.push(error.message));
page.on('console', message => {
  if (message.text().includes('Content Security Policy')) faults.push(message.text());
});
await page.goto(`${ADDRESS}/`);
await page.fill('#key', KEY);
await page.keyboard.press('Enter');
await page.click('button:has-text("打开示例")');
await page.waitForSelector('.paper img');
const session = await context.newCDPSession(page);

/** Composes a word letter by letter and takes the first candidate. */
async function compose(letters, word) {
  for (let end = 1; end <= letters.length; end++) {
    await session.send('Input.imeSetComposition', { text: letters.slice(0, end), selectionStart: end, selectionEnd: end });
  }
  await session.send('Input.insertText', { text: word });
}

for (const id of ['at/opening/0', 'at/document/title', 'at/document/primary_recipients/0']) {
  const field = page.locator(`[id="${id}"]`);
  await field.fill('');
  await field.focus();
  await compose('gongzuo', '工作');
  await compose('qingkuang', '情况');
  await page.keyboard.press('ArrowLeft');
  await compose('de', '的');
  assert.equal(await field.inputValue(), '工作情的况', id);
}
const version = browser.version();
await browser.close();
assert.deepEqual(faults, [], 'errors of scripts and reports of the policy');
process.stdout.write(`passed: input method, Chromium ${version}\n`);
