// 会话: who is signed in now.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { getJson, request } from '../shell/api.js';
import { momentText } from '../shell/dates.js';
import { rolesText } from './roles.js';

export function Sessions() {
  const [state, setState] = useState({ sessions: null, fault: '' });
  const load = () => getJson('/v1/sessions').then(found => setState({ sessions: found.sessions, fault: '' }), error => setState({ sessions: [], fault: error.message }));
  useEffect(() => {
    load();
  }, []);
  const end = async session => {
    if (!confirm(`结束“${session.name}”的登录？此人须重新登录，正在写的内容不会丢失。`)) return;
    await request(`/v1/sessions/${encodeURIComponent(session.id)}`, { method: 'DELETE' }).then(load, error => setState({ sessions: state.sessions, fault: error.message }));
  };
  return html`${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
    <table class="list">
      <thead><tr><th>人员</th><th>角色</th><th>机关</th><th>登录</th><th>最近使用</th><th class="w-act"><span class="unseen">操作</span></th></tr></thead>
      <tbody>${(state.sessions || []).map(one => html`<tr key=${one.id}>
        <td>${one.name}<div class="quiet">${one.caller}</div></td><td>${rolesText(one.roles)}</td><td>${one.agency || '不限'}</td>
        <td>${momentText(one.created_at)}</td><td>${momentText(one.last_used_at)}</td>
        <td><button type="button" class="plain" aria-label=${`结束登录 ${one.name}`} onClick=${() => end(one)}>结束</button></td></tr>`)}</tbody>
    </table>`;
}
