// A workbook of many units: what was read of it, and the units that can be handed in.

import { html, useState } from '../vendor/standalone.module.js';
import { request } from '../shell/api.js';

/** The start of the names under which the units of a batch are kept while the window is open. */
const NAMES = 'hongtou-units-';
/** The most faults that are shown. */
const SHOWN = 100;

/** Whether a file is a workbook, by its name. @param {File} file */
export function isWorkbook(file) {
  return /\.(xlsx|xls|et)$/i.test(file.name);
}

/** Reads a workbook. @param {File} file */
export async function readUnits(file) {
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await request('/v1/imports/units', { method: 'POST', headers, body: file });
  return response.json();
}

/** The units without faults, one a line. @param {any[]} units */
function lines(units) {
  return new Blob(units.map(one => JSON.stringify(one.submission) + '\n'));
}

/** Keeps the names of the units for the page of their batch. */
function remember(batch, units) {
  try {
    sessionStorage.setItem(NAMES + batch, JSON.stringify(units.map(one => one.unit)));
  } catch (error) {
    // Without room for the names, the page counts the documents.
  }
}

/** The names of the units of a batch by its lines; empty if it was not handed in here. @param {string} batch */
export function unitNames(batch) {
  try {
    return JSON.parse(sessionStorage.getItem(NAMES + batch)) || [];
  } catch (error) {
    return [];
  }
}

/** What was read, with the faults by cell. @param {{read: any, onSend: (body: Blob) => Promise<string>, onClose: () => void}} props */
export function Units({ read, onSend, onClose }) {
  const [isBusy, setBusy] = useState(false);
  // A fault of what is common to all is a fault of every unit.
  const whole = read.common.length > 0 ? [] : read.units.filter(one => one.problems.length === 0);
  const faults = read.units.flatMap(one => one.problems.map(fault => Object.assign({ unit: one.unit }, fault)));
  const common = read.common.map(fault => Object.assign({ unit: '各单位' }, fault));
  const all = common.concat(read.problems.map(fault => Object.assign({ unit: '' }, fault)), faults);
  const send = async () => {
    setBusy(true);
    const id = await onSend(lines(whole));
    if (id) remember(id, whole);
    setBusy(false);
  };
  const bad = read.units.length - whole.length;
  const told = read.common.length > 0 ? '；各单位共有的内容有错处，更正以前都不能提交' : bad > 0 ? `，其中${bad}个的表格有错处，不能提交` : '';
  return html`<section class="units" aria-label="读入的工作簿">
    <p role="status">读到${read.units.length}个单位${told}。</p>
    ${all.length > 0 && html`<table class="list"><thead><tr><th class="w-date">单元格</th><th class="w-date">单位</th><th>要更正的</th></tr></thead>
      <tbody>${all.slice(0, SHOWN).map((one, index) => html`<tr key=${index}><td>${one.place}</td><td>${one.unit}</td><td>${one.message}</td></tr>`)}
      ${all.length > SHOWN && html`<tr><td colspan="3" class="quiet">另有${all.length - SHOWN}处。</td></tr>`}</tbody></table>`}
    <div class="acts">
      ${whole.length > 0 && html`<button type="button" class="main" disabled=${isBusy} onClick=${send}>${isBusy ? '正在提交…' : bad > 0 ? `提交其余${whole.length}份` : `提交${whole.length}份`}</button>`}
      <button type="button" onClick=${onClose}>${all.length > 0 ? '改好后重新选择' : '取消'}</button>
    </div>
  </section>`;
}
