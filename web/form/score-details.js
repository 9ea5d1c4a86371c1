// What an entry of the score sheet says besides its points: the work done, the reason for lost points,
// supporting documents.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { ListField } from '../fields/list-field.js';
import { OptionalField, Field } from '../fields/field.js';
import { Paragraphs } from '../fields/paragraphs.js';
import { fieldId } from '../fields/places.js';

/**
 * An attachment does not print 工作情况; its field appears only if there is something to remove.
 * @param {{at: string, entry: any, level: string, form: any, isOfText: boolean, hasParts: boolean}} props
 */
export function Details({ at, entry, level, form, isOfText, hasParts }) {
  const { narrative, reason, evidence, components, starred } = entry;
  const told = [
    narrative && narrative.length > 0 && `工作情况${narrative.length}段`,
    components && components.length > 0 && `${components.length}个分值在标题中`,
    reason && '扣分原因',
    evidence && evidence.length > 0 && `佐证材料${evidence.length}项`,
    starred && '★',
  ].filter(Boolean);
  const hasNarrative = isOfText || (narrative && narrative.length > 0);
  const untold = isOfText ? '工作情况' : hasParts ? '其他' : '扣分原因、佐证材料';
  const isSpared = entry.self_score === '不涉及';
  const spare = event => form.edit(at + '/self_score', event.target.checked ? '不涉及' : '');
  const star = event => form.edit(at + '/starred', event.target.checked || undefined);
  return html`<details class="score-more">
    <summary>${told.length > 0 ? told.join('，') : untold}</summary>
    ${hasNarrative && html`<${Paragraphs} at=${at + '/narrative'} label="工作情况" values=${narrative} form=${form} />`}
    ${level === 'indicators' && html`<${Components} at=${at + '/components'} components=${components || []} form=${form} />`}
    ${!hasParts && html`
      <${OptionalField} at=${at + '/reason'} label="扣分原因" grows form=${form} value=${reason} hint="只印在附件的自评表中" />
      <${ListField} at=${at + '/evidence'} label="佐证材料" entry="材料" form=${form} values=${evidence} optional />`}
    <label class="tick"><input id=${fieldId(at + '/starred')} type="checkbox" checked=${Boolean(starred)} onChange=${star} /> 标题前印★</label>
    <label class="tick"><input type="checkbox" checked=${isSpared} onChange=${spare} /> 不涉及此项，不评分</label>
  </details>`;
}

/** Points that are printed inside the title, after words of it. */
function Components({ at, components, form }) {
  const add = () => form.apply(json.insert(form.doc, at, components.length, { name: '', max_points: '', self_score: '' }));
  const remove = index => {
    const next = json.remove(form.doc, at, index);
    form.apply(components.length === 1 ? json.set(next, at, undefined) : next);
  };
  return html`<div id=${fieldId(at)}>
    ${components.map((one, index) => html`<div class="row" key=${index} id=${fieldId(`${at}/${index}`)}>
      <${Field} at=${`${at}/${index}/name`} label="标题中的词" className="w9" form=${form} value=${one.name} />
      <${Field} at=${`${at}/${index}/max_points`} label="分值" className="w4" form=${form} value=${one.max_points} />
      <${Field} at=${`${at}/${index}/self_score`} label="自评得分" className="w4" form=${form} value=${one.self_score} />
      <button type="button" class="small in-row" title="删除" aria-label=${`删除标题中的分值${index + 1}`} onClick=${() => remove(index)}>×</button>
    </div>`)}
    <button type="button" class="add" onClick=${add}>＋ 标题中的分值</button>
  </div>`;
}
