// 操作记录: who did what, newest first.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { getJson } from '../shell/api.js';
import { momentText } from '../shell/dates.js';
import { ACTS } from './acts.js';

export function Audit() {
  const [filter, setFilter] = useState({ caller: '', act: '', date_from: '', date_to: '' });
  const [state, setState] = useState({ entries: null, next: null, fault: '' });
  const load = async cursor => {
    const query = new URLSearchParams();
    Object.keys(filter).filter(key => filter[key]).forEach(key => query.set(key, filter[key].trim()));
    if (cursor) query.set('cursor', cursor);
    try {
      const page = await getJson('/v1/audit?' + query.toString());
      setState({ entries: (cursor ? state.entries : []).concat(page.entries), next: page.next, fault: '' });
    } catch (error) {
      setState({ entries: state.entries || [], next: null, fault: error.message });
    }
  };
  useEffect(() => {
    load('');
  }, [filter]);
  const put = key => event => setFilter(Object.assign({}, filter, { [key]: event.target.value }));
  return html`<div class="row">
      <div class="field w7"><label for="audit-act">操作</label><select id="audit-act" value=${filter.act} onChange=${put('act')}>
        <option value="">全部</option>${Object.keys(ACTS).map(act => html`<option key=${act} value=${act}>${ACTS[act]}</option>`)}</select></div>
      <div class="field w7"><label for="audit-caller">操作者的编号</label><input id="audit-caller" value=${filter.caller} onChange=${put('caller')} /></div>
      <div class="field w6"><label for="audit-from">自</label><input id="audit-from" type="date" value=${filter.date_from} onChange=${put('date_from')} /></div>
      <div class="field w6"><label for="audit-to">至</label><input id="audit-to" type="date" value=${filter.date_to} onChange=${put('date_to')} /></div>
    </div>
    ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
    <table class="list">
      <thead><tr><th class="w-date">时间</th><th>操作者</th><th>操作</th><th>对象</th><th>地址</th></tr></thead>
      <tbody>${(state.entries || []).map(one => html`<tr key=${one.id}>
        <td>${momentText(one.at)}</td><td>${CALLERS[one.caller] || one.caller}</td><td>${ACTS[one.act] || one.act}</td>
        <td class="quiet">${one.subject}</td><td class="quiet">${one.address}</td></tr>`)}
      ${state.entries && state.entries.length === 0 && html`<tr><td colspan="5" class="quiet">没有符合条件的记录。</td></tr>`}</tbody>
    </table>
    ${state.next && html`<p class="more"><button type="button" onClick=${() => load(state.next)}>更多</button></p>`}`;
}

const CALLERS = { cli: '命令行', local: '本机', server: '系统' };
