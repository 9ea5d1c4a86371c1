// 版头: who issues the document, its number, its title and whom it addresses.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { kindOf } from '../model/kinds.js';
import { Field, Messages, OptionalField } from '../fields/field.js';
import { ListField } from '../fields/list-field.js';
import { problemsAt } from '../fields/places.js';

const URGENCY = [['', '（无）'], ['特急', '特急'], ['加急', '加急']];
const LEVELS = [['', '（无）'], ['绝密', '绝密'], ['机密', '机密'], ['秘密', '秘密']];
const DIRECTIONS = [['upward', '上行文'], ['downward', '下行文'], ['parallel', '平行文']];
const SUFFIXES = [
  ['', '按文种'], ['文件', '文件'], ['命令', '命令'], ['令', '令'], ['纪要', '纪要'], ['公告', '公告'],
  ['通告', '通告'], ['无', '不加'],
];
export const FORMATS = [
  ['', '代字、年份、序号'], ['year_serial', '2021年第38号'], ['bracketed_year', '〔2021〕第38号'], ['serial', '第38号'], ['issue', '第38期'],
];
const SHEETS = [['', '不调整'], ['true', '能省一张纸时调整版式']];
const NUMBERINGS = [
  ['', '按惯例'], ['by_heading', '各级都重新编'], ['continuous', '全文连续编'], ['first_level_continuous', '第一级连续，其余重新编'],
];
const NUMBER_PARTS = ['agency_code', 'year', 'serial'];
const SHOWN = [['', '全部机关'], ['lead', '只列主办机关']];

/** @param {{doc: any, form: any}} props */
export function Head({ doc, form }) {
  const head = doc.document;
  const number = head.document_number;
  const kind = kindOf(doc);
  const has = name => kind.has.includes(name);
  // A communique that no meeting adopted has no note.
  const hasNote = has('note') && head.note != null;
  // The fields of 发文字号 are too narrow for sentences.
  const ofNumber = kind => [].concat(...NUMBER_PARTS.map(part => problemsAt(form.problems, `/document/document_number/${part}`)[kind]));
  const whole = (at, text) => form.edit(at, text === '' ? '' : /^\d+$/.test(text) ? Number(text) : text);
  return html`<fieldset id="at/document">
    <legend>版头</legend>
    <${ListField} at="/document/issuers" label="发文机关" entry="机关" form=${form} values=${head.issuers}
      hint=${head.issuers.length > 1 ? '主办机关在前' : ''} />
    ${(has('mark') || (head.issuer_mark || {}).text != null) && html`<${Field} at="/document/issuer_mark/text" label=${has('mark') ? '会议名称' : '标志文字'} form=${form}
      value=${(head.issuer_mark || {}).text} hint="印在红色标志中，如“局务会议”" />`}
    <div class="row" id="at/document/document_number">
      <${Field} at="/document/document_number/agency_code" label="机关代字" bare className="w6" form=${form} value=${number.agency_code} />
      <${Field} at="/document/document_number/year" label="年份" bare className="w4" form=${form} value=${number.year}
        onValue=${text => whole('/document/document_number/year', text)} />
      <${Field} at="/document/document_number/serial" label="序号" bare className="w4" form=${form} value=${number.serial}
        onValue=${text => whole('/document/document_number/serial', text)} />
      <button type="button" class="beside" onClick=${form.takeNumber}>取号</button>
      <p class="number-shown" aria-live="polite">${number.agency_code || '〔机关代字〕'}〔${number.year}〕${number.serial}号</p>
    </div>
    <${Messages} errors=${ofNumber('errors')} warnings=${ofNumber('warnings')} shown=${form.showsAll || number.agency_code !== ''} />
    ${(has('signatories') || head.signatories) && html`<${ListField} at="/document/signatories" label="签发人" entry="签发人"
      form=${form} values=${head.signatories} optional=${!has('signatories')} />`}
    ${Array.isArray(head.title)
      ? html`<${ListField} at="/document/title" label="标题（照此分行）" entry="标题行" form=${form} values=${head.title} />`
      : html`<${Field} at="/document/title" label="标题" grows form=${form} value=${head.title}
          hint=${kind.titled} />`}
    <button type="button" class="add" onClick=${() => form.apply(json.set(form.doc, '/document/title',
      Array.isArray(head.title) ? head.title.join('') : [head.title]))}>${Array.isArray(head.title) ? '由系统分行' : '自己分行'}</button>
    ${hasNote && html`<${Field} at="/document/note" label="题注" form=${form} value=${head.note} hint="何时何会议通过，不写括号" />`}
    ${(has('recipients') || head.primary_recipients) && html`<${ListField} at="/document/primary_recipients" label="主送机关" entry="主送机关"
      form=${form} values=${head.primary_recipients} optional=${!has('recipients')} />`}
    <${More} head=${head} form=${form} hasNote=${hasNote} />
  </fieldset>`;
}

