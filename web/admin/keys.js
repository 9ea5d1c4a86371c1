// 密钥: who may use the service, with which roles and until when.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { getJson, postJson, request } from '../shell/api.js';
import { dayText, momentText } from '../shell/dates.js';
import { Dialog } from '../shell/dialog.js';
import { ROLES, rolesText } from './roles.js';

/** @param {{me: any}} props */
export function Keys({ me }) {
  const [state, setState] = useState({ keys: null, fault: '' });
  const [isAdding, setAdding] = useState(false);
  const load = () => getJson('/v1/keys').then(found => setState({ keys: found.keys.slice().reverse(), fault: '' }), error => setState({ keys: [], fault: error.message }));
  useEffect(() => {
    load();
  }, []);
  const revoke = async key => {
    const own = key.id === me.id ? '这是您正在使用的密钥，撤销后即须重新登录。' : '';
    if (!confirm(`撤销密钥“${key.name}”？立即生效，不能恢复。${own}`)) return;
    await request(`/v1/keys/${encodeURIComponent(key.id)}`, { method: 'DELETE' }).then(load, error => setState({ keys: state.keys, fault: error.message }));
  };
  return html`<div class="acts"><button type="button" class="main" onClick=${() => setAdding(true)}>添加密钥</button></div>
    ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
    <table class="list">
      <thead><tr><th>名称</th><th>角色</th><th>机关</th><th>有效期</th><th>最近使用</th><th class="w-act"><span class="unseen">操作</span></th></tr></thead>
      <tbody>${(state.keys || []).map(key => html`<tr key=${key.id} class=${key.revoked_at ? 'gone' : ''}>
        <td>${key.name}<div class="quiet">${key.id}</div></td><td>${rolesText(key.roles)}</td><td>${key.agency || '不限'}</td>
        <td>${validity(key)}</td><td>${key.last_used_at ? momentText(key.last_used_at) : '从未使用'}</td>
        <td>${!key.revoked_at && html`<button type="button" class="plain" aria-label=${`撤销密钥 ${key.name}`} onClick=${() => revoke(key)}>撤销</button>`}</td>
      </tr>`)}
      ${state.keys && state.keys.length === 0 && html`<tr><td colspan="6" class="quiet">还没有密钥，现在用的是本机令牌。添加第一个密钥（须有管理角色）后，本机令牌即失效。</td></tr>`}</tbody>
    </table>
    ${isAdding && html`<${NewKey} isFirst=${state.keys && state.keys.length === 0} onClose=${() => setAdding(false)} onAdded=${load} />`}`;
}

function validity(key) {
  if (key.revoked_at) return `已于${momentText(key.revoked_at)}撤销`;
  if (!key.expires_at) return '长期';
  return Date.parse(key.expires_at) < Date.now() ? '已过期' : `至${lastDay(key.expires_at)}`;
}

/** The last day in Beijing: a key ends when the day does. */
function lastDay(moment) {
  return dayText(new Date(Date.parse(moment) + 8 * 3600 * 1000 - 1).toISOString());
}

function NewKey({ isFirst, onClose, onAdded }) {
  const [input, setInput] = useState({ name: '', agency: '', expires: '', roles: isFirst ? ['admin'] : ['submit', 'read'] });
  const [state, setState] = useState({ busy: false, fault: '', key: '' });
  const put = change => setInput(Object.assign({}, input, change));
  const toggle = role => put({ roles: input.roles.includes(role) ? input.roles.filter(one => one !== role) : input.roles.concat([role]) });
  const add = async event => {
    event.preventDefault();
    setState({ busy: true, fault: '', key: '' });
    try {
      const body = { name: input.name, roles: input.roles };
      if (input.agency.trim()) Object.assign(body, { agency: input.agency.trim() });
      if (input.expires) Object.assign(body, { expires: input.expires });
      const { key } = await (await postJson('/v1/keys', body)).json();
      setState({ busy: false, fault: '', key });
    } catch (error) {
      setState({ busy: false, fault: error.message, key: '' });
    }
  };
  const close = () => {
    if (state.key) onAdded();
    onClose();
  };
  if (state.key) {
    return html`<${Dialog} title="密钥已添加" onClose=${close}>
      <p>密钥只显示这一次，请立即抄录或复制，当面或以安全方式交给使用人。</p>
      <input class="secret" readonly aria-label="密钥" value=${state.key} onFocus=${event => event.target.select()} />
      ${isFirst && html`<p>本机令牌已失效，请用此密钥重新登录。</p>`}
      <div class="dialog-acts"><button type="button" class="main" onClick=${close}>已保存，关闭</button></div>
    <//>`;
  }
  return html`<${Dialog} title="添加密钥" onClose=${onClose}><form onSubmit=${add} novalidate>
    <div class="field"><label for="key-name">名称（使用人或系统）</label>
      <input id="key-name" value=${input.name} autocomplete="off" onInput=${event => put({ name: event.target.value })} /></div>
    <div class="field"><label for="key-agency">所属机关（不填则不限）</label>
      <input id="key-agency" value=${input.agency} autocomplete="off" onInput=${event => put({ agency: event.target.value })} /></div>
    <div class="field"><label for="key-expires">有效期至（不填则长期）</label>
      <input id="key-expires" type="date" value=${input.expires} onInput=${event => put({ expires: event.target.value })} /></div>
    <fieldset class="roles"><legend>角色</legend>${ROLES.map(([role, name, use]) => html`<label key=${role} class="tick">
      <input type="checkbox" checked=${input.roles.includes(role)} onChange=${() => toggle(role)} /> ${name}<span class="quiet">　${use}</span></label>`)}</fieldset>
    ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
    <div class="dialog-acts"><button type="button" onClick=${onClose}>取消</button><button class="main" disabled=${state.busy}>添加</button></div>
  </form><//>`;
}
