// The parts of the page that know no browser: sums, pointers, searches, pasted text, versions.

import assert from 'node:assert/strict';
import { ADDRESS } from './support.mjs';

export async function run(office) {
  const { page } = office;
  await page.goto(`${ADDRESS}/`);
  await page.waitForSelector('#key');
  /** Calls a function of a module in the browser. */
  const call = (module, name, ...values) => page.evaluate(async ([module, name, values]) => {
    const script = document.querySelector('script[type=module]');
    const found = await import(new URL(`../${module}.js`, script.src).href);
    return found[name](...values);
  }, [module, name, values]);
  const cases = async (module, name, rows) => {
    for (const [values, expected] of rows) {
      assert.deepEqual(await call(module, name, ...values), expected, `${name}(${JSON.stringify(values)})`);
    }
  };
  await points(cases);
  await texts(cases);
  await searches(cases);
  await pointers(cases);
  await blocks(cases);
  await tables(cases);
  await twoVersions(cases);
  await versions(page);
}

async function points(cases) {
  await cases('model/points', 'hundredths', [
    [['4.5'], 450], [['-3'], -300], [['0.07'], 7], [['4.555'], null], [[''], null], [['四'], null], [['1e3'], null], [[8], 800],
  ]);
  await cases('model/points', 'text', [[[450], '4.5'], [[-7], '-0.07'], [[800], '8'], [[0], '0']]);
  // In binary fractions this is 0.30000000000000004.
  await cases('model/points', 'sum', [[[['0.1', '0.2']], 30], [[['1', '']], null], [[[]], null]]);
  await cases('model/points', 'halfWidth', [[['４．５'], '4.5'], [['－３'], '-3']]);
}

async function texts(cases) {
  await cases('clipboard/pasted', 'paragraphs', [[['　　一段\r\n\r\n  二段\n'], ['一段', '二段']], [[''], []]]);
  const row = (title, max, self) => ({ title, max_points: max, self_score: self });
  await cases('clipboard/pasted', 'scoreRows', [
    [['一、资金\t１０\t9.5\n（二）管理\t5'], [row('资金', '10', '9.5'), row('管理', '5', '')]], [['没有制表符'], null],
  ]);
  const stored = '得分{total.self_score}分';
  await cases('model/insertions', 'shown', [[[stored], '得分〔自评总分〕分']]);
  await cases('model/insertions', 'sent', [[['得分〔自评总分〕分'], stored], [['〔附件〕'], '〔附件〕']]);
  const record = { document_number: '云民发〔2026〕7号', title: '关于“A/B”的<通知>' };
  await cases('model/file-name', 'fileName', [[[record, '.pdf'], '云民发〔2026〕7号 关于“AB”的通知.pdf']]);
}

async function searches(cases) {
  const path = query => '/v1/filings?' + new URLSearchParams(query).toString();
  await cases('library/search', 'searchPath', [
    [[''], path({})],
    [['救助'], path({ title: '救助' })],
    [['2021 救助'], path({ year: '2021', title: '救助' })],
    [['巴市民政[2021]38号'], path({ document_number: '巴市民政[2021]38号' })],
    [['关于2021年度的报告'], path({ title: '关于2021年度的报告' })],
  ]);
}

async function pointers(cases) {
  const doc = { a: [{ 'x/y': 1 }, 2] };
  await cases('model/pointer', 'get', [[[doc, '/a/0/x~1y'], 1], [[doc, ''], doc], [[doc, '/b/c'], undefined]]);
  await cases('model/pointer', 'set', [[[doc, '/a/1', 3], { a: [{ 'x/y': 1 }, 3] }], [[doc, '/b/c', 1], { a: doc.a, b: { c: 1 } }]]);
  await cases('model/pointer', 'move', [[[doc, '/a', 0, 1], { a: [2, { 'x/y': 1 }] }], [[doc, '/a', 0, 2], doc]]);
  const place = (pointer, y) => ({ pointer, page: 1, x: 100, y, width: 300, height: 20 });
  const places = [place('/body/0', 100), place('/body/1/heading/title', 140)];
  await cases('preview/places', 'pointerAt', [
    [[places, 1, 150, 105], '/body/0'], [[places, 1, 150, 158], '/body/1/heading/title'], [[places, 1, 900, 105], null], [[places, 2, 150, 105], null],
  ]);
}