function More({ head, form, hasNote }) {
  const level = text => {
    const years = (head.classification || {}).years;
    form.edit('/document/classification', text ? Object.assign({ level: text }, years ? { years } : {}) : undefined);
  };
  const mark = (key, text) => {
    const next = Object.assign({}, head.issuer_mark);
    if (text) next[key] = text;
    else delete next[key];
    form.edit('/document/issuer_mark', Object.keys(next).length > 0 ? next : undefined);
  };
  const now = head.issuer_mark || {};
  return html`<details class="more-fields">
    <summary>密级、紧急程度、份号等</summary>
    <div class="row">
      <${Field} at="/document/classification" label="密级" className="w5" options=${LEVELS} form=${form}
        value=${(head.classification || {}).level} onValue=${level} />
      ${head.classification && html`<${OptionalField} at="/document/classification/years" label="保密期限（年）" className="w4" type="number"
        form=${form} value=${head.classification.years} />`}
      <${Field} at="/document/urgency" label="紧急程度" className="w5" options=${URGENCY} form=${form} value=${head.urgency}
        onValue=${text => form.edit('/document/urgency', text || undefined)} />
      <${OptionalField} at="/document/copy_number" label="份号" className="w4" type="number" form=${form} value=${head.copy_number} />
    </div>
    <div class="row">
      <${Field} at="/document/direction" label="行文方向" className="w5" options=${DIRECTIONS} form=${form} value=${head.direction} />
      <${Field} at="/document/issuer_mark/issuers" label="标志中的机关" className="w6" options=${SHOWN} form=${form} value=${now.issuers}
        onValue=${text => mark('issuers', text)} />
      <${Field} at="/document/issuer_mark/suffix" label="标志的末尾" className="w5" options=${SUFFIXES} form=${form} value=${now.suffix}
        onValue=${text => mark('suffix', text)} />
    </div>
    <div class="row">
      <${Field} at="/document/document_number/format" label="文号的印法" className="w7" options=${FORMATS} form=${form}
        value=${head.document_number.format} onValue=${text => form.edit('/document/document_number/format', text || undefined)} />
      <${Field} at="/document/numbering" label="标题的编号" className="w7" options=${NUMBERINGS} form=${form} value=${head.numbering}
        onValue=${text => form.edit('/document/numbering', text || undefined)} />
      <${Field} at="/document/fewer_sheets" label="节约用纸" className="w7" options=${SHEETS} form=${form} value=${head.fewer_sheets ? 'true' : ''}
        onValue=${text => form.edit('/document/fewer_sheets', text ? true : undefined)} />
    </div>
    ${head.direction === 'upward' && html`<${ListField} at="/document/subordinates" label="下级机关（上行文不得抄送的）" entry="下级机关" form=${form}
      values=${head.subordinates} optional />`}
    ${!hasNote && html`<${OptionalField} at="/document/note" label="题注" form=${form} value=${head.note} hint="标题下括号内的话，不写括号" />`}
  </details>`;
}
