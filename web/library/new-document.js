// 新建: the kinds of documents.

import { html, useEffect } from '../vendor/standalone.module.js';
import { KINDS } from '../model/kinds.js';
import { openBlank, openExample } from './begin.js';
import { ImportWays } from './import.js';

/** @param {{me: any, header: (middle: any) => any}} props */
export function NewDocument({ me, header }) {
  useEffect(() => {
    document.title = '新建公文';
  }, []);
  return html`${header('')}
    <main class="library">
      <div class="library-head"><h1>新建公文</h1><a class="plain" href="#/">返回公文库</a></div>
      <p class="quiet">请选文种。填写时右边即见版面，随时自动保存。</p>
      <div class="kinds">${KINDS.map(kind => html`
        <button class="way" type="button" onClick=${() => openBlank(kind, me)}><b>${kind.name}</b><span>${kind.use}</span></button>`)}
      </div>
      <h2>也可以</h2>
      <ul class="plain-list">
        <${ImportWays} me=${me} />
        <li><button class="link" type="button" onClick=${() => openExample(me)}>打开示例</button>：一份已填好的自评报告。</li>
        <li>由去年的公文新建：在<a href="#/">公文库</a>中打开那份公文，点“以此新建”。</li>
      </ul>
    </main>`;
}
