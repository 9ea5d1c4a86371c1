// A table as a grid of fields: arrows and Enter move, cells of a spreadsheet can be pasted.

import { html, useState } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { cellText, emptyTable, merged, split, withCellText, withColumn, withoutColumn, withoutLastRow } from '../model/table.js';
import { isComposing } from '../fields/keys.js';
import { Field, Messages, OptionalField } from '../fields/field.js';
import { afterDrawing, fieldId, standIn } from '../fields/places.js';

const ALIGNMENTS = [['', '居中'], ['left', '靠左'], ['right', '靠右']];
/** The end of the pointer of a cell: its list of rows, its row and its place in the row. */
const CELL = /^at(.*\/(?:head|rows))\/(\d+)\/(\d+)$/;

/** @param {{at: string, table: any, form: any}} props */
export function Grid({ at, table, form }) {
  const [active, setActive] = useState('');
  const inside = one => one.pointer.startsWith(at);
  const errors = form.problems.errors.filter(inside);
  const warnings = form.problems.warnings.filter(inside);
  const parts = ['', ...(table.sections || []).map((_, index) => `/sections/${index}`)];
  return html`<div class="grid" id=${fieldId(at)} onfocusin=${event => CELL.test(event.target.id) && setActive(event.target.id)}>
    <div class="row">
      <${OptionalField} at=${at + '/caption'} label="表题" form=${form} value=${table.caption} />
      <${OptionalField} at=${at + '/unit'} label="单位" className="w9" form=${form} value=${table.unit} />
    </div>
    ${parts.map((part, index) => html`<${Part} key=${part} at=${at + part} part=${json.get(table, part)} table=${table} at0=${at}
      form=${form} index=${index} />`)}
    <${Tools} at=${at} table=${table} form=${form} active=${active} />
    <${Columns} at=${at} table=${table} form=${form} />
    <${Messages} errors=${errors} warnings=${warnings} shown />
  </div>`;
}

/** The rows below one head. */
function Part({ at, part, table, at0, form, index }) {
  const put = (key, rows) => form.apply(json.set(form.doc, `${at}/${key}`, rows.length === 0 ? undefined : rows));
  const row = () => table.columns.map(() => '');
  const head = part.head || [];
  const remove = () => {
    const rest = table.sections.filter((_, other) => other !== index - 1);
    form.apply(json.set(form.doc, at0 + '/sections', rest.length > 0 ? rest : undefined));
  };
  return html`<table onKeyDown=${moveOn} onPaste=${event => pasteCells(event, table, form)}>
      ${['head', 'rows'].map(key => html`<tbody class=${key}>${(part[key] || []).map((cells, y) => html`
        <tr key=${y}>${cells.map((cell, x) => html`<${Cell} key=${x} at=${`${at}/${key}/${y}/${x}`} cell=${cell} form=${form}
          name=${`${key === 'head' ? '表头' : ''}第${y + 1}行第${x + 1}格`} />`)}</tr>`)}</tbody>`)}
    </table>
    <div class="grid-tools">
      <${Tool} name="＋ 行" onClick=${() => put('rows', part.rows.concat([row()]))} />
      <${Tool} name="－ 行" off=${part.rows.length < 2} onClick=${() => put('rows', withoutLastRow(part.rows))} />
      <${Tool} name="＋ 表头行" off=${head.length >= 4} onClick=${() => put('head', head.concat([row()]))} />
      <${Tool} name="－ 表头行" off=${head.length === 0 || (index > 0 && head.length === 1)} onClick=${() => put('head', withoutLastRow(head))} />
      ${index > 0 && html`<${Tool} name=${`删除第${index + 1}部分`} onClick=${remove} />`}
    </div>`;
}

function Tool({ name, off = false, onClick }) {
  return html`<button type="button" class="add" disabled=${off} onClick=${onClick}>${name}</button>`;
}

