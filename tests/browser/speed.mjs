// The size of the page, its first usable moment, and how soon a key is on the page beside the form.

import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { ADDRESS, fixture, percentile } from './support.mjs';

const LARGEST = 250000;
const KEYS = 30;
/** Two a second. */
const KEYS_AN_HOUR = 7200;

export async function run(office) {
  await size(office);
  await office.signIn();
  await preview(office);
  await manyIndicators(office);
  await anHourOfTyping(office);
}

async function size(office) {
  const { page } = office;
  const loaded = [];
  page.on('response', response => loaded.push(response));
  await page.goto(`${ADDRESS}/`);
  await page.waitForSelector('#key');
  const usable = await page.evaluate(() => performance.now());
  const files = loaded.filter(one => one.status() === 200 && !one.url().includes('/v1/'));
  const bodies = await Promise.all(files.map(one => one.body()));
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  process.stdout.write(`the page loads ${bodies.length} files, ${bytes} bytes (gzip), usable after ${Math.round(usable)} ms\n`);
  assert.ok(bytes <= LARGEST);
}

/** From the last key to the changed picture on the page. */
async function preview(office) {
  const { page } = office;
  await office.openDraft(fixture('valid/bazhong-2021-38.json'));
  await page.waitForSelector('.paper img');
  const field = office.field('/document/primary_recipients/0');
  await field.click();
  await page.keyboard.press('End');
  const times = [];
  for (let key = 0; key < KEYS; key++) {
    const before = await page.getAttribute('.paper img', 'src');
    const start = performance.now();
    await page.keyboard.insertText(key % 2 ? '局' : '厅');
    await page.waitForFunction(before => document.querySelector('.paper img').getAttribute('src') !== before, before, { polling: 'raf' });
    times.push(performance.now() - start);
  }
  const [half, most] = [percentile(times, 50), percentile(times, 95)].map(Math.round);
  process.stdout.write(`a key is on the page after ${half} ms (p50), ${most} ms (p95)\n`);
}

/** The time of script and layout for a key in a sheet of 400 indicators. */
async function manyIndicators(office) {
  const { page } = office;
  const doc = fixture('valid/bazhong-2021-38.json');
  const indicator = number => ({ title: `指标${number}`, max_points: '1', self_score: '1', narrative: ['已完成。'] });
  const groups = Array.from({ length: 20 }, (_, group) => ({
    title: `类${group}`, max_points: '20', self_score: '20', indicators: Array.from({ length: 20 }, (_, one) => indicator(group * 20 + one)),
  }));
  doc.scores.sections = [{ title: '部分', kind: 'base', max_points: '400', self_score: '400', groups }];
  doc.scores.total = { max_points: '400', self_score: '400' };
  await office.openDraft(doc);
  await page.waitForSelector('[id="at/scores/sections/0/groups/19/indicators/19/title"]');
  await page.waitForSelector('.paper img');
  const times = await page.evaluate(async () => {
    const field = document.getElementById('at/scores/sections/0/groups/10/indicators/10/title');
    field.scrollIntoView({ block: 'center' });
    field.focus();
    const times = [];
    for (let key = 0; key < 40; key++) {
      const start = performance.now();
      document.execCommand('insertText', false, '字');
      // Preact draws in a microtask.
      await Promise.resolve();
      field.getBoundingClientRect();
      times.push(performance.now() - start);
      await new Promise(done => requestAnimationFrame(done));
    }
    return times;
  });
  process.stdout.write(`400 indicators: a key takes ${percentile(times, 50).toFixed(1)} ms of script and layout (p50), ${percentile(times, 95).toFixed(1)} ms (p95)\n`);
}

/** The memory after as many keys as a clerk presses in an hour, without garbage. */
async function anHourOfTyping(office) {
  const { page } = office;
  await office.openDraft(fixture('valid/bazhong-2021-38.json'));
  await page.waitForSelector('.paper img');
  const session = await office.context.newCDPSession(page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize / 1e6;
  };
  await typeKeys(page, 400);
  const before = await heap();
  await typeKeys(page, KEYS_AN_HOUR);
  const after = await heap();
  process.stdout.write(`${KEYS_AN_HOUR} keys: the heap grows from ${before.toFixed(1)} to ${after.toFixed(1)} MB\n`);
  assert.ok(after - before < 16, 'the heap grows without end');
}

/** Types in ten fields in turn, a sentence in each, and removes it again. */
function typeKeys(page, count) {
  return page.evaluate(async count => {
    const fields = Array.from(document.querySelectorAll('.form textarea')).slice(0, 10);
    for (let key = 0; key < count; key++) {
      const field = fields[Math.floor(key / 40) % fields.length];
      if (key % 40 === 0) field.focus();
      if (key % 40 < 20) document.execCommand('insertText', false, '字');
      else document.execCommand('delete');
      await new Promise(done => requestAnimationFrame(done));
    }
  }, count);
}
