// 批量生成: hand in many documents as one file, and the batches so far.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { getJson, request } from '../shell/api.js';
import { momentText } from '../shell/dates.js';
import { go } from '../shell/route.js';

export const STATES = { queued: '等待处理', running: '正在生成', done: '已完成', cancelled: '已取消' };

/** @param {{header: (middle: any) => any}} props */
export function BatchList({ header }) {
  const [state, setState] = useState({ batches: null, next: null, fault: '' });
  const load = async cursor => {
    try {
      const page = await getJson('/v1/batches?limit=50' + (cursor ? '&cursor=' + encodeURIComponent(cursor) : ''));
      const before = cursor ? state.batches : [];
      setState({ batches: before.concat(page.batches), next: page.batches.length < 50 ? null : page.next, fault: '' });
    } catch (error) {
      setState({ batches: state.batches || [], next: null, fault: error.message });
    }
  };
  useEffect(() => {
    document.title = '批量生成';
    load('');
  }, []);
  return html`${header('')}<main class="library">
    <div class="library-head"><h1>批量生成</h1><a class="plain" href="#/">返回公文库</a></div>
    <${Upload} />
    ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
    <h2>各批次</h2>
    <table class="list">
      <thead><tr><th>提交时间</th><th>件数</th><th>状态</th><th>完成时间</th></tr></thead>
      <tbody>
        ${(state.batches || []).map(batch => html`<tr key=${batch.id}>
          <td><a href=${'#/batch/' + batch.id}>${momentText(batch.created_at)}</a></td><td>${batch.total}件</td>
          <td><span class=${batch.state === 'done' ? 'state state-filed' : 'state state-pending'}>${STATES[batch.state]}</span></td>
          <td>${batch.finished_at ? momentText(batch.finished_at) : ''}</td></tr>`)}
        ${state.batches && state.batches.length === 0 && html`<tr><td colspan="4" class="quiet">还没有批次。</td></tr>`}
      </tbody>
    </table>
    ${state.next && html`<p class="more"><button type="button" onClick=${() => load(state.next)}>更多</button></p>`}
  </main>`;
}

function Upload() {
  const [state, setState] = useState({ busy: false, fault: '', isOver: false });
  const send = async file => {
    if (!file) return;
    setState({ busy: true, fault: '', isOver: false });
    try {
      const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': keyOf(file) };
      const response = await request('/v1/batches', { method: 'POST', headers, body: file });
      go('batch', (await response.json()).id);
    } catch (error) {
      setState({ busy: false, fault: error.message, isOver: false });
    }
  };
  const over = isOver => event => {
    event.preventDefault();
    setState(Object.assign({}, state, { isOver }));
  };
  const drop = event => {
    event.preventDefault();
    send(event.dataTransfer.files[0]);
  };
  return html`<label class=${state.isOver ? 'drop drop-over' : 'drop'} onDragOver=${over(true)} onDragLeave=${over(false)} onDrop=${drop}>
      <input type="file" class="unseen" accept=".ndjson,.jsonl,.json,.txt" disabled=${state.busy} onChange=${event => send(event.target.files[0])} />
      <b>${state.busy ? '正在提交…' : '把批量文件拖到这里，或点此选择文件'}</b>
      <span class="quiet">一行一份公文（NDJSON），由业务系统导出。逐份检查，合格的即生成，不合格的列明原因，互不影响。</span>
    </label>
    ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}`;
}

/** The same file handed in again within the same minute is the same batch. */
function keyOf(file) {
  return `page-${file.size}-${file.lastModified}-${Math.floor(Date.now() / 60000)}`;
}
