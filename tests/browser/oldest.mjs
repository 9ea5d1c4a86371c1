// The clerk's way in Chromium 86, the oldest browser that the page supports.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { FLAGS, unpacked } from './old_browser.mjs';

const { OLD_PACKAGES, ADDRESS, KEY } = process.env;
// The newest Playwright that drives Chromium 86.
const { chromium } = createRequire(OLD_PACKAGES + '/')('playwright-core');

const browser = await chromium.launch({ executablePath: unpacked(OLD_PACKAGES, 'chrome-aws-lambda'), args: FLAGS });
const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
const faults = [];
page.on('pageerror', error => faults.push(error.message));
page.on('console', message => {
  if (message.text().includes('Content Security Policy')) faults.push(message.text());
});

/** Types into a field; the usual way needs a newer browser. */
async function type(pointer, text) {
  await page.evaluate(([id, text]) => {
    const field = document.getElementById(id);
    field.focus();
    field.select();
    document.execCommand('insertText', false, text);
  }, ['at' + pointer, text]);
}

async function press(selector) {
  await page.waitForSelector(selector);
  await page.$eval(selector, button => button.click());
}

await page.goto(`${ADDRESS}/`);
await page.waitForSelector('#key');
await page.evaluate(key => {
  document.getElementById('key').focus();
  document.execCommand('insertText', false, key);
}, KEY);
await press('button.main');
await press('button:has-text("打开示例")');
await page.waitForSelector('.paper img');
await type('/scores/sections/0/groups/0/self_score', '7');
await page.waitForSelector('.sum-differs');
await page.waitForSelector('.problems [role=status]:has-text("2处错误")');
await type('/scores/sections/0/groups/0/self_score', '8');
await page.waitForSelector('.problems [role=status]:has-text("未发现问题")');
await press('.bar button.main');
await press('dialog button.main');
await page.waitForSelector('.record .paper img');
const version = browser.version();
await browser.close();
assert.deepEqual(faults, [], 'errors of scripts and reports of the policy');
process.stdout.write(`passed: oldest browser, Chromium ${version}\n`);
