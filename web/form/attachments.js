// 附件: listed names, each with its own text, the score table or neither.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { Blocks } from './blocks.js';
import { Scores } from './scores.js';
import { emptyProjectTable } from '../model/project.js';
import { emptyScores } from '../model/scores.js';
import { ProjectTable } from '../project/project-table.js';
import { Field, Messages } from '../fields/field.js';
import { afterDrawing, fieldId, problemsAt, standIn } from '../fields/places.js';

const CONTENTS = [['none', '只列名称'], ['body', '正文'], ['score_table', '绩效评价自评表'], ['scores', '另一份评分的自评表'], ['project_table', '项目支出绩效自评表']];
const TURNS = [['', '按内容'], ['portrait', '竖向'], ['landscape', '横向']];
const BINDINGS = [['', '与正文合订'], ['separate', '另行装订']];

/** @param {{at: string, entries: any[], form: any, hasScores: boolean}} props */
export function Attachments({ at, entries, form, hasScores }) {
  const list = entries || [];
  const { errors, warnings } = problemsAt(form.problems, at);
  const add = () => {
    form.apply(json.insert(form.doc, at, list.length, { title: '' }));
    afterDrawing(() => standIn(`${at}/${list.length}/title`));
  };
  return html`<fieldset id=${fieldId(at)}>
    <legend>附件</legend>
    ${list.map((entry, index) => html`<${Attachment} key=${index} at=${`${at}/${index}`} list=${at} index=${index} entry=${entry}
      form=${form} hasScores=${hasScores} />`)}
    <button type="button" class="add" onClick=${add}>＋ 附件</button>
    <${Messages} errors=${errors} warnings=${warnings} shown />
  </fieldset>`;
}

function Attachment({ at, list, index, entry, form, hasScores }) {
  const content = entry.project_table ? 'project_table' : entry.scores ? 'scores' : entry.score_table ? 'score_table' : entry.body ? 'body' : 'none';
  const options = CONTENTS.filter(([key]) => content === key || key !== 'score_table' || hasScores);
  const fill = kind => {
    if (kind === content) return;
    const next = Object.assign({}, entry);
    ['body', 'score_table', 'scores', 'project_table'].forEach(key => delete next[key]);
    if (kind === 'body') next.body = [''];
    if (kind === 'score_table') next.score_table = true;
    if (kind === 'scores') next.scores = emptyScores();
    if (kind === 'project_table') next.project_table = emptyProjectTable();
    form.apply(json.set(form.doc, at, next));
  };
  const whole = key => text => form.edit(`${at}/${key}`, text || undefined);
  const own = problemsAt(form.problems, at);
  return html`<div class="attachment" id=${fieldId(at)}>
    <div class="row">
      <${Field} at=${at + '/title'} label=${`附件${index + 1}名称`} className="fill" grows form=${form} value=${entry.title} />
      <button type="button" class="small" title="删除附件" aria-label=${`删除附件${index + 1}`}
        onClick=${() => form.removeEntry(list, index, entry.title || '附件')}>×</button>
    </div>
    <div class="row">
      <${Field} at=${at + '/content'} label="内容" className="w7" options=${options} form=${form} value=${content} onValue=${fill} />
      <${Field} at=${at + '/orientation'} label="方向" className="w5" options=${TURNS} form=${form} value=${entry.orientation}
        onValue=${whole('orientation')} />
      <${Field} at=${at + '/binding'} label="装订" className="w6" options=${BINDINGS} form=${form} value=${entry.binding}
        onValue=${whole('binding')} />
    </div>
    <${Cover} at=${at + '/cover'} entries=${entry.cover} form=${form} />
    ${content === 'project_table' && html`<${ProjectTable} at=${at + '/project_table'} table=${entry.project_table} form=${form} />`}
    ${content === 'scores' && html`<${Scores} at=${at + '/scores'} legend=${`附件${index + 1}的得分`} scores=${entry.scores} form=${form} />`}
    ${content === 'body' && html`<${Blocks} at=${at + '/body'} label="附件" blocks=${entry.body} form=${form} />`}
    <${Messages} errors=${own.errors} warnings=${own.warnings} shown />
  </div>`;
}

/** The cover page of a form: labels with what is filled in. @param {{at: string, entries: any[], form: any}} props */
function Cover({ at, entries, form }) {
  const list = entries || [];
  const add = () => {
    form.apply(json.set(form.doc, at, list.concat([['', '']])));
    afterDrawing(() => standIn(`${at}/${list.length}/0`));
  };
  const remove = index => {
    const next = list.filter((_, other) => other !== index);
    form.apply(json.set(form.doc, at, next.length > 0 ? next : undefined));
  };
  return html`<div class="list-field" id=${fieldId(at)} role="group" aria-label="封面">
    ${list.length > 0 && html`<span class="label">封面</span>`}
    ${list.map((_, index) => html`<div class="list-row" key=${index} id=${fieldId(`${at}/${index}`)}>
      <${Field} at=${`${at}/${index}/0`} label=${`封面第${index + 1}栏的名称`} quiet form=${form} value=${list[index][0]} />
      <${Field} at=${`${at}/${index}/1`} label=${`封面第${index + 1}栏的内容`} quiet form=${form} value=${list[index][1]} />
      <button type="button" class="small" title="删除" aria-label=${`删除封面第${index + 1}栏`} onClick=${() => remove(index)}>×</button>
    </div>`)}
    <button type="button" class="add" onClick=${add}>＋ 封面栏目</button>
  </div>`;
}
