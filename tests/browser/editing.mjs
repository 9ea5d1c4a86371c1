// Undo inside a field, 一键修正, placeholders in grey, and what is pasted from Word and WPS.

import assert from 'node:assert/strict';
import { fixture } from './support.mjs';

export async function run(office) {
  await office.signIn();
  await ownUndo(office);
  await mend(office);
  await gaps(office);
  await paste(office);
  await pasteInOneField(office);
  await scoresOfAttachment(office);
  await statistics(office);
  await forwarded(office);
}

/** A communique of statistics is begun without a note, signed, and accepted. */
async function statistics(office) {
  const { page } = office;
  await page.goto(`${page.url().split('#')[0]}#/new`);
  await page.click('.kinds .way:has(b:text-is("统计公报"))');
  await page.waitForSelector('.gap');
  assert.equal(await page.locator('details:not([open]) [id="at/document/note"]').count(), 1, 'the note is optional');
  assert.match(await page.locator('[id="at/document/title-hint"]').textContent(), /统计公报/);
  await office.field('/document/issuers/0').fill('青原县统计局');
  await office.field('/document/document_number/agency_code').fill('青统公报');
  await office.field('/document/title').fill('青原县2025年国民经济和社会发展统计公报');
  await office.field('/body/0').fill('初步核算，全年地区生产总值186.4亿元。');
  await office.seesProblems('未发现问题');
  await page.waitForFunction(() => document.querySelectorAll('.gap').length === 0);
}

/** A document that is forwarded is written with its own number, addressees, sign-off and date. */
async function forwarded(office) {
  const { page } = office;
  const doc = fixture('valid/notice-forwarded-document.json');
  const plain = fixture('valid/notice-forwarded-document.json');
  for (const key of ['document_number', 'primary_recipients', 'sign_off', 'document_date', 'annotation']) delete plain.issued[key];
  await office.openDraft(plain);
  await page.click('summary:has-text("印发文件是转发的公文")');
  await page.click('button:text-is("＋ 原发文字号")');
  await office.field('/issued/document_number/agency_code').fill(doc.issued.document_number.agency_code);
  await office.field('/issued/document_number/serial').fill('36');
  const list = async (key, entry) => {
    for (const [index, name] of doc.issued[key].entries()) {
      await page.click(`button:text-is("＋ ${entry}")`);
      await office.field(`/issued/${key}/${index}`).fill(name);
    }
  };
  await list('primary_recipients', '原主送机关');
  await list('sign_off', '原署名机关');
  // Without a date the pages are shown with one, in grey.
  await page.waitForSelector('.problems [role=status]:has-text("1处待填")');
  await page.waitForSelector('.gap');
  await office.field('/issued/document_date').fill(doc.issued.document_date);
  await office.field('/issued/annotation').fill(doc.issued.annotation);
  await office.seesProblems('未发现问题');
  await office.field('/issued/sign_off_place').selectOption('below_title');
  await office.seesProblems('未发现问题');
  await office.field('/issued/sign_off_place').selectOption('');
  await page.click('button[aria-label="删除原发文字号"]');
  await page.waitForSelector('button:text-is("＋ 原发文字号")');
  await page.click('button:text-is("撤销")');
  await office.field('/issued/document_number/agency_code').waitFor();
  await office.isAccessible('a forwarded document');
}

/** Inside a field the browser's own undo works, word by word and with the caret. */
async function ownUndo(office) {
  const { page } = office;
  await office.openDraft(fixture('valid/notice-run-in-headings.json'));
  const title = office.field('/document/title');
  const before = await title.inputValue();
  await title.click();
  await page.keyboard.press('Home');
  await page.keyboard.insertText('甲');
  assert.equal(await title.inputValue(), '甲' + before);
  await page.keyboard.press('Control+z');
  assert.equal(await title.inputValue(), before);
  assert.equal(await title.evaluate(field => field.selectionStart), 0, 'the caret stays');
  await page.keyboard.press('Control+y');
  assert.equal(await title.inputValue(), '甲' + before);
  await page.keyboard.press('Control+z');
  // Bold is a step of the browser, too.
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Control+z');
  assert.equal(await title.inputValue(), before);
  const paragraph = office.field('/body/0');
  const text = await paragraph.inputValue();
  await paragraph.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+b');
  assert.equal(await paragraph.inputValue(), `**${text}**`);
  await page.keyboard.press('Control+z');
  assert.equal(await paragraph.inputValue(), text);
}

