// A list of paragraphs, such as the description of the work of an indicator.

import { html } from '../vendor/standalone.module.js';
import { Text } from './text.js';
import { afterDrawing, fieldId, problemsAt, standIn } from './places.js';

/** @param {{at: string, label: string, values: string[], form: any}} props */
export function Paragraphs({ at, label, values, form }) {
  const list = values || [];
  const put = next => form.put(at, next.length > 0 ? next : undefined);
  const split = (index, before, after) => {
    put([...list.slice(0, index), before, ...after, ...list.slice(index + 1)]);
    afterDrawing(() => standAtStart(`${at}/${index + after.length}`));
  };
  const join = index => {
    if (index === 0) return list[0] === '' && put(list.slice(1));
    const before = list[index - 1];
    put([...list.slice(0, index - 1), before + list[index], ...list.slice(index + 1)]);
    afterDrawing(() => standAtStart(`${at}/${index - 1}`, before.length));
  };
  const move = (index, by) => {
    const to = index + by;
    if (to < 0 || to >= list.length) return;
    const next = list.slice();
    next.splice(to, 0, ...next.splice(index, 1));
    put(next);
    afterDrawing(() => standIn(`${at}/${to}`));
  };
  return html`<div class="paragraphs" id=${fieldId(at)}>
    ${list.map((value, index) => {
      const { errors, warnings } = problemsAt(form.problems, `${at}/${index}`);
      return html`<${Text} key=${index} at=${`${at}/${index}`} label=${`${label}第${index + 1}段`} value=${value}
        errors=${errors} warnings=${warnings} showsAll=${form.showsAll}
        onText=${text => form.edit(`${at}/${index}`, text)} onSplit=${(before, after) => split(index, before, after)}
        onJoin=${() => join(index)} onMove=${by => move(index, by)} />`;
    })}
    <button type="button" class="add" onClick=${() => split(list.length, '', [])}>＋ ${label}</button>
  </div>`;
}

/** Stands in a field with the caret at a position. */
export function standAtStart(pointer, caret = 0) {
  standIn(pointer);
  const area = document.activeElement;
  if (area instanceof HTMLTextAreaElement) area.setSelectionRange(caret, caret);
}
