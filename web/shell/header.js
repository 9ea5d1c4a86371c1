// The bar at the top of every view.

import { html } from '../vendor/standalone.module.js';
import { signOut } from './api.js';

/** @param {{me: any, onSignedOut: () => void, children?: any}} props */
export function Header({ me, onSignedOut, children }) {
  const leave = async () => {
    await signOut().catch(() => null);
    onSignedOut();
  };
  return html`<header class="bar">
    <a class="brand" href="#/">公文库</a>
    <div class="bar-middle">${children}</div>
    ${me.roles.includes('admin') && html`<a class="plain" href="#/admin/keys">管理</a>`}
    <span class="who" title=${me.agency || ''}>${me.agency || me.name}</span>
    <button class="plain" type="button" onClick=${leave}>退出</button>
  </header>`;
}
