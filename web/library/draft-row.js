// A draft in the list of the library.

import { html } from '../vendor/standalone.module.js';
import { dayText, momentText } from '../shell/dates.js';
import { STATES, remove as removeThere } from '../drafts/server.js';
import { drop } from '../drafts/store.js';

/** @param {{draft: any, onDropped: () => void}} props */
export function DraftRow({ draft, onDropped }) {
  const [state, look] = STATES[draft.state] || STATES.drafting;
  const mayDelete = !draft.record || draft.record.steps.includes('delete');
  const remove = async () => {
    if (!confirm(`删除草稿“${draft.title}”？删除后不能恢复。`)) return;
    try {
      if (draft.record) await removeThere(draft.id);
      await drop(draft.id);
    } catch (error) {
      alert(error.message);
    }
    onDropped();
  };
  return html`<tr>
    <td>${draft.number}</td>
    <td><a href=${draft.href}>${draft.title}</a>
      <div class="quiet">${draft.isHere ? '存于本机' : draft.by}，${momentText(draft.saved)}</div></td>
    <td>${dayText(draft.date)}</td>
    <td><span class=${`state state-${look}`}>${draft.state === 'drafting' ? '草稿' : state}</span></td>
    <td>${mayDelete && html`<button type="button" class="plain" aria-label=${`删除草稿 ${draft.title}`} onClick=${remove}>删除</button>`}</td>
  </tr>`;
}
