// How the scores are printed and counted: placement, wording, run-in narrative, 不涉及 and grades.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { Field, Messages } from '../fields/field.js';
import { afterDrawing, fieldId, problemsAt, standIn } from '../fields/places.js';

const PLACEMENTS = [['', '写在正文中'], ['attachment', '只列在附表中']];
const RULES = [['', '（没有不涉及的项目）'], ['full', '按满分计'], ['excluded', '不计入'], ['proportional', '按比例折算']];
const POINTS_PLACES = [['', '段首'], ['end', '段末']];
const RUN_IN = [['', '另起一段'], ['true', '接在标题之后']];
/** The settings that the service refuses in the score sheet of an attachment. */
const OF_TEXT = [['placement', '得分印在'], ['points_place', '分值印在'], ['run_in', '工作情况的第一段']];
const same = words => [['', '按惯例']].concat(words.map(word => [word, word]));
const MAX_WORDS = same(['none', '分值', '满分', '占比', '考评分', '标准分']).map(([key, name]) => [key, key === 'none' ? '不写' : name]);
const SELF_WORDS = same(['自评得分', '自查得分', '自评得', '自评', '自评分', '得分']);
const UNITS = same(['分', '%']);

/**
 * The score sheet of an attachment is printed only as a table, which has no use for what concerns the text.
 * @param {{at: string, isOfText: boolean, scores: any, form: any}} props
 */
export function ScoreSettings({ at, isOfText, scores, form }) {
  const wording = scores.wording || {};
  const word = key => text => {
    const next = Object.assign({}, wording, { [key]: text || undefined });
    if (!text) delete next[key];
    form.apply(json.set(form.doc, at + '/wording', Object.keys(next).length > 0 ? next : undefined));
  };
  const select = (key, label, options, value, take) => html`<${Field} at=${`${at}/${key}`} label=${label} className="w6" options=${options}
    form=${form} value=${value} onValue=${take} />`;
  const put = key => text => form.edit(`${at}/${key}`, text || undefined);
  return html`<details class="more-fields">
    <summary>${isOfText ? '得分的印法、用词、等次和“不涉及”' : '得分的用词和“不涉及”'}</summary>
    <div class="row">
      ${isOfText && select('placement', '得分印在', PLACEMENTS, scores.placement === 'text' ? '' : scores.placement, put('placement'))}
      ${select('not_applicable', '“不涉及”的计法', RULES, scores.not_applicable, put('not_applicable'))}
      ${isOfText && select('points_place', '没有标题的指标，分值印在', POINTS_PLACES, scores.points_place, put('points_place'))}
      ${isOfText && select('run_in', '工作情况的第一段', RUN_IN, scores.run_in ? 'true' : '', text => form.edit(at + '/run_in', text ? true : undefined))}
    </div>
    ${!isOfText && OF_TEXT.filter(([key]) => scores[key] !== undefined).map(([key, name]) =>
      html`<${Unused} key=${key} at=${`${at}/${key}`} name=${name} form=${form} />`)}
    <div class="row" id=${fieldId(at + '/wording')}>
      ${select('wording/max_points', '分值前的词', MAX_WORDS, wording.max_points, word('max_points'))}
      ${select('wording/self_score', '得分前的词', SELF_WORDS, wording.self_score, word('self_score'))}
      ${select('wording/unit', '单位', UNITS, wording.unit, word('unit'))}
    </div>
    ${(isOfText || scores.grades) && html`<${Grades} at=${at + '/grades'} grades=${scores.grades} form=${form} />`}
  </details>`;
}

/** A setting that was read from elsewhere and can only be removed. */
function Unused({ at, name, form }) {
  const own = problemsAt(form.problems, at);
  return html`<div class="unused" id=${fieldId(at)}>
    <span>附件的自评表不用“${name}”</span>
    <button type="button" class="add" onClick=${() => form.apply(json.set(form.doc, at, undefined))}>删去</button>
    <${Messages} errors=${own.errors} warnings=${own.warnings} shown />
  </div>`;
}

/** 等次 and the lowest total of each. */
function Grades({ at, grades, form }) {
  const list = grades || [];
  const own = problemsAt(form.problems, at);
  const begin = [['优', '90'], ['良', '80'], ['中', '60'], ['差', '0']].map(([name, least]) => ({ name, at_least: least }));
  const add = () => {
    form.apply(json.set(form.doc, at, list.length === 0 ? begin : list.concat([{ name: '', at_least: '' }])));
    afterDrawing(() => standIn(`${at}/${list.length}/name`));
  };
  const remove = index => {
    const next = json.remove(form.doc, at, index);
    form.apply(list.length === 1 ? json.set(next, at, undefined) : next);
  };
  return html`<div class="list-field" id=${fieldId(at)} role="group" aria-label="等次">
    <span class="label">等次（正文中写“〔等次〕”处印出）</span>
    ${list.map((grade, index) => html`<div class="list-row" key=${index} id=${fieldId(`${at}/${index}`)}>
      <${Field} at=${`${at}/${index}/name`} label=${`第${index + 1}等`} quiet form=${form} value=${grade.name} />
      <${Field} at=${`${at}/${index}/at_least`} label=${`第${index + 1}等的最低总分`} quiet form=${form} value=${grade.at_least} />
      <span class="quiet grade-unit">分以上</span>
      <button type="button" class="small" title="删除" aria-label=${`删除第${index + 1}等`} onClick=${() => remove(index)}>×</button>
    </div>`)}
    <button type="button" class="add" onClick=${add}>＋ 等次</button>
    <${Messages} errors=${own.errors} warnings=${own.warnings} shown />
  </div>`;
}
