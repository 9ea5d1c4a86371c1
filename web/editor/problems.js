// The list of problems that the service found; each leads to its field.

import { html } from '../vendor/standalone.module.js';
import { get } from '../model/pointer.js';
import { standIn } from '../fields/places.js';

/** Errors that only say that something is still empty are no fault of a document in the making. */
export function sorted(problems, doc) {
  const isPending = one => {
    const value = get(doc, one.pointer);
    return value === '' || value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  };
  return {
    wrong: problems.errors.filter(one => !isPending(one)),
    pending: problems.errors.filter(isPending),
    doubts: problems.warnings,
  };
}

/** The number of problems in words. */
export function countText({ wrong, pending, doubts }) {
  const parts = [];
  if (wrong.length > 0) parts.push(`${wrong.length}处错误`);
  if (pending.length > 0) parts.push(`${pending.length}处待填`);
  if (doubts.length > 0) parts.push(`${doubts.length}处提醒`);
  return parts.join('，') || '未发现问题';
}

/** @param {{found: any, isOpen: boolean, onToggle: () => void, summary: any, children?: any}} props */
export function Problems({ found, isOpen, onToggle, summary, children }) {
  const { wrong, pending, doubts } = found;
  const all = wrong.concat(pending, doubts);
  const isFine = all.length === 0;
  const colour = wrong.length > 0 ? 'has-errors' : isFine ? 'is-fine' : 'has-doubts';
  return html`<section class=${'problems ' + colour} aria-label="错误和提醒">
    <button type="button" class="problems-head" ref=${summary} aria-expanded=${String(isOpen && !isFine)} disabled=${isFine} onClick=${onToggle}>
      <span role="status">${countText(found)}</span>
      ${!isFine && html`<span class="problems-first">${isOpen ? '' : all[0].detail}</span>
        <span class="quiet">${isOpen ? '收起' : '展开'}（F8逐个查看）</span>`}
    </button>
    ${children}
    ${isOpen && !isFine && html`<ol>
      ${wrong.map((one, index) => html`<${Entry} key=${'e' + index} one=${one} name="错误" look="tag-error" />`)}
      ${pending.map((one, index) => html`<${Entry} key=${'p' + index} one=${one} name="待填" look="tag-pending" />`)}
      ${doubts.map((one, index) => html`<${Entry} key=${'w' + index} one=${one} name="提醒" look="tag-doubt" />`)}
    </ol>`}
  </section>`;
}

function Entry({ one, name, look }) {
  return html`<li><button type="button" class="problem" onClick=${() => standIn(one.pointer)}>
    <span class=${'tag ' + look}>${name}</span><span>${one.detail}</span>
  </button></li>`;
}

/** Stands in the field of the next problem. @param {any} found @param {number} last @param {number} step */
export function standInNext(found, last, step) {
  const all = found.wrong.concat(found.pending, found.doubts);
  if (all.length === 0) return -1;
  const next = last < 0 && step < 0 ? all.length - 1 : (last + step + all.length) % all.length;
  standIn(all[next].pointer);
  return next;
}
