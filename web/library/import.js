// Begins a draft from a Word file, a workbook or pasted text, and keeps what was not understood.

import { html, useState } from '../vendor/standalone.module.js';
import { request } from '../shell/api.js';
import { go } from '../shell/route.js';
import { begin } from '../drafts/store.js';

/** The start of the names under which the notes of an import are kept while the window is open. */
const NOTES = 'hongtou-import-';

/** The longest text that is pasted, in characters. */
const LONGEST = 1000000;

/** Reads a file or a text into a draft and opens it. @param {Blob} file @param {any} me */
async function open(file, me) {
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await request('/v1/imports', { method: 'POST', headers, body: file });
  const read = await response.json();
  const id = await begin(withNeeded(read.submission), me.id);
  try {
    sessionStorage.setItem(NOTES + id, JSON.stringify({ unread: read.unread, problems: read.problems }));
  } catch (error) {
    // Without room for the notes the draft still opens.
  }
  go('draft', id);
}

/** A submission with the elements that the form needs; a workbook may lack them. */
function withNeeded(submission) {
  const number = { agency_code: '', year: new Date().getFullYear(), serial: 1 };
  const needed = { form: 'report', direction: 'upward', issuers: [], document_number: number, title: '', document_date: '' };
  const read = submission.document || {};
  const document = Object.assign({}, needed, read);
  document.document_number = Object.assign({}, number, read.document_number);
  return Object.assign({}, submission, { document });
}

/** The ways to begin from a file. @param {{me: any}} props */
export function ImportWays({ me }) {
  const [said, setSaid] = useState('');
  const [text, setText] = useState('');
  const read = async blob => {
    setSaid('正在读入…');
    try {
      await open(blob, me);
    } catch (error) {
      setSaid(error.message);
    }
  };
  const choose = event => {
    const file = event.target.files[0];
    event.target.value = '';
    if (file) read(file);
  };
  return html`
    <li><label>从Excel：<input type="file" accept=".xlsx,.xls,.et" onChange=${choose} /></label>
      按模板填写的工作簿（<a href="/v1/imports/template" download="公文模板.xlsx">下载模板</a>）。</li>
    <li><label>从Word或文本：<input type="file" accept=".docx,.txt" onChange=${choose} /></label> 写好的公文。</li>
    <li><label>粘贴公文的全文：<textarea rows="3" maxlength=${LONGEST} value=${text} onInput=${event => setText(event.target.value)}></textarea></label>
      <button type="button" disabled=${text.trim() === ''} onClick=${() => read(new Blob([text]))}>读入</button></li>
    <li role="status" hidden=${said === ''}>${said}</li>`;
}

function notesOf(id) {
  try {
    return JSON.parse(sessionStorage.getItem(NOTES + id));
  } catch (error) {
    return null;
  }
}

/** What an import did not understand, beside the form until it is closed. @param {{id: string}} props */
export function ImportNotes({ id }) {
  const [notes, setNotes] = useState(notesOf(id));
  if (!notes || notes.unread.length + notes.problems.length === 0) return null;
  const close = () => {
    sessionStorage.removeItem(NOTES + id);
    setNotes(null);
  };
  return html`<section class="problems has-doubts" aria-label="导入时没有读懂的部分">
    <button type="button" class="problems-head" onClick=${close}>
      <span>导入：没有读懂${notes.unread.length}处，需要核对${notes.problems.length}处</span><span class="quiet">看过了，收起</span>
    </button>
    <ol>
      ${notes.unread.map((one, index) => html`<li key=${'u' + index} class="problem"><span class="tag tag-pending">未读</span>
        <span>${one.place}：${one.text}</span></li>`)}
      ${notes.problems.map((one, index) => html`<li key=${'p' + index} class="problem"><span class="tag tag-doubt">核对</span>
        <span>${one.place && one.place + '：'}${one.message}</span></li>`)}
    </ol>
  </section>`;
}
