// Two versions of one draft: who saved the other, what differs, and which to go on with.

import { html } from '../vendor/standalone.module.js';
import { momentText } from '../shell/dates.js';
import { Dialog } from '../shell/dialog.js';
import { fieldId } from '../fields/places.js';
import { differences, inWords } from './differences.js';

/** The most differences that are listed. */
const MOST = 40;

/** @param {{editing: any}} props */
export function Conflict({ editing }) {
  const { sync, doc } = editing;
  const { record, content } = sync.conflict;
  const found = differences(doc, content);
  const mine = () => sync.settle(editing.doc);
  const theirs = () => {
    editing.apply(content);
    sync.settle(content);
  };
  return html`<${Dialog} title="另一版本更新" onClose=${() => {}}>
    <p>${record.changed_by_name || '另一人'}于${momentText(record.changed_at)}保存了此草稿的新版本（第${record.version}版）。您所做的改动还没有存入服务器。</p>
    <div class="differences"><table>
      <thead><tr><th>不同之处</th><th>我的版本</th><th>对方的版本</th></tr></thead>
      <tbody>${found.slice(0, MOST).map(one => html`<tr key=${one.pointer}>
        <td>${nameOf(one.pointer)}</td><td>${inWords(one.mine)}</td><td>${inWords(one.theirs)}</td></tr>`)}</tbody>
    </table></div>
    ${found.length > MOST && html`<p class="quiet">另有${found.length - MOST}处不同。</p>`}
    ${found.length === 0 && html`<p>两个版本内容相同。</p>`}
    <div class="dialog-acts">
      <button type="button" onClick=${theirs}>用对方的版本</button>
      <button type="button" class="main" onClick=${mine}>用我的版本</button>
    </div>
    <p class="quiet">用对方的版本后，按Ctrl＋Z可以找回自己的；用我的版本后，对方的版本仍保存在服务器的历史版本中。</p>
  <//>`;
}

/** The label of the field at a pointer, or of what is around it. */
function nameOf(pointer) {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const element = document.getElementById(fieldId(at));
    const label = element && (document.querySelector(`label[for="${fieldId(at)}"]`) || element.querySelector('legend, .label'));
    const name = element && (element.getAttribute('aria-label') || (label && label.textContent));
    if (name) return name;
  }
  return '内容';
}
