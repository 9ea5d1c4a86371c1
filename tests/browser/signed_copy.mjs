// Uploads a signed PDF on the page of its filing and checks the verdict that is shown.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture, interfaceRequest } from './support.mjs';

export async function run(office) {
  const { page } = office;
  const { id, pdf } = await filing();
  const folder = mkdtempSync(join(tmpdir(), 'hongtou-signed-'));
  const [original, signed, other] = ['original.pdf', 'signed.pdf', 'other.txt'].map(name => join(folder, name));
  writeFileSync(original, pdf);
  writeFileSync(other, 'no PDF');
  execFileSync(join(process.env.ROOT, 'tests/system/sign_pdf.py'), [original, signed]);
  await office.signIn();
  await page.goto(`${new URL(page.url()).origin}/#/filing/${id}`);
  await page.waitForSelector('.drop');
  await page.waitForSelector('.inspection:has-text("逐字节相同")');
  await page.waitForSelector('.inspection:has-text("保管期限")');
  for (const [file, words] of [[other, 'PDF'], [original, '签']]) {
    await page.setInputFiles('.drop input', file);
    await page.waitForSelector(`.signed .fault:has-text("${words}")`);
  }
  await page.setInputFiles('.drop input', signed);
  await page.waitForSelector('.verdict:has-text("原件未动，仅加盖了签名")');
  // Nobody trusts the certificate.
  await page.waitForSelector('.verdict:has-text("核验未通过")');
  await page.waitForSelector('.inspection:has-text("归档时的核验结论不是通过")');
  await page.click('.verdict summary');
  assert.match(await page.locator('.verdict li').first().textContent(), /第1个签名：不能确定|第1个签名：无效/);
  await office.picture('signed');
  await office.isAccessible('the verdict');
  await page.click('.brand');
  await page.waitForSelector('.state-signed');
}

/** A filing made through the interface. */
async function filing() {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(fixture('valid/letter-2023-46.json'));
  const answer = await interfaceRequest('/v1/filings', { method: 'POST', headers, body });
  const id = answer.headers.get('location').split('/').pop();
  return { id, pdf: Buffer.from(await answer.arrayBuffer()) };
}
