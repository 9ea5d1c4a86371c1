// 转发的公文: what an issued text has of a document of its own: 发文字号, 主送, 署名, 成文日期 and 附注.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { Field, Messages, OptionalField } from '../fields/field.js';
import { ListField } from '../fields/list-field.js';
import { afterDrawing, fieldId, problemsAt, standIn } from '../fields/places.js';
import { FORMATS } from './head.js';

const KEYS = ['document_number', 'primary_recipients', 'sign_off', 'sign_off_place', 'document_date', 'annotation'];
const PLACES = [['', '正文之下'], ['below_title', '标题之下']];
const NUMBER_PARTS = ['agency_code', 'year', 'serial', 'format'];

/** @param {{at: string, text: any, label: string, form: any}} props */
export function Forwarded({ at, text, label, form }) {
  const isOpen = KEYS.some(key => text[key] != null);
  const notes = text.annotation;
  return html`<details class="more-fields" open=${isOpen || null}>
    <summary>${label}是转发的公文：文号、主送、署名、日期</summary>
    <${OwnNumber} at=${at + '/document_number'} number=${text.document_number} form=${form} />
    <${ListField} at=${at + '/primary_recipients'} label="原主送机关" entry="原主送机关" form=${form} values=${text.primary_recipients} optional />
    <${ListField} at=${at + '/sign_off'} label="原署名" entry="原署名机关" form=${form} values=${text.sign_off} optional
      hint="不留印章位置" />
    <div class="row">
      <${Field} at=${at + '/sign_off_place'} label="署名的位置" className="w6" options=${PLACES} form=${form} value=${text.sign_off_place}
        onValue=${place => form.edit(at + '/sign_off_place', place || undefined)} />
      <${OptionalField} at=${at + '/document_date'} label="原成文日期" type="date" className="w6" form=${form} value=${text.document_date} />
    </div>
    ${Array.isArray(notes) ? html`<${ListField} at=${at + '/annotation'} label="原附注" entry="原附注" form=${form} values=${notes} optional />`
      : html`<${OptionalField} at=${at + '/annotation'} label="原附注" form=${form} value=${notes} hint="不写括号" />`}
  </details>`;
}

/** 发文字号 of the forwarded document, which it may not have. */
function OwnNumber({ at, number, form }) {
  // The fields are too narrow for sentences.
  const of = kind => [at, ...NUMBER_PARTS.map(part => `${at}/${part}`)].flatMap(pointer => problemsAt(form.problems, pointer)[kind]);
  const whole = (key, text) => form.edit(`${at}/${key}`, /^\d+$/.test(text) ? Number(text) : text);
  const add = () => {
    const year = form.doc.document.document_number.year;
    form.apply(json.set(form.doc, at, { agency_code: '', year, serial: 1 }));
    afterDrawing(() => standIn(`${at}/agency_code`));
  };
  if (!number) {
    return html`<div id=${fieldId(at)}><button type="button" class="add" onClick=${add}>＋ 原发文字号</button></div>`;
  }
  return html`<div class="row" id=${fieldId(at)}>
      <${Field} at=${at + '/agency_code'} label="原机关代字" bare className="w6" form=${form} value=${number.agency_code} />
      <${Field} at=${at + '/year'} label="年份" bare className="w4" form=${form} value=${number.year} onValue=${text => whole('year', text)} />
      <${Field} at=${at + '/serial'} label="序号" bare className="w4" form=${form} value=${number.serial} onValue=${text => whole('serial', text)} />
      <${Field} at=${at + '/format'} label="文号的印法" bare className="w7" options=${FORMATS} form=${form} value=${number.format}
        onValue=${format => form.edit(at + '/format', format || undefined)} />
      <button type="button" class="small" title="删除" aria-label="删除原发文字号" onClick=${() => form.drop(at, '原发文字号')}>×</button>
    </div>
    <${Messages} errors=${of('errors')} warnings=${of('warnings')} shown=${form.showsAll || number.agency_code !== ''} />`;
}
