// 批量生成: hand in many documents as one file, and the batches so far.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { getJson, request } from '../shell/api.js';
import { momentText } from '../shell/dates.js';
import { go } from '../shell/route.js';
import { Units, isWorkbook, readUnits } from './units.js';

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
  const [state, setState] = useState({ busy: false, fault: '', isOver: false, read: null, key: '' });
  const change = part => setState(now => Object.assign({}, now, part));
  const hand = async (body, key) => {
    const headers = { 'content-type': 'application/x-ndjson', 'idempotency-key': key };
    const response = await request('/v1/batches', { method: 'POST', headers, body });
    return (await response.json()).id;
  };
  const send = async file => {
    if (!file) return;
    change({ busy: true, fault: '', isOver: false, read: null });
    try {
      if (isWorkbook(file)) change({ busy: false, read: await readUnits(file), key: keyOf(file) });
      else go('batch', await hand(file, keyOf(file)));
    } catch (error) {
      change({ busy: false, fault: error.message });
    }
  };
  const sendUnits = async body => {
    try {
      const id = await hand(body, state.key);
      setTimeout(() => go('batch', id));
      return id;
    } catch (error) {
      change({ fault: error.message });
      return '';
    }
  };
  const over = isOver => event => {
    event.preventDefault();
    change({ isOver });
  };
  const drop = event => {
    event.preventDefault();
    send(event.dataTransfer.files[0]);
  };
  const choose = event => {
    const file = event.target.files[0];
    event.target.value = '';
    send(file);
  };
  return html`<label class=${state.isOver ? 'drop drop-over' : 'drop'} onDragOver=${over(true)} onDragLeave=${over(false)} onDrop=${drop}>
      <input type="file" class="unseen" accept=".xlsx,.xls,.et,.ndjson,.jsonl,.json,.txt" disabled=${state.busy} onChange=${choose} />
      <b>${state.busy ? '正在读取…' : '把Excel或业务系统导出的文件拖到这里，或点此选择文件'}</b>
      <span class="quiet">Excel一行一个单位；业务系统导出的（NDJSON）一行一份公文。逐份检查，合格的即生成，不合格的列明原因，互不影响。</span>
    </label>
    <p class="quiet">第一次用Excel，请先<a href="/v1/imports/units/template" download="批量模板.xlsx">下载批量模板</a>。</p>
    ${state.read && html`<${Units} read=${state.read} onSend=${sendUnits} onClose=${() => change({ read: null })} />`}
    ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}`;
}

/** The same file handed in again within the same minute is the same batch. */
function keyOf(file) {
  return `page-${file.size}-${file.lastModified}-${Math.floor(Date.now() / 60000)}`;
}
