// Word and Excel: the Word copy of a document, read again; a batch by Excel, and an Excel of what to mend.

import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADDRESS, fixture } from './support.mjs';
import { workbook } from './workbook.mjs';

export async function run(office) {
  await office.signIn();
  await wordCopy(office);
  await batchByExcel(office);
  await faultOfAll(office);
}

async function wordCopy({ page }) {
  const doc = fixture('valid/bazhong-2021-38.json');
  const id = await page.evaluate(async doc => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const response = await fetch('/v1/filings', { method: 'POST', headers, body: JSON.stringify(doc) });
    return (await response.json()).id;
  }, doc);
  await page.goto(`${ADDRESS}/#/filing/${id}`);
  await page.waitForSelector('.paper img');
  const downloading = page.waitForEvent('download');
  await page.click('button:text-is("下载Word（供编辑）")');
  const download = await downloading;
  assert.match(download.suggestedFilename(), /38号.*\.docx$/);
  const file = join(mkdtempSync(join(tmpdir(), 'hongtou-word-')), 'copy.docx');
  await download.saveAs(file);
  await page.goto(`${ADDRESS}/#/new`);
  await page.waitForSelector('.kinds');
  await page.setInputFiles('input[accept=".docx,.txt"]', file);
  await page.waitForSelector('[id="at/document/title"]');
  assert.equal(await page.inputValue('[id="at/document/title"] textarea, textarea[id="at/document/title"]'), doc.document.title);
}

/** With a fault in what all units share, nothing can be handed in. */
async function faultOfAll({ page }) {
  const file = join(mkdtempSync(join(tmpdir(), 'hongtou-units-')), 'units.xlsx');
  writeFileSync(file, workbook([
    ['各单位', [['单位', '标题'], ['甲县民政局', '关于试验的函']]],
    ['公文要素', [['项目', '内容'], ['密级', '机密级']]],
  ]));
  await page.goto(`${ADDRESS}/#/batches`);
  await page.setInputFiles('.drop input', file);
  await page.waitForSelector('p:text-is("读到1个单位；各单位共有的内容有错处，更正以前都不能提交。")');
  await page.waitForSelector('td:text-is("公文要素!B2")');
  assert.equal(await page.locator('.units button.main').count(), 0);
}

/** The workbook: one unit is right, one has a wrong cell, one breaks a rule. */
function units() {
  const heads = ['单位', '发文机关', '发文顺序号', '标题', '署名', '成文日期'];
  const of = (name, serial, title, date) => [name, name, serial, title, name, date];
  return workbook([
    ['各单位', [
      heads,
      of('甲县民政局', '11', '甲县民政局关于商请支持数据比对工作的函', '2023-05-06'),
      of('乙县民政局', '12', '乙县民政局关于商请支持数据比对工作的函', '2023-02-30'),
      of('丙县民政局', '13', '丙县民政局关于商请支持数据比对工作的公告', '2023-05-06'),
    ]],
    ['公文要素', [
      ['项目', '内容'], ['格式', '信函'], ['文种', '函'], ['行文方向', '平行文'], ['机关代字', '县民函'], ['年份', '2023'],
      ['主送机关', '省大数据中心'], ['正文', '现商请支持数据比对工作，请予支持。'],
    ]],
  ]);
}

async function batchByExcel(office) {
  const { page } = office;
  const file = join(mkdtempSync(join(tmpdir(), 'hongtou-units-')), 'units.xlsx');
  writeFileSync(file, units());
  await page.goto(`${ADDRESS}/#/batches`);
  await page.setInputFiles('.drop input', file);
  await page.waitForSelector('p:has-text("读到3个单位，其中1个的表格有错处")');
  await page.waitForSelector('td:text-is("各单位!F3")');
  await office.picture('units');
  await office.isAccessible('a workbook of many units');
  await page.click('button:text-is("提交其余2份")');
  await page.waitForSelector('h1:has-text("已完成")');
  await page.waitForSelector('.progress:has-text("共2件：已生成1件，不合格1件")');
  await page.waitForSelector('td:text-is("丙县民政局")');
  await page.waitForSelector('p:has-text("Excel中有这些公文的内容和原因，保存到")');
  const downloading = page.waitForEvent('download');
  await page.click('a:text-is("下载Excel，改后重新提交")');
  const download = await downloading;
  assert.match(download.suggestedFilename(), /\.xlsx$/);
  const toMend = join(mkdtempSync(join(tmpdir(), 'hongtou-mend-')), 'mend.xlsx');
  await download.saveAs(toMend);
  await page.goto(`${ADDRESS}/#/batches`);
  await page.setInputFiles('.drop input', toMend);
  await page.waitForSelector('p:text-is("读到1个单位。")');
}
