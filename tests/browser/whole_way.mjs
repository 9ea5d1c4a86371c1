// The clerk's whole way: signs in, fills an empty form, generates the document and has its PDF.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { ADDRESS, KEY, interfaceRequest } from './support.mjs';

export async function run(office) {
  await signIn(office);
  await fillNotice(office);
  const sent = await generate(office);
  await hasTheSamePdf(office, sent);
  await renew(office);
  await search(office);
}

async function signIn(office) {
  const { page } = office;
  await page.goto(`${ADDRESS}/`);
  await page.waitForSelector('#key');
  await office.picture('sign-in');
  await office.isAccessible('sign-in');
  await page.fill('#key', 'ht_000000000000_' + 'a'.repeat(43));
  await page.click('button.main');
  await page.waitForSelector('.fault:has-text("密钥不正确")');
  await page.fill('#key', KEY);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.beginning');
  await office.picture('library-empty');
  await office.isAccessible('the empty library');
  const stored = await page.evaluate(() => Object.keys(localStorage).length + Object.keys(sessionStorage).length);
  assert.equal(stored, 0, 'the page keeps no key');
}

async function fillNotice(office) {
  const { page } = office;
  await page.click('a.main:has-text("新建公文")');
  await page.waitForSelector('.kinds');
  await office.picture('kinds');
  await office.isAccessible('the kinds');
  await page.click('.kinds .way:has(b:text-is("通知"))');
  await page.waitForSelector('.paper img');
  const type = async (pointer, text) => {
    await office.field(pointer).click();
    await page.keyboard.insertText(text);
  };
  await type('/document/issuers/0', '云州市民政局');
  await type('/document/document_number/agency_code', '云民发');
  await office.field('/document/document_number/serial').fill('7');
  await type('/document/title', '云州市民政局关于做好冬季临时救助工作的通知');
  await type('/document/primary_recipients/0', '各县（区）民政局');
  await type('/body/0', '为做好冬季临时救助工作，现就有关事项通知如下。');
  await page.keyboard.press('Enter');
  await page.keyboard.insertText('各地要组织开展走访排查，发现困难及时救助。');
  await type('/document/printing_office', '云州市民政局办公室');
  await office.field('/document/document_date').fill('2026-11-20');
  await office.field('/document/printing_date').fill('2026-11-20');
  await office.seesProblems('未发现问题');
  await office.field('/document/title').click();
  await page.evaluate(() => document.querySelector('.form-scroll').scrollTo(0, 0));
  await page.waitForSelector('.paper:nth-of-type(1) .mark');
  await office.picture('editor-notice');
  await office.isAccessible('the editor');
}

async function generate(office) {
  const { page } = office;
  const posted = page.waitForRequest(one => one.url() === `${ADDRESS}/v1/filings` && one.method() === 'POST');
  await page.click('button:text-is("生成公文")');
  await page.waitForSelector('dialog[open]');
  await office.picture('generate');
  await office.isAccessible('the question before the document is generated');
  await page.click('dialog button.main');
  const sent = (await posted).postData();
  await page.waitForSelector('.record .paper img');
  await office.picture('record');
  await office.isAccessible('the record');
  return sent;
}

async function hasTheSamePdf(office, sent) {
  const { page } = office;
  const downloading = page.waitForEvent('download');
  await page.click('button:text-is("下载PDF")');
  const download = await downloading;
  assert.equal(download.suggestedFilename(), '云民发〔2026〕7号 云州市民政局关于做好冬季临时救助工作的通知.pdf');
  const saved = await readFile(await download.path());
  const headers = { 'content-type': 'application/json' };
  const answer = await interfaceRequest('/v1/filings', { method: 'POST', headers, body: sent });
  assert.equal(answer.status, 201);
  const direct = Buffer.from(await answer.arrayBuffer());
  assert.ok(direct.equals(saved), 'the downloaded PDF has the bytes of the interface');
}

/** The filing of last year, with the next number. */
async function renew(office) {
  const { page } = office;
  await page.click('button:text-is("以此新建")');
  await page.waitForSelector('.editor .paper img');
  assert.equal(await office.field('/document/document_number/serial').inputValue(), '8');
  assert.equal(await office.field('/document/issuers/0').inputValue(), '云州市民政局');
  await page.click('.brand');
  await page.waitForSelector('.state-draft');
}

async function search(office) {
  const { page } = office;
  await page.waitForSelector('.state-filed');
  await office.picture('library');
  await office.isAccessible('the library');
  for (const typed of ['救助', '云民发〔2026〕7号', '2026', '云州市民政局']) {
    await page.fill('.search', typed);
    await page.waitForSelector('.list a:has-text("冬季临时救助")');
    await page.waitForFunction(() => document.querySelectorAll('.state-filed').length === 1);
  }
  await page.fill('.search', '没有这样的公文');
  await page.waitForSelector('td:has-text("没有符合条件的公文")');
}
