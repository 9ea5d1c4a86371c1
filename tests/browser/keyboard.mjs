// The clerk's whole way by keyboard alone, from the sign-in to the PDF.

import assert from 'node:assert/strict';
import { ADDRESS, KEY } from './support.mjs';

export async function run(office) {
  const { page } = office;
  await page.goto(`${ADDRESS}/`);
  await page.waitForFunction(() => document.activeElement.id === 'key');
  await page.keyboard.insertText(KEY);
  await page.keyboard.press('Enter');
  await page.waitForSelector('h1:text-is("公文库")');
  await tabTo(page, 'a:新建公文');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.kinds');
  await tabTo(page, 'button:通知');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.paper img');
  await fill(office);
  await office.seesProblems('未发现问题');
  await generate(office);
}

async function fill(office) {
  const { page } = office;
  const type = async (pointer, text) => {
    await tabToField(page, pointer);
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
  };
  await type('/document/issuers/0', '云州市民政局');
  // Enter adds a line, Backspace in the empty one removes it.
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement.id === 'at/document/issuers/1');
  await page.keyboard.press('Backspace');
  await page.waitForFunction(() => document.activeElement.id === 'at/document/issuers/0');
  await type('/document/document_number/agency_code', '云民发');
  await type('/document/document_number/serial', '31');
  await type('/document/title', '云州市民政局关于键盘操作的通知');
  await type('/document/primary_recipients/0', '各县（区）民政局');
  await type('/body/0', '一、总体要求');
  await page.keyboard.press('Enter');
  await page.keyboard.insertText('各地要认真组织，逐项落实。');
  // The style of the first paragraph, by its select.
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowDown');
  assert.equal(await office.field('/body/0/heading/title').inputValue(), '总体要求');
  await type('/document/printing_office', '云州市民政局办公室');
  // F8 stands in what is still missing; nothing is.
  await page.keyboard.press('F8');
}

async function generate(office) {
  const { page } = office;
  await page.keyboard.press('F9');
  await page.waitForSelector('dialog[open]');
  assert.ok(await page.evaluate(() => document.activeElement.closest('dialog') !== null), 'the focus is in the dialog');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  await page.keyboard.press('F9');
  await page.waitForSelector('dialog[open]');
  if (await page.locator('dialog .tick input').count()) {
    await tabTo(page, 'input:');
    await page.keyboard.press('Space');
  }
  await tabTo(page, 'button:生成');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.record-number');
  await tabTo(page, 'button:下载PDF');
  const downloading = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  assert.equal((await downloading).suggestedFilename(), '云民发〔2026〕31号 云州市民政局关于键盘操作的通知.pdf');
}

/** Presses Tab until an element has the focus, which must be visible: `tag:start of its text`. */
async function tabTo(page, name) {
  await tab(page, name, name => {
    const [tag, text] = name.split(':');
    const now = document.activeElement;
    return now.localName === tag && now.textContent.trim().startsWith(text);
  });
}

async function tabToField(page, pointer) {
  await tab(page, 'at' + pointer, id => document.activeElement.id === id);
}

async function tab(page, name, isThere) {
  for (let key = 0; key < 120; key++) {
    if (await page.evaluate(isThere, name)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${name}`);
}
