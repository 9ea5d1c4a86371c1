// 得分: the score sheet as a tree, with the sums of every level.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { scoreRows } from '../clipboard/pasted.js';
import { halfWidth, text } from '../model/points.js';
import { LEVELS, differs, emptyEntry, entries, partsKey, sumsOfParts, sumsOfSections } from '../model/scores.js';
import { memo } from '../shell/memo.js';
import { Field, Messages } from '../fields/field.js';
import { isComposing } from '../fields/keys.js';
import { afterDrawing, fieldId, problemsAt, standIn } from '../fields/places.js';
import { rowForm } from '../fields/row-form.js';
import { Details } from './score-details.js';
import { ScoreSettings } from './score-settings.js';

const KINDS = [['base', '基本分'], ['bonus', '加分项'], ['deduction', '扣分项']];
const DIGITS = '零一二三四五六七八九';

/** @param {{at: string, legend: string, scores: any, form: any}} props */
export function Scores({ at, legend, scores, form }) {
  const { sections, total } = scores;
  // The score sheet of an attachment is printed only as a table.
  const isOfText = at === '/scores';
  const list = at + '/sections';
  const counts = { groups: 0, indicators: 0, items: 0 };
  const rows = Array.from(entries(sections, list)).map(row => {
    if (row.level === 'indicators') counts.items = 0;
    const count = row.level === 'sections' ? row.index + 1 : ++counts[row.level];
    return Object.assign(row, { label: numberText(row.level, count) });
  });
  const own = problemsAt(form.problems, list);
  return html`<fieldset class="scores" id=${fieldId(at)} onKeyDown=${event => rowKey(event, form)}
      onPaste=${event => pasteRows(event, form)}>
    <legend>${legend}</legend>
    <p class="hint">回车到下一格，Ctrl＋回车添一项，Alt＋↑↓移动，Ctrl＋Z撤销。可从电子表格粘贴名称、分值、得分三列。</p>
    <div class="score-head" aria-hidden="true"><span>名称</span><span>分值</span><span>自评得分</span></div>
    <div id=${fieldId(list)}>
      ${rows.map(({ entry, level, pointer, depth, label }) => html`<${Row} key=${pointer} entry=${entry} level=${level} at=${pointer}
        depth=${depth} label=${label} isOfText=${isOfText} form=${rowForm(form, pointer, isOwn(pointer))} />`)}
    </div>
    <button type="button" class="add" onClick=${() => addAfter(form, list, sections.length, 'sections')}>＋ 部分</button>
    <${Messages} errors=${own.errors} warnings=${own.warnings} shown />
    <${Total} at=${at + '/total'} total=${total} sections=${sections} form=${form} />
    <${ScoreSettings} at=${at} isOfText=${isOfText} scores=${scores} form=${form} />
  </fieldset>`;
}

/** Whether a pointer belongs to the row itself and not to one of its parts. */
function isOwn(at) {
  const part = /^\/(groups|indicators|items)\/\d/;
  return pointer => !part.test(pointer.slice(at.length));
}

function numberText(level, count) {
  if (level === 'sections') return chinese(count) + '、';
  if (level === 'groups') return `（${chinese(count)}）`;
  return level === 'indicators' ? `${count}.` : `（${count}）`;
}

/** @param {number} n */
function chinese(n) {
  if (n < 10) return DIGITS[n];
  const tens = n < 20 ? '十' : DIGITS[Math.floor(n / 10) % 10] + '十';
  return (n >= 100 ? String(Math.floor(n / 100)) + '百' : '') + tens + (n % 10 ? DIGITS[n % 10] : '');
}

const Row = memo(({ entry, level, at, depth, label, isOfText, form }) => {
  const sums = sumsOfParts(entry, level);
  const list = json.parent(at);
  const index = Number(at.slice(list.length + 1));
  const name = LEVELS[level].name;
  const parts = addable(entry, level);
  const isFilled = form.showsAll || (entry.max_points !== '' && entry.self_score !== '');
  const own = ownProblems(form, at);
  return html`<div class=${`score score-${level}`} id=${fieldId(at)} data-row=${at} data-depth=${depth}>
    <span class="score-number">${label}</span>
    <${Field} at=${at + '/title'} label=${`${name}${label}名称`} quiet grows form=${form} value=${entry.title}
      onValue=${typed => form.edit(at + '/title', typed || undefined)} />
    <${Points} at=${at + '/max_points'} label=${`${label}分值`} value=${entry.max_points} sum=${sums && sums.max} form=${form} />
    <${Points} at=${at + '/self_score'} label=${`${label}自评得分`} value=${entry.self_score} sum=${sums && sums.self} form=${form} />
    <button type="button" class="small" title=${`删除此${name}`} aria-label=${`删除${name}${label}${entry.title}`}
      onClick=${() => form.removeEntry(list, index, entry.title || name)}>×</button>
    <div class="score-below">
      ${level === 'sections' && html`<${Field} at=${at + '/kind'} label="类型" className="w5" quiet options=${KINDS} form=${form} value=${entry.kind} />`}
      <${Details} at=${at} entry=${entry} level=${level} form=${form} isOfText=${isOfText} hasParts=${partsKey(entry, level) !== null} />
      ${parts.map(key => html`<button key=${key} type="button" class="add" onClick=${() =>
        addAfter(form, `${at}/${key}`, (entry[key] || []).length, key)}>＋ ${LEVELS[key].name}</button>`)}
      <${Messages} errors=${own.errors} warnings=${own.warnings} shown=${isFilled} />
    </div>
  </div>`;
});

