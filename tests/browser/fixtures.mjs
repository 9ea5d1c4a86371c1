// Every accepted submission can be written in the form: each value has a field, and editing loses nothing.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fixture, interfaceRequest } from './support.mjs';

/** Values that are chosen without a field of their own: the kind, the styles of blocks, merged cells. */
const CHOSEN = [
  /^\/document\/(form|document_kind)$/,
  // 署名 follows 发文机关.
  /^\/document\/sign_off\/\d+$/,
  /\/(heading\/level|level|column_span|row_span)$/,
  /^\/document\/attachments\/\d+\/score_table$/,
  /^\/(opening|closing)\/\d+\/score_table$/,
  // A list of names has one field for all its lines.
  /\/roster\/\d+\/(label|entries\/\d+)$/,
];

export async function run(office) {
  await office.signIn();
  for (const name of fixtures('valid').concat(fixtures('real'))) {
    const doc = fixture(name);
    const { page } = office;
    await office.openDraft(doc);
    await page.waitForSelector('.form');
    assert.deepEqual(await withoutField(page, leaves(doc, '')), [], `${name}: values without a field`);
    await typeEachValueAgain(page);
    await office.field('/document/issuers/0').press('Control+s');
    await page.waitForSelector('.status:has-text("已保存")');
    assert.deepEqual(await stored(page), doc, `${name}: the draft after editing`);
    if (name.startsWith('real/')) await postsTheSame(office, name, doc);
  }
}

function fixtures(folder) {
  const files = readdirSync(join(process.env.ROOT, 'fixtures', folder)).filter(file => file.endsWith('.json'));
  return files.map(file => `${folder}/${file}`);
}

/** The pointers of all texts, numbers and truth values. */
function leaves(value, pointer) {
  if (value === null || typeof value !== 'object') return [pointer];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${pointer}/${key}`));
}

async function withoutField(page, pointers) {
  const missing = await page.evaluate(all => all.filter(one => !document.getElementById('at' + one)), pointers);
  // A cell with spans has one field for its text.
  const isCell = one => /\/(head|rows)\/\d+\/\d+\/text$/.test(one);
  return missing.filter(one => !isCell(one) && !CHOSEN.some(chosen => chosen.test(one)));
}

/** Every field takes the value that it shows. */
function typeEachValueAgain(page) {
  return page.evaluate(() => {
    for (const field of document.querySelectorAll('.form input:not([type=checkbox]), .form textarea, .form select')) {
      field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
    }
  });
}

/** The draft as the page keeps it. */
function stored(page) {
  return page.evaluate(async () => {
    const script = document.querySelector('script[type=module]');
    const { find } = await import(new URL('../drafts/store.js', script.src).href);
    // The first save on the server gives the draft its id, in the address and in the store.
    for (;;) {
      const draft = await find(location.hash.split('/').pop());
      if (draft) return draft.doc;
      await new Promise(requestAnimationFrame);
    }
  });
}

async function postsTheSame(office, name, doc) {
  const { page } = office;
  await page.waitForSelector('.paper img');
  await page.click('button:text-is("生成公文")');
  await page.waitForSelector('dialog[open]');
  if (await page.locator('dialog .tick input').count()) await page.check('dialog .tick input');
  await page.click('dialog button.main');
  await page.waitForSelector('.record-number');
  const id = page.url().split('/').pop();
  const source = await (await interfaceRequest(`/v1/filings/${id}/source`)).json();
  assert.deepEqual(source, doc, `${name}: the archived source`);
}
