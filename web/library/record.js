// The record of a filing: its files, its signed copy and what to do next.

import { html, useEffect, useRef, useState } from '../vendor/standalone.module.js';
import { getJson, postJson, request } from '../shell/api.js';
import { dayText, momentText } from '../shell/dates.js';
import { fileName } from '../model/file-name.js';
import { NO_PAGES, Pages } from '../preview/pages.js';
import { PreviewLoop } from '../preview/loop.js';
import { openAgain, openRenewed } from './begin.js';
import { Inspection } from './inspection.js';
import { Signed } from './signed.js';

/** @param {{id: string, me: any, header: (middle: any) => any}} props */
export function RecordView({ id, me, header }) {
  const [record, setRecord] = useState(null);
  const [fault, setFault] = useState('');
  useEffect(() => {
    getJson(`/v1/filings/${encodeURIComponent(id)}`).then(found => {
      document.title = found.document_number;
      setRecord(found);
    }, error => setFault(error.status === 404 ? '没有这份公文，或无权查看。' : error.message));
  }, [id]);
  if (fault) {
    return html`${header('')}<main class="narrow">
      <p class="fault" role="alert">${fault}</p><p><a href="#/">返回公文库</a></p>
    </main>`;
  }
  if (!record) return html`${header('')}<main class="narrow"><p class="quiet">正在打开…</p></main>`;
  return html`${header('')}<main class="editor-main record">
    <div class="left"><div class="form-scroll">
      <p class="record-number">${record.document_number}${record.revision > 1 ? `（第${record.revision}稿）` : ''}</p>
      <h1>${record.title}</h1>
      <${Confirm} record=${record} onRecord=${setRecord} />
      <${Acts} record=${record} me=${me} />
      <dl class="facts">
        <dt>发文机关</dt><dd>${record.issuers.join('、')}</dd>
        <dt>成文日期</dt><dd>${dayText(record.document_date)}</dd>
        <dt>页数</dt><dd>${record.pages}页</dd>
        <dt>生成时间</dt><dd>${momentText(record.posted_at)}</dd>
        ${record.warnings.length > 0 && html`<dt>提醒</dt><dd><ul class="plain-list">${record.warnings.map(one => html`<li>${one.detail}</li>`)}</ul></dd>`}
      </dl>
      <p class="hint">打印时请选“实际大小”和“双面”，不要选“适合页面”。</p>
      <${Signed} record=${record} onRecord=${setRecord} />
      <${Inspection} record=${record} />
    </div></div>
    <${PagesOf} id=${record.id} />
  </main>`;
}

/** 待确认: a further issuer confirms that it issues the document. */
function Confirm({ record, onRecord }) {
  const [fault, setFault] = useState('');
  const waiting = record.unconfirmed || [];
  if (waiting.length === 0) return null;
  const confirmIt = () => postJson(`/v1/filings/${record.id}/confirmation`, {}).then(answer => answer.json()).then(onRecord, error => setFault(error.message));
  return html`<div class="verdict waiting"><p>待${waiting.join('、')}确认联合发文；确认前不列入其公文库。</p>
    <button type="button" class="main" onClick=${confirmIt}>确认联合发文</button>
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}</div>`;
}

function Acts({ record, me }) {
  const [fault, setFault] = useState('');
  const save = (path, ending) => download(path, fileName(record, ending)).catch(error => setFault(error.message));
  const path = `/v1/filings/${record.id}`;
  return html`<div class="acts">
    <button type="button" class="main" onClick=${() => save(`${path}/pdf`, '.pdf')}>下载PDF</button>
    <button type="button" onClick=${() => save(`${path}/word`, '.docx')}>下载Word（供编辑）</button>
    <button type="button" onClick=${() => openRenewed(record.id, me)}>以此新建</button>
    ${!record.signed && html`<button type="button" onClick=${() => openAgain(record.id, me)}>修改后再生成</button>`}
    <button type="button" class="plain" onClick=${() => save(`${path}/source`, '.json')}>下载原始数据</button>
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
  </div>`;
}

/** Saves a file under a name that people recognise. */
async function download(path, name) {
  const file = await (await request(path)).blob();
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** The pages, drawn from the content that the PDF was made from. */
function PagesOf({ id }) {
  const [pages, setPages] = useState(NO_PAGES);
  const loop = useRef(null);
  const onPages = change => setPages(state => Object.assign({}, state, change));
  if (!loop.current) loop.current = new PreviewLoop({ onPages, onProblems: () => {} });
  useEffect(() => {
    loop.current.showStored(`/v1/filings/${id}/pages`);
    return () => loop.current.stop();
  }, []);
  return html`<${Pages} loop=${loop.current} state=${pages} />`;
}