async function mend(office) {
  const { page } = office;
  const doc = fixture('valid/letter-2023-46.json');
  const right = doc.body[0].paragraph;
  doc.body[0] = right.replace('用', '\u2f64');
  await office.openDraft(doc);
  await page.waitForSelector('.problems [role=status]:has-text("1处错误")');
  await page.click('button:text-is("一键修正")');
  await page.waitForSelector('.mended:has-text("已改正1处")');
  await office.seesProblems('未发现问题');
  assert.equal(await office.field('/body/0').inputValue(), right);
  await office.picture('mend');
  await office.isAccessible('the mends');
  await page.click('.mended li button');
  assert.equal(await office.focus(), '/body/0');
  await page.click('button:text-is("撤销全部改正")');
  assert.equal(await office.field('/body/0').inputValue(), doc.body[0]);
  await page.click('button:text-is("一键修正")');
  await office.seesProblems('未发现问题');
  await page.click('button:text-is("一键修正")');
  await page.waitForSelector('.mended:has-text("没有可以自动改正之处")');
}

/** The score sheet of an attachment offers only what its table prints. What it must not have can be removed. */
async function scoresOfAttachment(office) {
  const { page } = office;
  const at = '/document/attachments/1/scores';
  const doc = fixture('valid/attachment-scores.json');
  await office.openDraft(doc);
  const all = page.locator(`[id="at${at}"]`);
  await all.waitFor();
  for (const key of ['placement', 'points_place', 'run_in', 'grades']) {
    assert.equal(await office.field(`${at}/${key}`).count(), 0, key);
    assert.equal(await office.field(`/scores/${key}`).count(), doc.scores ? 1 : 0, key);
  }
  assert.equal(await office.field(`${at}/not_applicable`).count(), 1);
  assert.equal(await all.locator('button:text-is("＋ 工作情况")').count(), 0);
  const refused = fixture('valid/attachment-scores.json');
  const { scores } = refused.document.attachments[1];
  Object.assign(scores, { placement: 'text', run_in: false });
  scores.sections[0].narrative = ['决策依据充分。'];
  await office.openDraft(refused);
  await page.waitForSelector('.problems [role=status]:has-text("3处错误")');
  await all.locator('summary:text-is("得分的用词和“不涉及”")').click();
  for (const key of ['placement', 'run_in']) {
    await page.click(`[id="at${at}/${key}"] button:text-is("删去")`);
    await office.field(`${at}/${key}`).waitFor({ state: 'detached' });
  }
  await all.locator('summary:text-is("工作情况1段")').click();
  const narrative = office.field(`${at}/sections/0/narrative/0`);
  await narrative.fill('');
  await narrative.press('Backspace');
  await narrative.waitFor({ state: 'detached' });
  await office.seesProblems('未发现问题');
}

/** What is still empty is grey on the page. */
async function gaps(office) {
  const { page } = office;
  await page.goto(`${page.url().split('#')[0]}#/new`);
  await page.click('.kinds .way:has(b:text-is("通知"))');
  await page.waitForSelector('.gap');
  const gapsNow = () => page.locator('.gap').count();
  const before = await gapsNow();
  await office.field('/document/title').fill('云州市民政局关于试验的通知');
  await page.waitForFunction(before => document.querySelectorAll('.gap').length < before, before);
}

