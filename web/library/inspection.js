// 四性检测 of a filing, and whether it can be made again, in plain words.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { getJson } from '../shell/api.js';

const REMAKES = {
  remade: '本系统现在生成的公文，与所存的PDF逐字节相同。',
  remade_by_other_build: '由所存的另一版本程序生成的公文，与所存的PDF逐字节相同。',
  cannot_be_remade: '现在不能重新生成这份公文。',
};

/** Shown again after a signed copy is archived. @param {{record: any}} props */
export function Inspection({ record }) {
  const [found, setFound] = useState(null);
  const [fault, setFault] = useState('');
  useEffect(() => {
    if (record.disposal || (record.unconfirmed || []).length > 0) return;
    setFault('');
    getJson(`/v1/filings/${record.id}/inspection`).then(setFound, error => setFault(error.message));
  }, [record.id, record.signed && record.signed.sha256]);
  if (fault) return html`<p class="fault" role="alert">${fault}</p>`;
  if (!found) return null;
  return html`<section class="inspection"><h2>保管检查</h2>
    <p><b>${stateOf(found)}</b></p>
    ${found.remake && html`<p>${REMAKES[found.remake.outcome] || ''}${found.remake.outcome === 'cannot_be_remade' ? found.remake.detail : ''}</p>`}
    <details><summary>四性检测：通过${found.passed}项，不通过${found.failed}项，未检测${found.not_checked}项</summary>
      <ul class="plain-list">${ordered(found.items).map(item => html`<li key=${item.code}>${item.name}：${item.result}${item.remark ? `（${item.remark}）` : ''}</li>`)}</ul>
    </details>
  </section>`;
}

/** What was looked at, in one sentence. What was not looked at is not called right. */
function stateOf({ failed, items }) {
  if (failed === 0) return '所检各项均未发现问题。';
  const first = items.find(item => item.result === '不通过');
  return `有${failed}项不通过：${first.name}${first.remark ? `（${first.remark}）` : ''}`;
}

/** The faults first. */
function ordered(items) {
  const rank = { 不通过: 0, 通过: 1, 未检测: 2 };
  return items.slice().sort((one, other) => rank[one.result] - rank[other.result]);
}
