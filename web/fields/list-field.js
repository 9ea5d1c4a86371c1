// A list of short texts, such as names of agencies: one line each.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { paragraphs } from '../clipboard/pasted.js';
import { isComposing } from './keys.js';
import { Field, Messages } from './field.js';
import { afterDrawing, fieldId, problemsAt, standIn } from './places.js';

/**
 * @param {{at: string, label: string, entry: string, form: any, values: string[]|undefined, optional?: boolean,
 *   hint?: string}} props
 */
export function ListField({ at, label, entry, form, values, optional, hint }) {
  const list = values || [];
  const apply = next => form.apply(next);
  const add = index => {
    apply(json.insert(form.doc, at, index, ''));
    afterDrawing(() => standIn(`${at}/${index}`));
  };
  const remove = index => {
    const next = json.remove(form.doc, at, index);
    const isEmpty = json.get(next, at).length === 0;
    apply(isEmpty && optional ? json.set(next, at, undefined) : next);
    afterDrawing(() => standIn(isEmpty ? at : `${at}/${Math.max(0, index - 1)}`));
  };
  const key = (event, index) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      if (index === list.length - 1 && list[index] !== '') add(index + 1);
      else if (index < list.length - 1) standIn(`${at}/${index + 1}`);
    } else if (event.key === 'Backspace' && list[index] === '' && (list.length > 1 || optional)) {
      event.preventDefault();
      remove(index);
    }
  };
  const paste = (event, index) => {
    const lines = paragraphs(event.clipboardData.getData('text/plain'));
    if (lines.length < 2) return;
    event.preventDefault();
    apply(json.insert(json.remove(form.doc, at, index), at, index, ...lines));
  };
  const { errors, warnings } = problemsAt(form.problems, at);
  return html`<div class="list-field" id=${fieldId(at)} role="group" aria-label=${label}>
    <span class="label">${label}</span>
    <div class="list-rows">
      ${list.map((value, index) => html`<div class="list-row" key=${index} onPaste=${event => paste(event, index)}>
        <${Field} at=${`${at}/${index}`} label=${`${entry}${list.length > 1 ? index + 1 : ''}`} quiet form=${form} value=${value}
          onKeyDown=${event => key(event, index)} />
        ${(list.length > 1 || optional) && html`<button type="button" class="small" title="删除" aria-label=${`删除${entry}${index + 1}`}
          onClick=${() => remove(index)}>×</button>`}
      </div>`)}
      <button type="button" class="add" onClick=${() => add(list.length)}>＋ ${entry}</button>
      ${hint && html`<span class="hint">${hint}</span>`}
      <${Messages} errors=${errors} warnings=${warnings} shown />
    </div>
  </div>`;
}
