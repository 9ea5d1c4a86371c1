// 印发的文件: the texts that the document issues, forwards or publishes, each with its attachments.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { Blocks } from './blocks.js';
import { Forwarded } from './forwarded.js';
import { Field, Messages, OptionalField } from '../fields/field.js';
import { afterDrawing, fieldId, problemsAt, standIn } from '../fields/places.js';

/** @param {{issued: any, form: any}} props */
export function Issued({ issued, form }) {
  const isList = Array.isArray(issued);
  const texts = isList ? issued : issued ? [issued] : [];
  const at = index => (isList ? `/issued/${index}` : '/issued');
  const add = () => {
    const next = { title: '', body: [''] };
    form.apply(json.set(form.doc, '/issued', texts.length === 0 ? next : texts.concat([next])));
    afterDrawing(() => standIn(texts.length === 0 ? '/issued/title' : `/issued/${texts.length}/title`));
  };
  const remove = index => {
    if (isList && texts.length > 1) form.removeEntry('/issued', index, texts[index].title || '印发的文件');
    else form.drop('/issued', texts[index].title || '印发的文件');
  };
  const own = problemsAt(form.problems, '/issued');
  return html`<fieldset id=${isList || texts.length === 0 ? fieldId('/issued') : null}>
    <legend>印发的文件</legend>
    ${texts.length === 0 && html`<p class="hint">印发、转发、公布办法、规划等的，在此写其全文，另起一页印在落款之后，不作为附件。</p>`}
    ${texts.map((text, index) => html`<${IssuedText} key=${index} at=${at(index)} text=${text} form=${form}
      label=${texts.length > 1 ? `印发文件${index + 1}` : '印发文件'} onRemove=${() => remove(index)} />`)}
    <button type="button" class="add" onClick=${add}>＋ 印发的文件</button>
    <${Messages} errors=${own.errors} warnings=${own.warnings} shown />
  </fieldset>`;
}

function IssuedText({ at, text, label, form, onRemove }) {
  const list = text.attachments || [];
  const own = at === '/issued' ? { errors: [], warnings: [] } : problemsAt(form.problems, at);
  const add = () => {
    form.apply(json.insert(form.doc, `${at}/attachments`, list.length, { title: '' }));
    afterDrawing(() => standIn(`${at}/attachments/${list.length}/title`));
  };
  return html`<div class="attachment" id=${fieldId(at)}>
    <div class="row">
      <${Field} at=${at + '/title'} label=${`${label}名称`} className="fill" grows form=${form} value=${text.title} />
      <button type="button" class="small" title="删除" aria-label=${`删除${label}`} onClick=${onRemove}>×</button>
    </div>
    <${OptionalField} at=${at + '/note'} label="题注" form=${form} value=${text.note} hint="何时何会议通过，不写括号" />
    <${Forwarded} at=${at} text=${text} label=${label} form=${form} />
    <${Blocks} at=${at + '/body'} label=${label} blocks=${text.body} form=${form} />
    ${list.map((one, index) => html`<${OwnAttachment} key=${index} at=${`${at}/attachments/${index}`} list=${at + '/attachments'}
      index=${index} entry=${one} label=${label} form=${form} />`)}
    <button type="button" class="add" onClick=${add}>＋ ${label}的附件</button>
    <${Messages} errors=${own.errors} warnings=${own.warnings} shown />
  </div>`;
}

/** An attachment of the issued text: listed alone, or with a text. */
function OwnAttachment({ at, list, index, entry, label, form }) {
  const own = problemsAt(form.problems, at);
  const remove = () => {
    if (json.get(form.doc, list).length > 1) form.removeEntry(list, index, entry.title || '附件');
    else form.drop(list, entry.title || '附件');
  };
  const name = `${label}附件${index + 1}`;
  return html`<div class="attachment" id=${fieldId(at)}>
    <div class="row">
      <${Field} at=${at + '/title'} label=${`${name}名称`} className="fill" form=${form} value=${entry.title} />
      <button type="button" class="small" title="删除" aria-label=${`删除${name}`} onClick=${remove}>×</button>
    </div>
    ${entry.body ? html`<${Blocks} at=${at + '/body'} label=${name} blocks=${entry.body} form=${form} />`
      : html`<button type="button" class="add" onClick=${() => form.apply(json.set(form.doc, at + '/body', ['']))}>＋ 附件正文</button>`}
    <${Messages} errors=${own.errors} warnings=${own.warnings} shown />
  </div>`;
}
