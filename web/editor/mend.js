// 一键修正: lets the service mend typing errors, as one step of undo, and shows what it did.

import { html, useState } from '../vendor/standalone.module.js';
import { postJson } from '../shell/api.js';
import { afterDrawing, standIn } from '../fields/places.js';

/** @param {{editing: any}} props */
export function Mend({ editing }) {
  const [state, setState] = useState({ busy: false, fault: '', fixes: null, doc: null });
  const mend = async () => {
    setState({ busy: true, fault: '', fixes: null, doc: null });
    try {
      const { doc } = editing;
      const { submission, fixes } = await (await postJson('/v1/fixes', doc)).json();
      if (doc !== editing.doc) return setState({ busy: false, fault: '内容刚有改动，请再点一次“一键修正”。', fixes: null, doc: null });
      if (fixes.length > 0) editing.apply(submission);
      setState({ busy: false, fault: '', fixes, doc: submission });
    } catch (error) {
      setState({ busy: false, fault: error.message, fixes: null, doc: null });
    }
  };
  const close = () => setState({ busy: false, fault: '', fixes: null, doc: null });
  const undo = () => {
    editing.undo();
    close();
  };
  const { busy, fault, fixes, doc } = state;
  return html`<div class="mend">
    <button type="button" class="plain" disabled=${busy} title="改正全部无歧义的录入错误，如半角标点、形近的部首字" onClick=${mend}>
      ${busy ? '正在修正…' : '一键修正'}</button>
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
    ${fixes && html`<div class="mended" role="status">
      <p><b>${fixes.length > 0 ? `已改正${fixes.length}处` : '没有可以自动改正之处，请逐条核对。'}</b>
        ${fixes.length > 0 && doc === editing.doc && html`<button type="button" class="link" onClick=${undo}>撤销全部改正</button>`}
        <button type="button" class="link" onClick=${close}>知道了</button></p>
      <ol>${fixes.map((fix, index) => html`<li key=${index}>
        <button type="button" class="link" onClick=${() => afterDrawing(() => standIn(fix.pointer))}>${fix.detail}</button></li>`)}</ol>
    </div>`}
  </div>`;
}
