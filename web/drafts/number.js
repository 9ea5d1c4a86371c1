// 取号: the next number of the agency, or one that was left out, reserved for this draft.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { Dialog } from '../shell/dialog.js';
import * as server from './server.js';

/** @param {{editing: any, me: any, onClose: () => void}} props */
export function TakeNumber({ editing, me, onClose }) {
  const head = editing.doc.document;
  const { agency_code: code, year } = head.document_number || {};
  const [state, setState] = useState({ sequence: null, busy: false, fault: '' });
  useEffect(() => {
    const agency = me.agency ? '' : (head.issuers || [])[0];
    server.sequences(year, agency).then(found => {
      setState({ sequence: found.sequences.find(one => one.agency_code === code) || {}, busy: false, fault: '' });
    }, error => setState({ sequence: {}, busy: false, fault: error.status === 404 ? '' : error.message }));
  }, []);
  const take = async serial => {
    setState(Object.assign({}, state, { busy: true, fault: '' }));
    try {
      await editing.save();
      if (!editing.sync.record) throw new Error('草稿还没有存入服务器，请稍后再试。');
      const number = await server.takeNumber(editing.sync.record.id, Object.assign({ agency_code: code, year }, serial ? { serial } : {}));
      editing.apply(withNumber(editing.doc, number));
      editing.sync.see(Object.assign({}, editing.sync.record, { number }));
      await editing.save();
      onClose();
    } catch (error) {
      setState(Object.assign({}, state, { busy: false, fault: error.message }));
    }
  };
  const { sequence, busy, fault } = state;
  const gaps = sequence && sequence.gaps ? sequence.gaps : [];
  return html`<${Dialog} title="取号" onClose=${onClose}>
    ${!code ? html`<p class="fault">请先填写机关代字。</p>` : html`
      <p>为此件预留${code}〔${year}〕的发文字号。预留后别人不能再用；删除草稿即退回。</p>
      <div class="acts"><button type="button" class="main" disabled=${busy} onClick=${() => take(0)}>
        取下一个号${sequence && sequence.next ? `：${sequence.next}号` : ''}</button></div>
      ${gaps.length > 0 && html`<p>空号，也可以补用：</p><div class="acts">${serials(gaps).map(serial => html`
        <button key=${serial} type="button" disabled=${busy} onClick=${() => take(serial)}>${serial}号</button>`)}</div>`}`}
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
    <div class="dialog-acts"><button type="button" onClick=${onClose}>取消</button></div>
  <//>`;
}

/** The first gaps, one by one. */
function serials(gaps) {
  const found = [];
  for (const { first, last } of gaps) for (let serial = first; serial <= last && found.length < 12; serial++) found.push(serial);
  return found;
}

function withNumber(doc, { agency_code, year, serial }) {
  const number = Object.assign({}, doc.document.document_number, { agency_code, year, serial });
  return Object.assign({}, doc, { document: Object.assign({}, doc.document, { document_number: number }) });
}
