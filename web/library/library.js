// 公文库: the drafts and filings of the agency, newest first.

import { html, useEffect, useRef, useState } from '../vendor/standalone.module.js';
import { getJson } from '../shell/api.js';
import { dayText } from '../shell/dates.js';
import { draftsOf } from './draft-rows.js';
import { DraftRow } from './draft-row.js';
import { issuerPath, searchPath } from './search.js';
import { openExample } from './begin.js';

/** The pause after the last key before a search, in milliseconds. */
const PAUSE = 250;

const FILTERS = [['all', '全部'], ['draft', '草稿'], ['review', '审签中'], ['filed', '已生成'], ['signed', '已签署'], ['unconfirmed', '待确认']];
/** The states of drafts that somebody else must act on. */
const IN_REVIEW = ['in_review', 'returned', 'in_approval', 'approved'];

/** @param {{me: any, header: (middle: any) => any}} props */
export function Library({ me, header }) {
  const [typed, setTyped] = useState('');
  const [filter, setFilter] = useState('all');
  const [drafts, setDrafts] = useState([]);
  const { found, fault, more } = useFilings(typed);
  const reload = () => draftsOf(me).then(setDrafts, () => setDrafts([]));
  const unconfirmed = useUnconfirmed(filter);
  useEffect(() => {
    document.title = '公文库';
    reload();
    // Others may have saved or approved meanwhile.
    const again = () => document.hidden || reload();
    document.addEventListener('visibilitychange', again);
    return () => document.removeEventListener('visibilitychange', again);
  }, []);
  const words = typed.trim();
  const matching = drafts.filter(draft => (draft.title + draft.number).includes(words))
    .filter(draft => filter !== 'review' || IN_REVIEW.includes(draft.state));
  const filings = filter === 'unconfirmed' ? unconfirmed : (found ? found.filings : []).filter(one => filter !== 'signed' || one.signed)
    .filter(one => filter !== 'filed' || !one.signed);
  const showsDrafts = ['all', 'draft', 'review'].includes(filter);
  const showsFilings = !['draft', 'review'].includes(filter);
  const isEmpty = found && !words && drafts.length === 0 && found.filings.length === 0;
  return html`${header(html`<${SearchBox} typed=${typed} onTyped=${setTyped} />`)}
    <main class="library">
      <div class="library-head">
        <h1>公文库</h1>
        <a class="button main" href="#/new">新建公文</a>
        <button type="button" onClick=${() => openExample(me)}>打开示例</button>
        <a class="button" href="#/batches">批量生成</a>
      </div>
      ${fault && html`<p class="fault" role="alert">${fault}</p>`}
      ${isEmpty ? html`<${Beginning} me=${me} />` : html`
        <${Filters} filter=${filter} onFilter=${setFilter} />
        <${Table} drafts=${showsDrafts ? matching : []} filings=${showsFilings ? filings : []}
          isLoading=${!found && !fault} onDropped=${reload} />
        ${found && found.next && showsFilings && filter !== 'unconfirmed' && html`<p class="more"><button type="button" onClick=${more}>更多</button></p>`}`}
    </main>`;
}

/** The filings for what is typed; they stay while the next answer is under way. */
function useFilings(typed) {
  const [state, setState] = useState({ found: null, fault: '' });
  const turn = useRef(0);
  useEffect(() => {
    const mine = ++turn.current;
    const load = async () => {
      try {
        let found = await getJson(searchPath(typed));
        const other = found.filings.length === 0 && issuerPath(typed);
        if (other) found = await getJson(other);
        if (mine === turn.current) setState({ found, fault: '' });
      } catch (error) {
        if (mine === turn.current) setState({ found: null, fault: error.message });
      }
    };
    const timer = setTimeout(load, typed ? PAUSE : 0);
    return () => clearTimeout(timer);
  }, [typed]);
  const more = async () => {
    const next = await getJson(state.found.next);
    const filings = state.found.filings.concat(next.filings);
    setState({ found: { filings, next: next.next }, fault: '' });
  };
  return Object.assign({ more }, state);
}

/** The filings that name the caller's agency and wait for its confirmation. */
function useUnconfirmed(filter) {
  const [filings, setFilings] = useState([]);
  useEffect(() => {
    if (filter === 'unconfirmed') getJson('/v1/confirmations').then(found => setFilings(found.filings), () => setFilings([]));
  }, [filter]);
  return filings;
}

function SearchBox({ typed, onTyped }) {
  return html`<input class="search" type="search" aria-label="查找公文" placeholder="查找：发文字号、年份、标题中的字、发文机关"
    value=${typed} onInput=${event => onTyped(event.target.value)} />`;
}

function Filters({ filter, onFilter }) {
  return html`<div class="filters" role="group" aria-label="状态">${FILTERS.map(([key, name]) => html`
    <button type="button" class="filter" aria-pressed=${String(key === filter)} onClick=${() => onFilter(key)}>${name}</button>`)}
  </div>`;
}

function Beginning({ me }) {
  return html`<section class="beginning">
    <p>这里还没有公文。可以这样开始：</p>
    <div class="ways">
      <a class="way" href="#/new"><b>新建公文</b><span>选文种，填表，右边即见版面</span></a>
      <button class="way" type="button" onClick=${() => openExample(me)}><b>打开示例</b><span>一份已填好的自评报告，可以随意改动</span></button>
      <a class="way" href="#/new"><b>由去年的公文新建</b><span>在公文库中打开去年的公文，点“以此新建”</span></a>
    </div>
  </section>`;
}

function Table({ drafts, filings, isLoading, onDropped }) {
  const isNothing = !isLoading && drafts.length + filings.length === 0;
  return html`<table class="list">
    <thead><tr>
      <th class="w-number">发文字号</th><th>标题</th><th class="w-date">成文日期</th><th class="w-state">状态</th>
      <th class="w-act"><span class="unseen">操作</span></th>
    </tr></thead>
    <tbody>
      ${drafts.map(draft => html`<${DraftRow} key=${draft.id} draft=${draft} onDropped=${onDropped} />`)}
      ${filings.map(one => html`<${FilingRow} key=${one.id} filing=${one} />`)}
      ${isLoading && html`<tr><td colspan="5" class="quiet">正在读取…</td></tr>`}
      ${isNothing && html`<tr><td colspan="5" class="quiet">没有符合条件的公文。</td></tr>`}
    </tbody>
  </table>`;
}

function FilingRow({ filing }) {
  const revised = filing.revision > 1 ? `，第${filing.revision}稿` : '';
  return html`<tr>
    <td>${filing.document_number}</td>
    <td><a href=${'#/filing/' + filing.id}>${filing.title}</a><div class="quiet">${filing.issuers.join('、')}，${filing.pages}页${revised}</div></td>
    <td>${dayText(filing.document_date)}</td>
    <td>${filing.signed ? html`<span class="state state-signed">已签署</span>`
      : (filing.unconfirmed || []).length > 0 ? html`<span class="state state-pending">待确认</span>` : html`<span class="state state-filed">已生成</span>`}</td>
    <td><a class="plain" href=${`/v1/filings/${filing.id}/pdf`} download aria-label=${`下载 ${filing.document_number}`}>下载</a></td>
  </tr>`;
}
