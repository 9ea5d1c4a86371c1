// 管理: for administrators.

import { html, useEffect } from '../vendor/standalone.module.js';
import { Agencies } from './agencies.js';
import { Audit } from './audit.js';
import { Fonts } from './fonts.js';
import { Health } from './health.js';
import { Keys } from './keys.js';
import { Sessions } from './sessions.js';

const PARTS = [['keys', '密钥', Keys], ['sessions', '会话', Sessions], ['agencies', '机关和文号', Agencies], ['fonts', '字体', Fonts], ['audit', '操作记录', Audit], ['health', '运行情况', Health]];

/** @param {{id: string, me: any, header: (middle: any) => any}} props */
export function Admin({ id, me, header }) {
  const [key, name, View] = PARTS.find(part => part[0] === id) || PARTS[0];
  useEffect(() => {
    document.title = `管理 - ${name}`;
  }, [name]);
  if (!me.roles.includes('admin')) {
    return html`${header('')}<main class="narrow"><p>管理须有管理角色。</p><p><a href="#/">返回公文库</a></p></main>`;
  }
  return html`${header('')}<main class="library">
    <div class="library-head"><h1>管理</h1><a class="plain" href="#/">返回公文库</a></div>
    <nav class="filters" aria-label="管理">${PARTS.map(([part, title]) => html`
      <a key=${part} class="filter" href=${'#/admin/' + part} aria-current=${part === key ? 'page' : null}>${title}</a>`)}</nav>
    <${View} me=${me} />
  </main>`;
}
