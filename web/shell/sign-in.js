// Signing in, as a page or over what is being written.

import { html, useEffect, useRef, useState } from '../vendor/standalone.module.js';
import { hasProvider, signIn } from './api.js';

/** @param {{onSignedIn: (me: any) => void, again?: boolean}} props */
export function SignIn({ onSignedIn, again }) {
  const [key, setKey] = useState('');
  const [state, setState] = useState({ busy: false, fault: '' });
  const [provider, setProvider] = useState(false);
  const input = useRef(null);
  useEffect(() => {
    if (input.current) input.current.focus();
    hasProvider().then(setProvider);
  }, []);
  const submit = async event => {
    event.preventDefault();
    if (key.trim() === '') return setState({ busy: false, fault: '请输入密钥。' });
    setState({ busy: true, fault: '' });
    try {
      onSignedIn(await signIn(key.trim()));
    } catch (error) {
      const fault = error.status === 401 ? '密钥不正确或已停用，请核对后再试。' : error.message;
      setState({ busy: false, fault });
    }
  };
  return html`<main class="sign-in">
    <form class="sheet" onSubmit=${submit} novalidate>
      <div class="rule-red"></div>
      <h1>${again ? '请重新登录' : '公文'}</h1>
      <p class="quiet">${again ? '登录已到期。正在写的内容已存于本机，登录后继续。' : '起草、检查、生成公文'}</p>
      <label for="key">密钥</label>
      <input id="key" ref=${input} type="password" autocomplete="current-password" spellcheck="false"
        aria-invalid=${state.fault ? 'true' : null} aria-describedby="key-help"
        value=${key} onInput=${event => setKey(event.target.value)} />
      ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
      <button class="main" disabled=${state.busy}>${state.busy ? '正在登录…' : '登录'}</button>
      ${provider && html`<a class="button wide" href="/auth/login">使用本单位统一登录</a>`}
      <p class="quiet" id="key-help">
        密钥由本单位的系统管理员发给。在安装本系统的电脑上试用时，也可直接打开系统启动时给出的网址。
      </p>
    </form>
  </main>`;
}
