// 版记 and what precedes it: dates, annotation, seal, copies and printing.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { kindOf } from '../model/kinds.js';
import { Field, OptionalField } from '../fields/field.js';
import { ListField } from '../fields/list-field.js';

const SEALS = [['', '按惯例'], ['sealed', '加盖印章'], ['unsealed', '不加盖印章'], ['signature_stamp', '加盖签名章']];
const BINDING = [['', '左侧装订'], ['mirrored', '双面印制，左右对称']];

/** @param {{doc: any, form: any}} props */
export function Foot({ doc, form }) {
  const head = doc.document;
  const isPrinted = kindOf(doc).has.includes('print');
  const isList = Array.isArray(head.annotation);
  return html`<fieldset>
    <legend>落款和版记</legend>
    <div class="row">
      <${Field} at="/document/document_date" label="成文日期" type="date" className="w6" form=${form} value=${head.document_date} />
      <${Field} at="/document/seal" label="用印" className="w6" options=${SEALS} form=${form} value=${head.seal}
        onValue=${text => form.edit('/document/seal', text || undefined)} />
      <${Field} at="/document/binding" label="装订" className="w7" options=${BINDING} form=${form} value=${head.binding}
        onValue=${text => form.edit('/document/binding', text || undefined)} />
    </div>
    ${head.sign_off_positions && html`<${ListField} at="/document/sign_off_positions" label="签发职务" entry="职务" form=${form}
      values=${head.sign_off_positions} optional />`}
    ${head.seal === 'signature_stamp' && !head.sign_off_positions && html`<${ListField} at="/document/sign_off_positions" label="签发职务"
      entry="职务" form=${form} values=${[]} optional />`}
    ${isList ? html`<${ListField} at="/document/annotation" label="附注" entry="附注" form=${form} values=${head.annotation} optional />`
      : html`<${OptionalField} at="/document/annotation" label="附注" form=${form} value=${head.annotation}
          hint="如“联系人：……，电话：……”或“此件公开发布”，不写括号" />`}
    ${!isList && head.annotation && html`<button type="button" class="add"
      onClick=${() => form.apply(json.set(form.doc, '/document/annotation', [head.annotation, '']))}>＋ 另一条附注</button>`}
    ${head.attendance && html`
      <${ListField} at="/document/attendance/chair" label="主持" entry="主持人员" form=${form} values=${head.attendance.chair} optional />
      <${ListField} at="/document/attendance/present" label="出席" entry="出席人员" form=${form} values=${head.attendance.present} />
      <${ListField} at="/document/attendance/absent" label="请假" entry="请假人员" form=${form} values=${head.attendance.absent} optional />
      <${ListField} at="/document/attendance/observers" label="列席" entry="列席人员" form=${form}
        values=${head.attendance.observers} optional />
      <${ListField} at="/document/attendance/recorder" label="记录" entry="记录人员" form=${form}
        values=${head.attendance.recorder} optional />`}
    <${ListField} at="/document/copy_recipients" label="抄送机关" entry="抄送机关" form=${form} values=${head.copy_recipients} optional />
    <div class="row">
      ${isPrinted ? html`
        <${Field} at="/document/printing_office" label="印发机关" className="w9" form=${form} value=${head.printing_office} />
        <${Field} at="/document/printing_date" label="印发日期" type="date" className="w6" form=${form} value=${head.printing_date} />`
      : html`
        <${OptionalField} at="/document/printing_office" label="印发机关" className="w9" form=${form} value=${head.printing_office} />
        <${OptionalField} at="/document/printing_date" label="印发日期" type="date" className="w6" form=${form} value=${head.printing_date} />`}
    </div>
  </fieldset>`;
}
