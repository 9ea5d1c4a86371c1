// 审签: the steps that the caller may take with a draft, each with a remark, and those that were taken.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { momentText } from '../shell/dates.js';
import { Dialog } from '../shell/dialog.js';
import * as server from './server.js';

/** The steps: the button, the question, and whether a remark is needed. */
const STEPS = {
  send: { name: '送审', question: '送审后内容即锁定，审核、签发或退回之前不能修改。', past: '送审' },
  withdraw: { name: '撤回', question: '撤回后可以继续修改，须重新送审。', past: '撤回' },
  return: { name: '退回', question: '退回起草人修改，请写明意见。', past: '退回', needsRemark: true },
  agree: { name: '审核同意', question: '同意后送签发人签发。', past: '审核同意' },
  approve: { name: '签发', question: '签发的内容就是此刻所见的内容，签发后只能照此生成公文。', past: '签发' },
};
const LONGEST = 500;

/** @param {{editing: any, onRefused: (errors: any[], warnings: any[]) => void}} props */
export function Approval({ editing, onRefused }) {
  const [asked, setAsked] = useState('');
  const [showsTaken, setShowsTaken] = useState(false);
  const { record } = editing.sync;
  if (!record) return null;
  const may = Object.keys(STEPS).filter(step => record.steps.includes(step));
  const isUsed = may.length > 0 || !['drafting', 'filed'].includes(record.state);
  if (!isUsed) return null;
  return html`
    <button type="button" class="link state-name" onClick=${() => setShowsTaken(true)}>${(server.STATES[record.state] || [record.state])[0]}</button>
    ${may.map(step => html`<button key=${step} type="button" onClick=${() => setAsked(step)}>${STEPS[step].name}</button>`)}
    ${asked && html`<${Ask} step=${asked} editing=${editing} onClose=${() => setAsked('')} onRefused=${onRefused} />`}
    ${showsTaken && html`<${Taken} id=${record.id} onClose=${() => setShowsTaken(false)} />`}`;
}

/** The question before a step. */
function Ask({ step, editing, onClose, onRefused }) {
  const { name, question, needsRemark } = STEPS[step];
  const [remark, setRemark] = useState('');
  const [state, setState] = useState({ busy: false, fault: '' });
  const take = async event => {
    event.preventDefault();
    if (needsRemark && remark.trim() === '') return setState({ busy: false, fault: '请写明退回的意见。' });
    setState({ busy: true, fault: '' });
    const { sync } = editing;
    try {
      await editing.save();
      if (sync.draft.isDirty) throw new Error('内容还没有存入服务器，请稍后再试。');
      const { id, version } = sync.record;
      await sync.see(await server.step(id, step, version, remark.trim()));
      onClose();
    } catch (error) {
      if (error.status === 422 && error.errors.length > 0) {
        onClose();
        return onRefused(error.errors, error.warnings);
      }
      setState({ busy: false, fault: error.message });
    }
  };
  return html`<${Dialog} title=${name} onClose=${onClose}>
    <form onSubmit=${take} novalidate>
      <p>${question}</p>
      <label for="remark">意见${needsRemark ? '' : '（可以不写）'}</label>
      <textarea id="remark" class="remark" rows="3" maxlength=${LONGEST} value=${remark} onInput=${event => setRemark(event.target.value)}></textarea>
      ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
      <div class="dialog-acts">
        <button type="button" onClick=${onClose}>取消</button>
        <button class="main" disabled=${state.busy}>${name}</button>
      </div>
    </form>
  <//>`;
}

/** The steps that were taken. */
function Taken({ id, onClose }) {
  const [state, setState] = useState({ steps: null, fault: '' });
  useEffect(() => {
    server.steps(id).then(steps => setState({ steps, fault: '' }), error => setState({ steps: [], fault: error.message }));
  }, [id]);
  return html`<${Dialog} title="审签情况" onClose=${onClose}>
    ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
    <ol class="taken">${(state.steps || []).map((one, index) => html`<li key=${index}>
      <b>${(STEPS[one.step] || { past: one.step }).past}</b>　${one.by_name || one.by}，${momentText(one.at)}
      ${one.remark && html`<p>${one.remark}</p>`}</li>`)}</ol>
    ${state.steps && state.steps.length === 0 && html`<p class="quiet">还没有送审。</p>`}
    <div class="dialog-acts"><button type="button" class="main" onClick=${onClose}>关闭</button></div>
  <//>`;
}
