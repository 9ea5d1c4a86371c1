// A table as a grid of fields: arrows and Enter move, cells of a spreadsheet can be pasted.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { cellText, withCellText } from '../model/blocks.js';
import { isComposing } from '../fields/keys.js';
import { Messages, OptionalField } from '../fields/field.js';
import { fieldId, standIn } from '../fields/places.js';

/** @param {{at: string, table: any, form: any}} props */
export function Grid({ at, table, form }) {
  const inside = one => one.pointer.startsWith(at);
  const errors = form.problems.errors.filter(inside);
  const warnings = form.problems.warnings.filter(inside);
  const resize = change => form.apply(json.set(form.doc, at, change(table)));
  const hasSpans = JSON.stringify(table).includes('_span');
  return html`<div class="grid" id=${fieldId(at)}>
    <${OptionalField} at=${at + '/caption'} label="表题" form=${form} value=${table.caption} />
    <table onKeyDown=${event => moveOn(event, at)} onPaste=${event => pasteCells(event, at, table, form)}>
      ${['head', 'rows'].map(part => html`<tbody class=${part}>${(table[part] || []).map((row, y) => html`
        <tr key=${y}>${row.map((cell, x) => html`<${Cell} key=${x} at=${`${at}/${part}/${y}/${x}`} cell=${cell} form=${form}
          name=${part === 'head' ? '表头' : `第${y + 1}行第${x + 1}列`} />`)}</tr>`)}</tbody>`)}
    </table>
    <div class="grid-tools">
      <button type="button" class="add" onClick=${() => resize(withRow)}>＋ 行</button>
      <button type="button" class="add" disabled=${table.rows.length < 2} onClick=${() => resize(withoutRow)}>－ 行</button>
      ${!hasSpans && html`<button type="button" class="add" onClick=${() => resize(withColumn)}>＋ 列</button>
        <button type="button" class="add" disabled=${table.columns.length < 2} onClick=${() => resize(withoutColumn)}>－ 列</button>`}
    </div>
    <${Messages} errors=${errors} warnings=${warnings} shown />
  </div>`;
}

function Cell({ at, cell, name, form }) {
  const take = event => form.edit(at, withCellText(cell, event.target.value));
  return html`<td colspan=${cell.column_span || 1} rowspan=${cell.row_span || 1}>
    <input id=${fieldId(at)} aria-label=${name} autocomplete="off" value=${cellText(cell)} onInput=${take} />
  </td>`;
}

const each = (table, change) => Object.assign({}, table, {
  head: (table.head || []).map(change),
  rows: table.rows.map(change),
});

function withRow(table) {
  const row = table.columns.map(() => '');
  return Object.assign({}, table, { rows: table.rows.concat([row]) });
}

function withoutRow(table) {
  return Object.assign({}, table, { rows: table.rows.slice(0, -1) });
}

function withColumn(table) {
  const wider = each(table, row => row.concat(['']));
  return Object.assign(wider, { columns: table.columns.concat([{}]) });
}

function withoutColumn(table) {
  const narrower = each(table, row => row.slice(0, -1));
  return Object.assign(narrower, { columns: table.columns.slice(0, -1) });
}

function moveOn(event, at) {
  const match = /\/(head|rows)\/(\d+)\/(\d+)$/.exec(event.target.id || '');
  if (!match || isComposing(event) || event.altKey) return;
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const next = `${at}/${match[1]}/${Number(match[2]) + step}/${match[3]}`;
  if (!document.getElementById(fieldId(next))) return;
  event.preventDefault();
  standIn(next);
}

function pasteCells(event, at, table, form) {
  const match = /\/rows\/(\d+)\/(\d+)$/.exec(event.target.id || '');
  const text = event.clipboardData.getData('text/plain');
  if (!match || !text.includes('\t')) return;
  event.preventDefault();
  const [y, x] = [Number(match[1]), Number(match[2])];
  const rows = table.rows.slice();
  text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n').forEach((line, down) => {
    const row = (rows[y + down] || table.columns.map(() => '')).slice();
    line.split('\t').forEach((cell, right) => {
      if (x + right < row.length) row[x + right] = withCellText(row[x + right], cell.trim());
    });
    rows[y + down] = row;
  });
  form.apply(json.set(form.doc, at + '/rows', rows));
}