/** A block keeps all its text when it becomes one of another type. */
async function blocks(cases) {
  const runIn = { heading: { level: 2, title: '平台建设' }, paragraph: '实行三级审核。' };
  await cases('model/blocks', 'typeOf', [
    [['正文'], 'paragraph'], [[{ paragraph: '正文', heading: null, table: null }], 'paragraph'], [[runIn], 'run2'],
    [[{ paragraph: '一项', level: 3 }], 'item3'], [[{ article: '第一条' }], 'article'],
  ]);
  await cases('model/blocks', 'retyped', [
    [['平台建设。实行三级审核。', 'run2'], [runIn]],
    [[runIn, '2'], [{ heading: { level: 2, title: '平台建设' } }, '实行三级审核。']],
    [[runIn, 'item1'], [{ paragraph: '平台建设。实行三级审核。', level: 1 }]],
  ]);
  const roster = [{ label: '组　长', entries: ['程远山　局长'] }, { label: '成　员', entries: ['林若水', '沈清和'] }];
  const lines = '组　长：程远山　局长\n成　员：林若水\n沈清和';
  await cases('model/roster', 'rosterOf', [[[lines], roster], [['程远山'], [{ label: '', entries: ['程远山'] }]]]);
  await cases('model/roster', 'rosterText', [[[roster], lines]]);
  await cases('model/blocks', 'retyped', [
    [[{ roster }, 'paragraph'], lines.split('\n')], [['组　长：程远山　局长', 'roster'], [{ roster: roster.slice(0, 1) }]],
  ]);
}

async function tables(cases) {
  const wide = { text: '甲乙', column_span: 2 };
  const tall = { text: '甲丙', row_span: 2 };
  const rows = [['甲', '乙'], ['丙', '丁']];
  await cases('model/table', 'merged', [
    [[rows, 0, 0, false], [[wide], ['丙', '丁']]], [[rows, 0, 0, true], [[tall, '乙'], ['丁']]], [[[[wide], ['丙', '丁']], 0, 0, true], null],
  ]);
  await cases('model/table', 'split', [
    [[[[wide], ['丙', '丁']], 0, 0], [['甲乙', ''], ['丙', '丁']]], [[[[tall, '乙'], ['丁']], 0, 0], [['甲丙', '乙'], ['', '丁']]], [[rows, 0, 0], null],
  ]);
  const table = { columns: [{}, {}], rows: [[wide], ['丙', '丁']] };
  await cases('model/table', 'withoutColumn', [[[table], { columns: [{}], rows: [['甲乙'], ['丙']] }]]);
  await cases('model/table', 'withoutLastRow', [[[[[tall, '乙'], ['丁']]], [['甲丙', '乙']]]]);
}

/** An entry that was added to a list is one difference. */
async function twoVersions(cases) {
  const [mine, theirs] = [{ a: '1', list: ['甲', '丙'] }, { a: '2', list: ['甲', '乙', '丙'], b: { c: '3' } }];
  await cases('drafts/differences', 'differences', [
    [[mine, mine], []],
    [[{ a: null }, { a: null }], []],
  ]);
  const found = [{ pointer: '/a', mine: '1', theirs: '2' }, { pointer: '/list/1', mine: undefined, theirs: '乙' }, { pointer: '/b', mine: undefined, theirs: { c: '3' } }];
  await cases('drafts/differences', 'differences', [[[mine, theirs], found]]);
  await cases('drafts/differences', 'inWords', [[[{ heading: { level: 1, title: '甲' } }], '1　甲'], [[undefined], '（无）'], [['乙'], '乙']]);
  await cases('clipboard/tidied', 'blockOfLine', [
    [['第二条　本办法适用于全市。'], { article: '本办法适用于全市。' }], [['第一章　总则'], { chapter: '总则' }],
    [['（二）加强监督'], { heading: { level: 2, title: '加强监督' } }], [['2021年以来，全市'], '2021年以来，全市'],
    [['1.5万元'], '1.5万元'], [['3．各县要按月上报，逐级审核；逾期的通报。'], { paragraph: '各县要按月上报，逐级审核；逾期的通报。', level: 3 }],
  ]);
}

/** Typing in one field merges; undo and redo go through the versions. */
async function versions(page) {
  const seen = await page.evaluate(async () => {
    const script = document.querySelector('script[type=module]');
    const { History } = await import(new URL('../model/history.js', script.src).href);
    const history = new History('0');
    const states = [];
    history.change('1', '/title', 0);
    history.change('2', '/title', 500);
    history.change('3', '/title', 9000);
    history.change('4', '/body', 9100);
    for (const step of ['undo', 'undo', 'undo', 'undo', 'redo', 'redo']) {
      history[step]();
      states.push(history.present);
    }
    return states;
  });
  assert.deepEqual(seen, ['3', '2', '0', '0', '2', '3']);
}