/** The clipboard of Word, shortened: classes, styles, typed numbers of lists, an empty paragraph, a table. */
const WORD = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body>
<!--StartFragment--><p class=MsoNormal><b><span lang=EN-US>一、</span>总体情况<o:p></o:p></b></p>
<p class=MsoNormal style='text-indent:21.0pt'>　　全年下达资金<b>1,200</b>万元，&quot;应保尽保&quot;。<o:p></o:p></p>
<p class=MsoNormal>&nbsp;</p>
<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span><![endif]>走访排查。</p>
<p class=MsoNormal>（一）健全机制。建立周调度、月通报制度，逐县压实责任。</p>
<table class=MsoTableGrid><tr><td rowspan=2><p>县区</p></td><td colspan=2><p>资金</p></td></tr><tr><td><p>计划</p></td><td><p>完成</p></td></tr>
<tr><td><p><b>东岭县</b></p></td><td><p>600</p></td><td><p>598</p></td></tr></table>
<p class=MsoNormal onclick="alert(1)">&lt;img src=x onerror=alert(1)&gt;</p><!--EndFragment--></body></html>`;
const PLAIN = '一、总体情况\r\n　　全年下达资金1,200万元，"应保尽保"。\r\n \r\n1.走访排查。\r\n（一）健全机制。建立周调度、月通报制度，逐县压实责任。';

async function paste(office) {
  const { page } = office;
  const body = office.field('/body/0');
  await body.click();
  await put(page, PLAIN, WORD);
  await page.waitForSelector('.undone:has-text("已整理为6段")');
  const blocks = await stored(page);
  assert.deepEqual(blocks.slice(0, 4), [
    { heading: { level: 1, title: '总体情况' } },
    '全年下达资金**1,200**万元，"应保尽保"。',
    '走访排查。',
    { heading: { level: 2, title: '健全机制' }, paragraph: '建立周调度、月通报制度，逐县压实责任。' },
  ]);
  assert.deepEqual(blocks[4].table.head, [[{ text: '县区', row_span: 2 }, { text: '资金', column_span: 2 }], ['计划', '完成']]);
  assert.deepEqual(blocks[4].table.rows, [['东岭县', '600', '598']]);
  assert.equal(blocks[5], '<img src=x onerror=alert(1)>');
  await office.picture('pasted');
  await page.click('.undone button:text-is("按原文粘贴")');
  const raw = await stored(page);
  assert.deepEqual(raw, ['一、总体情况', '　　全年下达资金1,200万元，"应保尽保"。', '1.走访排查。', '（一）健全机制。建立周调度、月通报制度，逐县压实责任。']);
  await page.keyboard.press('Control+z');
  assert.deepEqual(await stored(page), ['']);
}

/** One line goes into the field, in a step that the browser itself takes back. */
async function pasteInOneField(office) {
  const { page } = office;
  const body = office.field('/body/0');
  await body.click();
  await page.keyboard.insertText('前后');
  await page.keyboard.press('ArrowLeft');
  await put(page, '中间', '<p><b>中间</b></p>');
  assert.equal(await body.inputValue(), '前**中间**后');
  await page.keyboard.press('Control+z');
  assert.equal(await body.inputValue(), '前后');
  await page.keyboard.press('Control+a');
  await put(page, '甲\t1\r\n乙\t2\r\n', '');
  assert.deepEqual((await stored(page)).map(block => block.table.head), [[['甲', '1']]]);
}

function put(page, plain, rich) {
  return page.evaluate(([plain, rich]) => {
    const data = new DataTransfer();
    data.setData('text/plain', plain);
    data.setData('text/html', rich);
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, [plain, rich]);
}

/** The blocks of the draft as the page keeps it. */
async function stored(page) {
  await page.keyboard.press('Control+s');
  await page.waitForSelector('.status:has-text("已保存")');
  return page.evaluate(async () => {
    const script = document.querySelector('script[type=module]');
    const { find } = await import(new URL('../drafts/store.js', script.src).href);
    return (await find(location.hash.split('/').pop())).doc.body;
  });
}
