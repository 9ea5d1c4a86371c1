// Each kind of problem leads to its field.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fixture, interfaceRequest } from './support.mjs';

/** What no form can make: other keys and other types of values. */
const NOT_OF_A_FORM = ['unknown_key', 'wrong_type', 'missing_key', 'one_of', 'more_findings'];

export async function run(office) {
  const { page } = office;
  await office.signIn();
  const seen = new Set();
  for (const name of cases()) {
    const doc = patched(name);
    if (!doc) continue;
    const all = await problemsOf(doc);
    const isNew = all.some(one => !seen.has(one.code));
    if (!isNew || all.some(one => NOT_OF_A_FORM.includes(one.code))) continue;
    all.forEach(one => seen.add(one.code));
    await office.openDraft(doc);
    await page.waitForSelector('.problems-head:not([disabled])');
    await page.click('.problems-head');
    await page.waitForFunction(count => document.querySelectorAll('.problem').length === count, all.length);
    await eachLeadsToItsField(office, name, all);
  }
  assert.ok(seen.size >= 40, `only ${seen.size} kinds of problems were seen`);
  process.stdout.write(`${seen.size} kinds of problems lead to their fields\n`);
}

/** What the interface says of a submission. */
async function problemsOf(doc) {
  const headers = { 'content-type': 'application/json' };
  const answer = await interfaceRequest('/v1/checks', { method: 'POST', headers, body: JSON.stringify(doc) });
  const { errors, warnings } = await answer.json();
  return errors.concat(warnings);
}

async function eachLeadsToItsField(office, name, problems) {
  const { page } = office;
  for (const { pointer, detail } of problems) {
    await page.locator('.problem', { has: page.locator(`span:text-is(${JSON.stringify(detail)})`) }).first().click();
    const at = await office.focus();
    assert.ok(at, `${name}: ${pointer} leads to no field`);
    assert.ok(isNear(at, pointer), `${name}: ${pointer} leads to ${at}`);
  }
}

/** The field is the place, inside it, or of the same part. */
function isNear(at, pointer) {
  const place = pointer.replace('/document/sign_off', '/document/issuers');
  const around = place.split('/').slice(0, 3).join('/');
  return at.startsWith(place) || place.startsWith(at) || at.startsWith(around) || at.split('/')[1] === place.split('/')[1];
}

function cases() {
  const folder = join(process.env.ROOT, 'fixtures');
  return ['invalid', 'warned'].flatMap(part => readdirSync(join(folder, part)).map(file => `${part}/${file}`));
}

/** The submission of a case; `null` if it is a body that no form has. */
function patched(name) {
  const { base, patch } = fixture(name);
  if (!base) return null;
  const doc = fixture(`valid/${base.replace(/\.json$/, '')}.json`);
  for (const { op, path, value } of patch) {
    const keys = path.slice(1).split('/').map(key => key.replace(/~1/g, '/').replace(/~0/g, '~'));
    const last = keys.pop();
    const around = keys.reduce((inner, key) => inner[key], doc);
    if (Array.isArray(around) && op !== 'replace') {
      const index = last === '-' ? around.length : Number(last);
      if (op === 'add') around.splice(index, 0, value);
      else around.splice(index, 1);
    } else if (op === 'remove') delete around[last];
    else around[last] = value;
  }
  return doc;
}
