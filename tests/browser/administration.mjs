// Batches and 管理: progress and reasons of a batch; keys, sessions, numbers, acts and health.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADDRESS, Office, fixture } from './support.mjs';

export async function run(office) {
  await office.signIn();
  await batch(office);
  const key = await keys(office);
  await sessions(office, key);
  await sequences(office);
  await audit(office);
  await revoke(office, key);
  await health(office);
}

async function batch(office) {
  const { page } = office;
  await page.click('a:text-is("批量生成")');
  await page.waitForSelector('.drop');
  await office.isAccessible('the batches');
  const line = serial => {
    const doc = fixture('valid/letter-2023-46.json');
    doc.document.document_number.serial = serial;
    if (serial === 902) doc.document.document_date = '2023-02-30';
    return JSON.stringify(doc);
  };
  const file = join(mkdtempSync(join(tmpdir(), 'hongtou-batch-')), 'letters.ndjson');
  writeFileSync(file, [901, 902, 903].map(line).join('\n') + '\n{"document"');
  await page.setInputFiles('.drop input', file);
  await page.waitForSelector('h1:has-text("已完成")');
  await page.waitForSelector('.progress:has-text("共4件：已生成2件，不合格2件")');
  await page.waitForSelector('td:text-is("第2份")');
  assert.match(await page.locator('tbody tr:has(td:text-is("第2份")) td').nth(1).textContent(), /成文日期|日期/);
  await office.picture('batch');
  await office.isAccessible('a batch');
  const downloading = page.waitForEvent('download');
  await page.click('a:has-text("ZIP")');
  assert.match((await downloading).suggestedFilename(), /\.zip$/);
}

/** Adds a key for an agency; it is shown once. */
async function keys(office) {
  const { page } = office;
  await page.click('.bar a:text-is("管理")');
  await page.waitForSelector('.list');
  await page.click('button:text-is("添加密钥")');
  await page.fill('#key-name', '社会救助科');
  await page.fill('#key-agency', '云州市民政局');
  await page.fill('#key-expires', '2020-01-01');
  await page.click('dialog button.main');
  await page.waitForSelector('dialog .fault:has-text("已过")');
  await page.fill('#key-expires', '2099-12-31');
  await office.isAccessible('adding a key');
  await page.click('dialog button.main');
  await page.waitForSelector('.secret');
  const key = await page.inputValue('.secret');
  assert.match(key, /^ht_/);
  await page.click('dialog button.main');
  await page.waitForSelector('td:has-text("社会救助科")');
  await office.picture('keys');
  await office.isAccessible('the keys');
  return key;
}

/** A person whose session is ended must sign in again, and keeps what was typed. */
async function sessions(office, key) {
  const { page } = office;
  const other = await Office.open();
  await other.signIn(key);
  assert.equal(await other.page.locator('.bar a:text-is("管理")').count(), 0);
  await other.page.goto(`${ADDRESS}/#/admin/keys`);
  await other.page.waitForSelector('main:has-text("管理须有管理角色")');
  await other.openDraft(fixture('valid/letter-2023-46.json'));
  await page.click('a:text-is("会话")');
  page.once('dialog', dialog => dialog.accept());
  await page.click('button[aria-label="结束登录 社会救助科"]');
  await page.waitForSelector('td:has-text("社会救助科")', { state: 'detached' });
  await other.field('/document/title').fill('四川省民政厅关于试验的函');
  await other.page.waitForSelector('.cover #key');
  await other.page.fill('.cover #key', key);
  await other.page.keyboard.press('Enter');
  await other.page.waitForSelector('.cover', { state: 'detached' });
  assert.equal(await other.field('/document/title').inputValue(), '四川省民政厅关于试验的函');
  await other.close();
}

async function sequences(office) {
  const { page } = office;
  await page.click('a:text-is("机关和文号")');
  await page.fill('#agency', '四川省民政厅');
  await page.fill('#agency-year', '2023');
  await page.click('button:text-is("查看")');
  await page.waitForSelector('td:text-is("川民函")');
  await page.fill('#sequence-code', '川民函');
  await page.fill('#sequence-start', '905');
  await page.fill('#sequence-first', '901');
  await page.click('button:text-is("设置")');
  await page.waitForSelector('td:text-is("905号")');
  await page.waitForSelector('td:has-text("902号")');
  await office.picture('sequences');
  await office.isAccessible('the sequences');
}

async function audit(office) {
  const { page } = office;
  await page.click('a:text-is("操作记录")');
  await page.waitForSelector('td:text-is("添加密钥")');
  await page.selectOption('#audit-act', 'session_ended');
  await page.waitForFunction(() => {
    const acts = Array.from(document.querySelectorAll('.list tbody td:nth-child(3)'));
    return acts.length > 0 && acts.every(cell => cell.textContent === '结束会话');
  });
  await office.isAccessible('the audit trail');
}

async function revoke(office, key) {
  const { page } = office;
  await page.click('a:text-is("密钥")');
  page.once('dialog', dialog => dialog.accept());
  await page.click('button[aria-label="撤销密钥 社会救助科"]');
  await page.waitForSelector('tr.gone:has-text("社会救助科")');
  const refused = await fetch(`${ADDRESS}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal(refused.status, 401);
}

async function health(office) {
  const { page } = office;
  await page.click('a:text-is("运行情况")');
  await page.waitForSelector('p:has-text("一切正常")');
  assert.equal(await page.locator('.state-approved').count(), 3);
}
