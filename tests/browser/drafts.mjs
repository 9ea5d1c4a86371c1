// Drafts on the server: saved at every pause, shared, never overwritten by a second clerk, and numbered.

import assert from 'node:assert/strict';
import { ADDRESS, Office, fixture, interfaceRequest } from './support.mjs';

const TITLE = '/document/title';
const TITLES = ['第一稿', '第二稿', '第三稿', '对方所改', '断网时所写'].map(text => `云州市民政局关于${text}的通知`);

export async function run(office) {
  await office.signIn();
  const id = await savedAtEveryPause(office);
  const other = await Office.open();
  try {
    await twoClerks(office, other, id);
    await lineCut(office, other, id);
  } catch (error) {
    await other.page.screenshot({ path: `${process.env.FAILED}/other clerk.png` });
    throw error;
  }
  await other.close();
  await takesNumber(office, id);
  await files(office, id);
}

async function savedAtEveryPause(office) {
  const { page } = office;
  await office.openDraft(notice());
  await office.field(TITLE).fill(TITLES[0]);
  await page.waitForFunction(() => location.hash.startsWith('#/drafts/'));
  const id = page.url().split('/').pop();
  await isSaved(office, id, TITLES[0]);
  await office.field(TITLE).fill(TITLES[1]);
  await isSaved(office, id, TITLES[1]);
  await page.reload();
  await page.waitForSelector('.paper img');
  assert.equal(await office.field(TITLE).inputValue(), TITLES[1]);
  await page.click('button:text-is("分享")');
  await page.waitForSelector('.undone:has-text("链接已复制")');
  return id;
}

function notice() {
  const doc = fixture('valid/notice-run-in-headings.json');
  doc.document.issuers = ['云州市民政局'];
  doc.document.sign_off = ['云州市民政局'];
  doc.document.document_number = { agency_code: '云民发', year: 2024, serial: 7 };
  return doc;
}

/** Waits until the server has a title. */
async function isSaved(office, id, title) {
  await office.page.waitForSelector('.status:has-text("已保存")');
  const draft = await (await interfaceRequest(`/v1/drafts/${id}`)).json();
  assert.equal(draft.title, title);
}

/** The second clerk sees whose version is newer and what differs, and chooses. */
async function twoClerks(office, other, id) {
  await other.signIn();
  await other.page.goto(`${ADDRESS}/#/drafts/${id}`);
  await other.page.waitForSelector('.paper img');
  assert.equal(await other.field(TITLE).inputValue(), TITLES[1]);
  await other.field(TITLE).fill(TITLES[3]);
  await isSaved(other, id, TITLES[3]);

  const { page } = office;
  await office.field(TITLE).fill(TITLES[2]);
  await page.waitForSelector('dialog:has-text("另一版本更新")');
  const row = await page.locator('.differences tbody tr').allTextContents();
  assert.deepEqual(row, [`标题${TITLES[2]}${TITLES[3]}`]);
  await office.picture('two-versions');
  await office.isAccessible('two versions');
  await page.click('button:text-is("用对方的版本")');
  await page.waitForSelector('dialog', { state: 'detached' });
  assert.equal(await office.field(TITLE).inputValue(), TITLES[3]);
  await office.field(TITLE).click();
  await page.keyboard.press('Control+z');
  assert.equal(await office.field(TITLE).inputValue(), TITLES[2], 'the own version can be taken back');
  await isSaved(office, id, TITLES[2]);

  await other.field(TITLE).fill(TITLES[0]);
  await other.page.waitForSelector('dialog:has-text("另一版本更新")');
  await other.page.click('button:text-is("用我的版本")');
  await other.page.waitForSelector('dialog', { state: 'detached' });
  await isSaved(other, id, TITLES[0]);

  // Who looks at the page again sees what was saved meanwhile.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.waitForFunction(([id, title]) => document.getElementById(id).value === title, ['at' + TITLE, TITLES[0]]);
}

/** What is typed while the line is down is saved when it is back, unless another version is newer. */
async function lineCut(office, other, id) {
  const { page } = office;
  await page.reload();
  await page.waitForSelector('.paper img');
  await office.context.setOffline(true);
  await office.field(TITLE).fill(TITLES[4]);
  await page.waitForSelector('.status:has-text("未能保存到服务器，内容已存于本机")');
  await office.context.setOffline(false);
  await isSaved(office, id, TITLES[4]);

  await office.context.setOffline(true);
  await office.field(TITLE).fill(TITLES[1]);
  await page.waitForSelector('.status:has-text("未能保存到服务器")');
  await other.page.reload();
  await other.page.waitForSelector('.paper img');
  await other.field(TITLE).fill(TITLES[3]);
  await isSaved(other, id, TITLES[3]);
  await office.context.setOffline(false);
  await page.waitForSelector('dialog:has-text("另一版本更新")');
  await page.click('button:text-is("用我的版本")');
  await isSaved(office, id, TITLES[1]);
}

async function takesNumber(office, id) {
  const { page } = office;
  await page.click('button:text-is("取号")');
  await page.waitForSelector('dialog .main');
  await office.picture('number');
  await office.isAccessible('taking a number');
  await page.click('dialog .main');
  await page.waitForSelector('dialog', { state: 'detached' });
  const draft = await (await interfaceRequest(`/v1/drafts/${id}`)).json();
  assert.equal(await office.field('/document/document_number/serial').inputValue(), String(draft.number.serial));
  assert.equal(draft.document_number, draft.number.document_number);
}

async function files(office, id) {
  const { page } = office;
  await page.waitForSelector('.status:has-text("已保存")');
  await page.click('button:text-is("生成公文")');
  await page.waitForSelector('dialog[open]');
  if (await page.locator('dialog .tick input').count()) await page.check('dialog .tick input');
  await page.click('dialog button.main');
  await page.waitForSelector('.record-number');
  const draft = await (await interfaceRequest(`/v1/drafts/${id}`)).json();
  assert.equal(draft.state, 'filed');
  assert.equal(draft.filing, page.url().split('/').pop());
  await page.goto(`${ADDRESS}/#/drafts/${id}`);
  await page.waitForSelector('a:text-is("查看公文")');
  assert.ok(await office.field(TITLE).isDisabled());
}