/** The problems of the entry itself and of its points, whose columns are too narrow for sentences. */
function ownProblems(form, at) {
  const places = [at, at + '/max_points', at + '/self_score'].map(place => problemsAt(form.problems, place));
  return {
    errors: [].concat(...places.map(one => one.errors)),
    warnings: [].concat(...places.map(one => one.warnings)),
  };
}

/** The lists to which a part may be added. */
function addable(entry, level) {
  const has = partsKey(entry, level);
  return has ? [has] : LEVELS[level].parts;
}

/** Points with the sum of the parts, which is marked if it is another number. */
function Points({ at, label, value, sum, form }) {
  const isWrong = differs(value, sum);
  return html`<div class="points">
    <${Field} at=${at} label=${label} quiet bare form=${form} value=${value} className=${isWrong ? 'sum-wrong' : ''}
      onValue=${typed => form.edit(at, halfWidth(typed) || undefined)} />
    ${sum !== null && html`<button type="button" class=${isWrong ? 'sum sum-differs' : 'sum'} tabindex=${isWrong ? 0 : -1}
      title=${isWrong ? '下级合计与此处不同，点此采用合计' : '下级合计'} onClick=${() => form.put(at, text(sum))}>
      合计${text(sum)}${isWrong ? '，采用' : ''}</button>`}
  </div>`;
}

function Total({ at, total, sections, form }) {
  const sums = sumsOfSections(sections);
  const own = ownProblems(form, at);
  const isFilled = form.showsAll || (total.max_points !== '' && total.self_score !== '');
  return html`<div class="score score-total" id=${fieldId(at)}>
    <span class="score-number"></span><span class="total-name">总分</span>
    <${Points} at=${at + '/max_points'} label="总分分值" value=${total.max_points} sum=${sums.max} form=${form} />
    <${Points} at=${at + '/self_score'} label="总分自评得分" value=${total.self_score} sum=${sums.self} form=${form} />
    <div class="score-below"><${Messages} errors=${own.errors} warnings=${own.warnings} shown=${isFilled} /></div>
  </div>`;
}

function addAfter(form, list, index, level) {
  form.apply(json.insert(form.doc, list, index, emptyEntry(level)));
  afterDrawing(() => standIn(`${list}/${index}/title`));
}

/** Enter goes to the next field, Ctrl+Enter adds an entry, Alt and an arrow move the entry. */
function rowKey(event, form) {
  const row = event.target.closest('[data-row]');
  if (!row || isComposing(event) || event.defaultPrevented) return;
  const at = row.dataset.row;
  const list = json.parent(at);
  const index = Number(at.slice(list.length + 1));
  const isField = /\/(title|max_points|self_score)$/.test(event.target.id);
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    addAfter(form, list, index + 1, list.slice(list.lastIndexOf('/') + 1));
  } else if (event.key === 'Enter' && isField) {
    event.preventDefault();
    nextField(event.target, event.shiftKey ? -1 : 1);
  } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    event.preventDefault();
    const to = index + (event.key === 'ArrowUp' ? -1 : 1);
    const key = event.target.id.slice(fieldId(at).length);
    form.apply(json.move(form.doc, list, index, to));
    afterDrawing(() => standIn(`${list}/${Math.max(0, to)}${key}`));
  }
}

/** Rows of a spreadsheet fill the entry at the caret and add entries after it. */
function pasteRows(event, form) {
  const row = event.target.closest('[data-row]');
  const pasted = event.clipboardData.getData('text/plain');
  const rows = row && event.target.id === fieldId(row.dataset.row) + '/title' ? scoreRows(pasted) : null;
  if (!rows) return;
  event.preventDefault();
  const at = row.dataset.row;
  const list = json.parent(at);
  const level = list.slice(list.lastIndexOf('/') + 1);
  const [first, ...others] = rows;
  const doc = json.set(form.doc, at, Object.assign({}, json.get(form.doc, at), first));
  const added = others.map(one => Object.assign(emptyEntry(level), one));
  form.apply(json.insert(doc, list, Number(at.slice(list.length + 1)) + 1, ...added));
}

function nextField(from, step) {
  const all = Array.from(from.closest('fieldset').querySelectorAll('.score > .field textarea, .score > .points input'));
  const next = all[all.indexOf(from) + step];
  if (next instanceof HTMLElement) next.focus();
}
