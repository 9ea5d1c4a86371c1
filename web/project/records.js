// A list of records as a table of fields: Enter and arrows move, rows of a spreadsheet can be pasted.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { halfWidth } from '../model/points.js';
import { memo } from '../shell/memo.js';
import { isComposing } from '../fields/keys.js';
import { Messages } from '../fields/field.js';
import { afterDrawing, fieldId, standIn } from '../fields/places.js';
import { rowForm } from '../fields/row-form.js';

/**
 * @param {{at: string, label: string, entry: string, columns: any[], records: any[], form: any,
 *   make: (before: any) => any, hint?: string}} props
 */
export function Records({ at, label, entry, columns, records, form, make, hint }) {
  const inside = one => one.pointer === at || one.pointer.startsWith(at + '/');
  const add = () => {
    form.apply(json.insert(form.doc, at, records.length, make(records[records.length - 1])));
    afterDrawing(() => standIn(`${at}/${records.length}/${columns[0].key}`));
  };
  const keys = columns.map(column => column.key).join(' ');
  return html`<div class="records" id=${fieldId(at)} role="group" aria-label=${label}>
    <span class="label">${label}</span>
    <div class="records-scroll">
      <table onKeyDown=${event => moveOn(event, at, form)} onPaste=${event => pasteRecords(event, at, columns, form, make)}>
        <thead><tr>${columns.map(column => html`<th key=${column.key} class=${column.isText ? 'wide-cell' : ''}>${column.name}</th>`)}<th></th></tr></thead>
        <tbody>${records.map((record, index) => html`<${Row} key=${index} at=${`${at}/${index}`} list=${at} index=${index} entry=${entry}
          columns=${columns} keys=${keys} record=${record} form=${rowForm(form, `${at}/${index}`)} />`)}</tbody>
      </table>
    </div>
    <button type="button" class="add" onClick=${add}>＋ ${entry}</button>
    ${hint && html`<span class="hint">${hint}</span>`}
    <${Messages} errors=${form.problems.errors.filter(inside)} warnings=${form.problems.warnings.filter(inside)} shown=${form.showsAll} />
  </div>`;
}

// The columns are a new list at each drawing; their keys say whether they are the same.
const Row = memoByKeys(({ at, list, index, entry, columns, record, form }) => html`<tr id=${fieldId(at)}>
  ${columns.map(column => html`<${Cell} key=${column.key} at=${`${at}/${column.key}`} column=${column} value=${record[column.key]}
    name=${`${entry}${index + 1}${column.name}`} form=${form} />`)}
  <td><button type="button" class="small" aria-label=${`删除${entry}${index + 1}`} title="删除"
    onClick=${() => form.removeEntry(list, index, record.title || record.name || entry)}>×</button></td>
</tr>`);

function memoByKeys(view) {
  const Inner = memo(({ keys, ...props }) => view(Object.assign({ columns: columnsOf.get(keys) }, props)));
  return ({ columns, ...props }) => {
    columnsOf.set(props.keys, columns);
    return html`<${Inner} ...${props} />`;
  };
}

const columnsOf = new Map();

function Cell({ at, column, value, name, form }) {
  const now = value === undefined || value === null ? '' : value;
  const isWrong = form.showsAll && form.problems.errors.some(one => one.pointer === at);
  const put = typed => {
    const text = column.isText ? typed : halfWidth(typed);
    if (column.isOptional && text === '') form.edit(at, undefined);
    else form.edit(at, column.isNumber ? Number(text) : text);
  };
  const shared = { id: fieldId(at), 'aria-label': name, 'aria-invalid': isWrong ? 'true' : null, class: isWrong ? 'wrong' : '' };
  if (column.options) {
    return html`<td><select ...${shared} onChange=${event => put(event.target.value)}>${column.options.map(([key, text]) => html`
      <option key=${key} value=${key} selected=${key === String(now)}>${text}</option>`)}</select></td>`;
  }
  if (!column.isText) {
    return html`<td><input ...${shared} autocomplete="off" value=${now} onInput=${event => put(event.target.value)} /></td>`;
  }
  return html`<td><div class="grow" data-text=${now + '\n'}>
    <textarea ...${shared} rows="1" value=${now} onInput=${event => put(event.target.value)}></textarea></div></td>`;
}

/** Enter goes to the field below, Alt and an arrow move the record. */
function moveOn(event, at, form) {
  const match = /\/(\d+)\/([a-z_]+)$/.exec(event.target.id || '');
  if (!match || isComposing(event)) return;
  const index = Number(match[1]);
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || (event.key !== 'Enter' && !event.altKey && event.target.tagName !== 'INPUT')) return;
  event.preventDefault();
  if (event.altKey) form.apply(json.move(form.doc, at, index, index + step));
  afterDrawing(() => {
    if (document.getElementById(fieldId(`${at}/${index + step}`))) standIn(`${at}/${index + step}/${match[2]}`);
  });
}

function pasteRecords(event, at, columns, form, make) {
  const match = /\/(\d+)\/([a-z_]+)$/.exec(event.target.id || '');
  const text = event.clipboardData.getData('text/plain');
  if (!match || !text.includes('\t')) return;
  event.preventDefault();
  const first = columns.findIndex(column => column.key === match[2]);
  const records = json.get(form.doc, at).slice();
  text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n').forEach((line, down) => {
    const index = Number(match[1]) + down;
    const record = Object.assign({}, records[index] || make(records[records.length - 1]));
    line.split('\t').forEach((cell, right) => {
      const column = columns[first + right];
      if (column && !column.options && (cell.trim() !== '' || !column.isOptional)) {
        record[column.key] = column.isText ? cell.trim() : halfWidth(cell.trim());
      }
    });
    records[index] = record;
  });
  form.apply(json.set(form.doc, at, records));
}
