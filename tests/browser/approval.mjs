// 审签: sent, returned with a remark, sent again, agreed and approved, each by another person; then filed.

import assert from 'node:assert/strict';
import { ADDRESS, Office, fixture } from './support.mjs';

export async function run(office) {
  const [clerk, reviewer, signer] = [office, await Office.open(), await Office.open()];
  await clerk.signIn(process.env.CLERK_KEY);
  await reviewer.signIn(process.env.REVIEWER_KEY);
  await signer.signIn(process.env.SIGNER_KEY);
  const { page } = clerk;
  await clerk.openDraft(fixture('valid/letter-2023-46.json'));
  await clerk.field('/document/title').fill('四川省民政厅关于商请支持开展数据比对工作的函');
  await page.waitForFunction(() => location.hash.startsWith('#/drafts/'));
  await page.waitForSelector('.status:has-text("已保存")');
  const id = page.url().split('/').pop();
  assert.equal(await page.locator('button:text-is("生成公文")').count(), 0, 'no filing without approval');
  await clerk.picture('send');
  await step(clerk, '送审', '请审核');
  await page.waitForSelector('.state-name:text-is("待审核")');
  assert.ok(await clerk.field('/document/title').isDisabled(), 'what is under review is locked');

  await open(reviewer, id);
  // They see the pages without the role of writers.
  await reviewer.page.waitForSelector('.paper img');
  await reviewer.picture('review');
  await reviewer.page.click('button:text-is("退回")');
  await reviewer.page.click('dialog button.main');
  await reviewer.page.waitForSelector('dialog .fault:has-text("请写明退回的意见")');
  await reviewer.isAccessible('the question before a step');
  await reviewer.page.fill('#remark', '请补充联系人');
  await reviewer.picture('return');
  await reviewer.page.click('dialog button.main');
  await reviewer.page.waitForSelector('.state-name:text-is("已退回")');

  await open(clerk, id);
  await page.click('.state-name');
  await page.waitForSelector('.taken:has-text("请补充联系人")');
  await clerk.picture('steps');
  await page.click('dialog button.main');
  await clerk.field('/document/title').fill('四川省民政厅关于商请支持开展信息数据比对工作的函');
  await page.waitForSelector('.status:has-text("已保存")');
  await step(clerk, '送审', '');
  await page.waitForSelector('.state-name:text-is("待审核")');

  await open(reviewer, id);
  await step(reviewer, '审核同意', '');
  await reviewer.page.waitForSelector('.state-name:text-is("待签发")');
  await signer.page.reload();
  await signer.page.click('.filter:text-is("审签中")');
  await signer.page.waitForSelector('.state-pending:text-is("待签发")');
  await open(signer, id);
  await signer.page.waitForSelector('.paper img');
  await step(signer, '签发', '同意');
  await signer.page.waitForSelector('.state-name:text-is("已签发")');

  await open(clerk, id);
  await page.click('button:text-is("生成公文")');
  await page.waitForSelector('dialog[open]');
  if (await page.locator('dialog .tick input').count()) await page.check('dialog .tick input');
  await page.click('dialog button.main');
  await page.waitForSelector('.record-number');
  await reviewer.close();
  await signer.close();
}

async function open({ page }, id) {
  await page.goto(`${ADDRESS}/#/`);
  await page.waitForSelector('h1:text-is("公文库")');
  await page.goto(`${ADDRESS}/#/drafts/${id}`);
  await page.waitForSelector('.state-name');
}

async function step({ page }, name, remark) {
  await page.click(`.bar button:text-is("${name}")`);
  await page.waitForSelector('dialog[open]');
  if (remark) await page.fill('#remark', remark);
  await page.click('dialog button.main');
  await page.waitForSelector('dialog', { state: 'detached' });
}
