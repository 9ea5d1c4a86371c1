// 生成公文: the last look, the request, and where to go then.

import { html, useState } from '../vendor/standalone.module.js';
import { postJson } from '../shell/api.js';
import { drop } from '../drafts/store.js';
import { go } from '../shell/route.js';
import { Dialog } from '../shell/dialog.js';
import { numberOf, titleOf } from '../library/names.js';
import { afterDrawing, standIn } from '../fields/places.js';

/** @param {{editing: any, onClose: () => void, onRefused: (errors: any[], warnings: any[]) => void}} props */
export function Finish({ editing, onClose, onRefused }) {
  const { warnings } = editing.problems;
  const [isSure, setSure] = useState(false);
  const [state, setState] = useState({ busy: false, fault: '' });
  const needsTick = warnings.length > 0 && !isSure;
  const make = async () => {
    setState({ busy: true, fault: '' });
    try {
      await editing.save();
      const { sync } = editing;
      const draft = sync.record ? { 'hongtou-draft': sync.record.id } : {};
      const headers = Object.assign({ accept: 'application/json' }, draft);
      const response = await postJson('/v1/filings', editing.doc, headers);
      const record = await response.json();
      sync.isDropped = true;
      await drop(sync.draft.id).catch(() => null);
      go('filing', record.id);
    } catch (error) {
      if (error.status === 422 && error.errors.length > 0) return onRefused(error.errors, error.warnings);
      setState({ busy: false, fault: error.message });
    }
  };
  const see = pointer => {
    onClose();
    afterDrawing(() => standIn(pointer));
  };
  return html`<${Dialog} title="生成公文" onClose=${onClose}>
    <dl class="facts"><dt>发文字号</dt><dd>${numberOf(editing.doc)}</dd><dt>标题</dt><dd>${titleOf(editing.doc)}</dd></dl>
    ${warnings.length > 0 && html`<p>请先核对以下${warnings.length}处提醒：</p>
      <ol class="doubts">${warnings.map(one => html`<li>
        <button type="button" class="link" onClick=${() => see(one.pointer)}>${one.detail}</button>
      </li>`)}</ol>
      <label class="tick">
        <input type="checkbox" checked=${isSure} onChange=${event => setSure(event.target.checked)} /> 已核对，内容无误
      </label>`}
    <p class="quiet">生成后存入公文库。同一发文字号改后再生成的，记为下一稿；归档签署件后不能再改。</p>
    ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
    <div class="dialog-acts">
      <button type="button" onClick=${onClose}>返回修改</button>
      <button type="button" class="main" disabled=${state.busy || needsTick} onClick=${make}>${state.busy ? '正在生成…' : '生成'}</button>
    </div>
  <//>`;
}
