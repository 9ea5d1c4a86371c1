// What is typed survives a reload, a lost line and the end of the session; undo; the input method.

import assert from 'node:assert/strict';
import { KEY, fixture } from './support.mjs';

const TITLE = '/document/title';

export async function run(office) {
  await office.signIn();
  await office.openDraft(fixture('valid/bazhong-2021-38.json'));
  await office.page.waitForSelector('.paper img');
  await reload(office);
  await lostLine(office);
  await undo(office);
  await keyboard(office);
  await sums(office);
  await pasteRows(office);
  await pageAndField(office);
  await composition(office);
  await hostileText(office);
  await sessionOver(office);
}

async function reload(office) {
  const { page } = office;
  await office.field(TITLE).fill('云州市民政局关于重新载入的报告');
  await page.reload();
  await page.waitForSelector('.paper img');
  assert.equal(await office.field(TITLE).inputValue(), '云州市民政局关于重新载入的报告');
}

async function lostLine(office) {
  const { page } = office;
  await office.context.setOffline(true);
  await office.field(TITLE).fill('云州市民政局关于线路中断的报告');
  await page.waitForSelector('.note-fault');
  await page.waitForSelector('.status:has-text("已存于本机")');
  await office.context.setOffline(false);
  await page.waitForSelector('.note-fault', { state: 'detached' });
}

async function undo(office) {
  const { page } = office;
  const title = await office.field('/scores/sections/0/groups/0/title').inputValue();
  await page.click(`[id="at/scores/sections/0/groups/0"] > .small`);
  await page.waitForSelector('.undone');
  assert.notEqual(await office.field('/scores/sections/0/groups/0/title').inputValue(), title);
  await page.click('.undone button');
  assert.equal(await office.field('/scores/sections/0/groups/0/title').inputValue(), title);
}

async function keyboard(office) {
  const { page } = office;
  const group = '/scores/sections/0/groups/0';
  await office.field(`${group}/title`).click();
  await page.keyboard.press('Enter');
  assert.equal(await office.focus(), `${group}/max_points`);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  assert.equal(await office.focus(), `${group}/indicators/0/title`);
  const title = await office.field(`${group}/title`).inputValue();
  await office.field(`${group}/title`).click();
  await page.keyboard.press('Alt+ArrowDown');
  await page.waitForFunction(({ id, title }) => document.getElementById(id).value === title, { id: 'at/scores/sections/0/groups/1/title', title });
  await page.keyboard.press('Alt+ArrowUp');
  await page.waitForFunction(({ id, title }) => document.getElementById(id).value === title, { id: `at${group}/title`, title });
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(() => document.activeElement.id === 'at/scores/sections/0/groups/1/title');
  await page.keyboard.press('Control+z');
  assert.notEqual(await office.field('/scores/sections/0/groups/1/title').inputValue(), '');
}

async function sums(office) {
  const { page } = office;
  const points = office.field('/scores/sections/0/groups/0/self_score');
  await points.fill('7.25');
  await page.waitForSelector('[id="at/scores/sections/0/groups/0"] .sum-differs:has-text("合计8")');
  await page.waitForSelector('[id="at/scores/sections/0"] .sum-differs:has-text("合计26.25")');
  await office.picture('sums');
  await page.click('[id="at/scores/sections/0/groups/0"] .sum-differs');
  assert.equal(await points.inputValue(), '8');
  await page.waitForSelector('.sum-differs', { state: 'detached' });
}

/** Rows of a spreadsheet become entries, in one step of undo. */
async function pasteRows(office) {
  const { page } = office;
  const list = '/scores/sections/0/groups/0/indicators';
  const before = await office.field(`${list}/0/title`).inputValue();
  await office.field(`${list}/0/title`).click();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', '（一）走访排查\t4\t４\r\n数据比对\t4\t3.5\r\n');
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  assert.equal(await office.field(`${list}/0/title`).inputValue(), '走访排查');
  assert.equal(await office.field(`${list}/0/self_score`).inputValue(), '4');
  assert.equal(await office.field(`${list}/1/title`).inputValue(), '数据比对');
  await page.waitForSelector('[id="at/scores/sections/0/groups/0"] .sum-differs:has-text("合计7.5")');
  await page.keyboard.press('Control+z');
  assert.equal(await office.field(`${list}/0/title`).inputValue(), before);
}

/** A field marks its text on the page; a click on the page leads to the field. */
async function pageAndField(office) {
  const { page } = office;
  await office.field('/document/copy_recipients/0').click();
  await page.waitForSelector('.paper:nth-of-type(12) .mark');
  await page.waitForSelector('.paper:nth-of-type(12) img');
  await office.field(TITLE).click();
  await page.waitForSelector('.paper:nth-of-type(1) .mark');
  await office.picture('editor-report');
  const box = await page.locator('.paper:nth-of-type(1)').boundingBox();
  // 发文字号 is in the left half, above the red rule.
  await page.mouse.click(box.x + box.width * 0.25, box.y + box.height * 0.437);
  assert.equal(await office.focus(), '/document/document_number/agency_code');
}

/** The word of the input method arrives once, and Enter within it begins no paragraph. */
async function composition(office) {
  const { page } = office;
  const field = office.field('/opening/0');
  await field.fill('');
  await page.waitForSelector('.note:has-text("尚未填写")');
  const session = await office.context.newCDPSession(page);
  const asked = [];
  page.on('request', one => asked.push(one.url()));
  await session.send('Input.imeSetComposition', { text: 'gongzuo', selectionStart: 7, selectionEnd: 7 });
  assert.equal(await field.inputValue(), 'gongzuo');
  await page.waitForSelector('.status:has-text("已保存于本机")');
  assert.deepEqual(asked, [], 'nothing is sent while a word is composed');
  await session.send('Input.insertText', { text: '工作' });
  assert.equal(await field.inputValue(), '工作');
  await page.keyboard.insertText('情况');
  assert.equal(await field.inputValue(), '工作情况');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+b');
  assert.equal(await field.inputValue(), '**工作情况**');
}

/** No text becomes markup or runs. */
async function hostileText(office) {
  const { page } = office;
  const hostile = `<img src=x onerror="document.title='!'">'"\`&lt;<script>document.title='!'</script>\${1}的报告`;
  await office.field(TITLE).fill(hostile);
  await page.click('.brand');
  await page.waitForSelector('.state-draft');
  assert.equal(await page.locator('.list a').first().textContent(), hostile);
  assert.equal(await page.locator('.list img, .list script').count(), 0);
  await page.locator('.list a').first().click();
  await page.waitForSelector('.editor');
  assert.equal(await office.field(TITLE).inputValue(), hostile);
}

async function sessionOver(office) {
  const { page } = office;
  await office.context.clearCookies();
  await office.field(TITLE).fill('云州市民政局关于登录到期的报告');
  await page.waitForSelector('.cover #key');
  await page.fill('.cover #key', KEY);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.cover', { state: 'detached' });
  assert.equal(await office.field(TITLE).inputValue(), '云州市民政局关于登录到期的报告');
  await page.waitForSelector('.note-fault', { state: 'detached' });
  await page.click('button:text-is("退出")');
  await page.waitForSelector('#key');
}
