// Pairs of a label and a text, such as 联系电话 and its number.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { Field, Messages } from '../fields/field.js';
import { afterDrawing, fieldId, problemsAt, standIn } from '../fields/places.js';

/** @param {{at: string, label: string, pairs: string[][]|undefined, form: any}} props */
export function Pairs({ at, label, pairs, form }) {
  const list = pairs || [];
  const { errors, warnings } = problemsAt(form.problems, at);
  const add = () => {
    form.apply(json.insert(form.doc, at, list.length, ['', '']));
    afterDrawing(() => standIn(`${at}/${list.length}/0`));
  };
  const remove = index => {
    const next = json.remove(form.doc, at, index);
    form.apply(list.length === 1 ? json.set(next, at, undefined) : next);
    afterDrawing(() => standIn(at));
  };
  return html`<div class="list-field" id=${fieldId(at)} role="group" aria-label=${label}>
    <span class="label">${label}</span>
    ${list.map((pair, index) => html`<div class="list-row" key=${index} id=${fieldId(`${at}/${index}`)}>
      ${pair.map((text, part) => html`<${Field} key=${part} at=${`${at}/${index}/${part}`} label=${part === 0 ? `名称${index + 1}` : `内容${index + 1}`}
        quiet form=${form} value=${text} />`)}
      <button type="button" class="small" title="删除" aria-label=${`删除第${index + 1}项`} onClick=${() => remove(index)}>×</button>
    </div>`)}
    <button type="button" class="add" onClick=${add}>＋ 一项</button>
    <${Messages} errors=${errors} warnings=${warnings} shown />
  </div>`;
}
