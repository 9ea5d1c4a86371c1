// The signed copy of a filing: hand it in, and read the verdict.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { getJson, request } from '../shell/api.js';
import { momentText } from '../shell/dates.js';
import { fileName } from '../model/file-name.js';

const RELATIONS = {
  identical: '与原件相同，没有签名。',
  identical_signed: '原件未动，仅加盖了签名。',
  altered: '签署之外另有改动，请逐项核对。',
  rewritten: '经其他软件重新保存，不能证明与原件一致。',
  scan: '是扫描件，不能证明与原件一致。',
  unrelated: '是另一份文件。',
};

/** @param {{record: any, onRecord: (record: any) => void}} props */
export function Signed({ record, onRecord }) {
  const [state, setState] = useState({ busy: false, fault: '', isOver: false });
  const [verdict, setVerdict] = useState(null);
  const path = `/v1/filings/${record.id}`;
  useEffect(() => {
    if (record.signed) getJson(`${path}/verdict`).then(setVerdict, error => setState({ busy: false, fault: error.message, isOver: false }));
  }, [record.signed && record.signed.sha256]);
  const send = async file => {
    if (!file) return;
    setState({ busy: true, fault: '', isOver: false });
    try {
      await request(`${path}/signed`, { method: 'PUT', headers: { 'content-type': 'application/pdf' }, body: file });
      onRecord(await getJson(path));
      setState({ busy: false, fault: '', isOver: false });
    } catch (error) {
      setState({ busy: false, fault: error.message, isOver: false });
    }
  };
  return html`<section class="signed"><h2>签署件</h2>
    ${record.signed ? html`<${Archived} record=${record} verdict=${verdict} />` : html`<${Drop} state=${state} onState=${setState} onFile=${send} />`}
    ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
  </section>`;
}

function Drop({ state, onState, onFile }) {
  const over = isOver => event => {
    event.preventDefault();
    onState(Object.assign({}, state, { isOver }));
  };
  const drop = event => {
    event.preventDefault();
    onFile(event.dataTransfer.files[0]);
  };
  return html`<label class=${state.isOver ? 'drop drop-over' : 'drop'} onDragOver=${over(true)} onDragLeave=${over(false)} onDrop=${drop}>
    <input type="file" class="unseen" accept="application/pdf,.pdf" onChange=${event => onFile(event.target.files[0])} />
    <b>${state.busy ? '正在核验…' : '把签署后的PDF拖到这里，或点此选择文件'}</b>
    <span class="quiet">归档时即核验签名。一个发文字号只存一份签署件，归档后不能替换。</span>
  </label>`;
}

function Archived({ record, verdict }) {
  const { signed } = record;
  const path = `/v1/filings/${record.id}/signed`;
  return html`
    ${verdict ? html`<${Verdict} verdict=${verdict} />` : html`<p class="quiet">正在读取核验结论…</p>`}
    <p><a class="button" href=${path} download=${fileName(record, '（签署件）.pdf')}>下载签署件</a>
      <span class="quiet"> ${momentText(signed.archived_at)}归档</span></p>`;
}

function Verdict({ verdict }) {
  const { passed, derivation, signatures } = verdict;
  const isUnproven = !passed && derivation && derivation.kind === 'identical_signed';
  const relation = isUnproven ? '原件未动，仅加盖了签名，但签名未能核实。' : derivation ? RELATIONS[derivation.kind] || '' : '';
  const changes = derivation ? derivation.changes || [] : [];
  return html`<div class=${passed ? 'verdict verdict-passed' : 'verdict verdict-failed'}>
    <p><b>${passed ? '核验通过' : '核验未通过'}</b>　${relation}</p>
    <details><summary>${signatures.length}个签名${changes.length > 0 ? `，${changes.length}处改动` : ''}</summary>
      <ul class="plain-list">
        ${signatures.map((one, index) => html`<li key=${'s' + index}>第${index + 1}个签名：${sentences(one)}</li>`)}
        ${changes.map((one, index) => html`<li key=${'c' + index}>改动：${one.detail}</li>`)}
      </ul>
    </details>
  </div>`;
}

function sentences(signature) {
  const judgement = signature.judgement || {};
  const reasons = (judgement.reasons || []).map(one => (typeof one === 'string' ? one : one.detail)).filter(Boolean);
  const state = { 'TOTAL-PASSED': '有效', 'TOTAL-FAILED': '无效', INDETERMINATE: '不能确定' }[judgement.indication] || '';
  return [state].concat(reasons).filter(Boolean).join('；');
}