/** What changes the whole table, or the cell that was entered last. */
function Tools({ at, table, form, active }) {
  const resize = change => form.apply(json.set(form.doc, at, change(table)));
  const match = CELL.exec(active);
  const rows = match && json.get(form.doc, match[1]);
  const change = (make, name) => {
    const next = rows && rows[match[2]] && make(rows, Number(match[2]), Number(match[3]));
    return html`<${Tool} name=${name} off=${!next} onClick=${() => {
      form.apply(json.set(form.doc, match[1], next));
      afterDrawing(() => standIn(active.slice(2)));
    }} />`;
  };
  const extend = () => resize(one => Object.assign({}, one, {
    sections: (one.sections || []).concat([{ head: emptyTable().head.map(() => one.columns.map(() => '')), rows: [one.columns.map(() => '')] }]),
  }));
  return html`<div class="grid-tools">
    <${Tool} name="＋ 列" onClick=${() => resize(withColumn)} />
    <${Tool} name="－ 列" off=${table.columns.length < 2} onClick=${() => resize(withoutColumn)} />
    ${change((list, y, x) => merged(list, y, x, false), '与右格合并')}
    ${change((list, y, x) => merged(list, y, x, true), '与下格合并')}
    ${change(split, '拆分此格')}
    <${Tool} name="＋ 另一部分（有自己的表头）" onClick=${extend} />
  </div>`;
}

/** 列宽 and 对齐 of each column. */
function Columns({ at, table, form }) {
  const width = index => text => {
    const value = text === '' ? undefined : Number(text);
    // For all columns or for none.
    const columns = table.columns.map((column, other) => {
      const next = Object.assign({}, column, { width: other === index ? value : value && (column.width || 10) });
      if (next.width === undefined) delete next.width;
      return next;
    });
    form.apply(json.set(form.doc, at + '/columns', columns), `${at}/columns/${index}/width`);
  };
  return html`<details class="more-fields">
    <summary>列宽和对齐</summary>
    <div class="row">${table.columns.map((column, index) => html`<div key=${index} class="column">
      <${Field} at=${`${at}/columns/${index}/width`} label=${`第${index + 1}列宽`} className="w4" type="number" form=${form}
        value=${column.width} onValue=${width(index)} />
      <${Field} at=${`${at}/columns/${index}/align`} label="对齐" className="w4" options=${ALIGNMENTS} form=${form} value=${column.align}
        onValue=${text => form.edit(`${at}/columns/${index}/align`, text || undefined)} />
    </div>`)}</div>
    <p class="hint">宽是各列之间的比例；不填的，按文字多少自动分配。</p>
  </details>`;
}

function Cell({ at, cell, name, form }) {
  const take = event => form.edit(at, withCellText(cell, event.target.value));
  return html`<td colspan=${cell.column_span || 1} rowspan=${cell.row_span || 1}>
    <input id=${fieldId(at)} aria-label=${name} autocomplete="off" value=${cellText(cell)} onInput=${take} />
  </td>`;
}

function moveOn(event) {
  const match = CELL.exec(event.target.id || '');
  if (!match || isComposing(event) || event.altKey) return;
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const next = `${match[1]}/${Number(match[2]) + step}/${match[3]}`;
  if (!document.getElementById(fieldId(next))) return;
  event.preventDefault();
  standIn(next);
}

/** A pasted cell without blanks around it, except the full-width ones that indent the parts of a total. */
const withIndent = cell => cell.replace(/^[^\S\u3000]+|\s+$/g, '');

function pasteCells(event, table, form) {
  const match = CELL.exec(event.target.id || '');
  const text = event.clipboardData.getData('text/plain');
  if (!match || !text.includes('\t')) return;
  event.preventDefault();
  const [y, x] = [Number(match[2]), Number(match[3])];
  const rows = json.get(form.doc, match[1]).slice();
  text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n').forEach((line, down) => {
    if (match[1].endsWith('/head') && !rows[y + down]) return;
    const row = (rows[y + down] || table.columns.map(() => '')).slice();
    line.split('\t').forEach((cell, right) => {
      if (x + right < row.length) row[x + right] = withCellText(row[x + right], withIndent(cell));
    });
    rows[y + down] = row;
  });
  form.apply(json.set(form.doc, match[1], rows));
}
