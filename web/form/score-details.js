// What an entry of the score sheet says besides its points: the work done, the reason for lost points,
// supporting documents.

import { html } from '../vendor/standalone.module.js';
import { ListField } from '../fields/list-field.js';
import { OptionalField, Field } from '../fields/field.js';
import { Paragraphs } from '../fields/paragraphs.js';
import { fieldId } from '../fields/places.js';

/** @param {{at: string, entry: any, level: string, form: any, hasParts: boolean}} props */
export function Details({ at, entry, level, form, hasParts }) {
  const { narrative, reason, evidence, components, starred } = entry;
  const told = [
    narrative && narrative.length > 0 && `工作情况${narrative.length}段`,
    components && components.length > 0 && `${components.length}个分值在标题中`,
    reason && '扣分原因',
    evidence && evidence.length > 0 && `佐证材料${evidence.length}项`,
    starred && '★',
  ].filter(Boolean);
  const star = event => form.edit(at + '/starred', event.target.checked || undefined);
  return html`<details class="score-more">
    <summary>${told.length > 0 ? told.join('，') : '工作情况'}</summary>
    <${Paragraphs} at=${at + '/narrative'} label="工作情况" values=${narrative} form=${form} />
    ${(components || []).map((one, index) => html`<div class="row" key=${index} id=${fieldId(`${at}/components/${index}`)}>
      <${Field} at=${`${at}/components/${index}/name`} label="标题中的词" className="w9" form=${form} value=${one.name} />
      <${Field} at=${`${at}/components/${index}/max_points`} label="分值" className="w4" form=${form} value=${one.max_points} />
      <${Field} at=${`${at}/components/${index}/self_score`} label="自评得分" className="w4" form=${form} value=${one.self_score} />
    </div>`)}
    ${!hasParts && html`
      <${OptionalField} at=${at + '/reason'} label="扣分原因" grows form=${form} value=${reason} hint="只印在附件的自评表中" />
      <${ListField} at=${at + '/evidence'} label="佐证材料" entry="材料" form=${form} values=${evidence} optional />`}
    ${level === 'indicators' && html`<label class="tick"><input type="checkbox" checked=${Boolean(starred)} onChange=${star} /> 标题前印★</label>`}
  </details>`;
}
