// The form, in the order of the page.

import { html } from '../vendor/standalone.module.js';
import { Attachments } from './attachments.js';
import { Blocks } from './blocks.js';
import { Foot } from './foot.js';
import { Head } from './head.js';
import { Issued } from './issued.js';
import { Scores } from './scores.js';

/** @param {{doc: any, form: any}} props */
export function Form({ doc, form }) {
  const has = key => doc[key] !== undefined && doc[key] !== null;
  return html`<div class="form" id="at">
    <${Head} doc=${doc} form=${form} />
    ${has('scores') || has('opening') ? html`<fieldset>
      <legend>正文${has('scores') ? '：开头' : ''}</legend>
      <${Blocks} at="/opening" label="开头" blocks=${doc.opening} form=${form} />
      ${has('scores') && html`<p class="hint">
        写“〔自评总分〕”“〔总分值〕”“〔等次〕”处，自动印上总分和等次。选中文字按Ctrl＋B加粗。
      </p>`}
    </fieldset>` : ''}
    ${has('scores') && html`<${Scores} at="/scores" legend="得分" scores=${doc.scores} form=${form} />`}
    ${has('body') && html`<fieldset>
      <legend>正文</legend>
      <${Blocks} at="/body" label="正文" blocks=${doc.body} form=${form} />
    </fieldset>`}
    ${has('scores') || has('closing') ? html`<fieldset>
      <legend>正文：结尾</legend>
      <${Blocks} at="/closing" label="结尾" blocks=${doc.closing} form=${form} />
    </fieldset>` : ''}
    <${Attachments} at="/document/attachments" entries=${doc.document.attachments} form=${form} hasScores=${has('scores')} />
    <${Foot} doc=${doc} form=${form} />
    ${!has('scores') && html`<${Issued} issued=${doc.issued} form=${form} />`}
  </div>`;
}
