// 机关和文号: the sequences of 发文字号 of an agency, with their gaps and reserved numbers.

import { html, useState } from '../vendor/standalone.module.js';
import { request } from '../shell/api.js';
import { sequences } from '../drafts/server.js';

export function Agencies() {
  const [asked, setAsked] = useState({ agency: '', year: String(new Date().getFullYear()) });
  const [state, setState] = useState({ found: null, fault: '' });
  const put = key => event => setAsked(Object.assign({}, asked, { [key]: event.target.value }));
  const load = async () => {
    if (asked.agency.trim() === '') return setState({ found: null, fault: '请填写机关的全称。' });
    try {
      setState({ found: await sequences(asked.year, asked.agency.trim()), fault: '' });
    } catch (error) {
      setState({ found: null, fault: error.message });
    }
  };
  const submit = event => {
    event.preventDefault();
    load();
  };
  const { found, fault } = state;
  return html`<form class="row" onSubmit=${submit}>
      <div class="field w9"><label for="agency">机关（全称）</label><input id="agency" value=${asked.agency} onInput=${put('agency')} /></div>
      <div class="field w4"><label for="agency-year">年份</label><input id="agency-year" type="number" value=${asked.year} onInput=${put('year')} /></div>
      <button class="beside">查看</button>
    </form>
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
    ${found && html`<h2>${found.agency}　${found.year}年</h2>
      <table class="list">
        <thead><tr><th>机关代字</th><th>下一个号</th><th>已用</th><th>已取号</th><th>空号</th></tr></thead>
        <tbody>${found.sequences.map(one => html`<tr key=${one.agency_code}>
          <td>${one.agency_code}</td><td>${one.next}号</td><td>${one.used}件</td>
          <td>${one.reserved.map(number => html`<div key=${number.serial}><a href=${'#/drafts/' + number.draft}>${number.serial}号</a>
            <span class="quiet"> ${number.taken_by_name}</span></div>`)}</td>
          <td>${one.gaps.map(gap => (gap.first === gap.last ? `${gap.first}号` : `${gap.first}至${gap.last}号`)).join('、') || '无'}</td></tr>`)}
        ${found.sequences.length === 0 && html`<tr><td colspan="5" class="quiet">这一年还没有发文。</td></tr>`}</tbody>
      </table>
      <${SequenceStart} found=${found} onSet=${load} />`}`;
}

/** From which number on numbers are given. */
function SequenceStart({ found, onSet }) {
  const [input, setInput] = useState({ agency_code: '', start: '1', first: '1' });
  const [said, setSaid] = useState({ text: '', isFault: false });
  const put = key => event => setInput(Object.assign({}, input, { [key]: event.target.value }));
  const set = async event => {
    event.preventDefault();
    const body = { agency: found.agency, agency_code: input.agency_code.trim(), year: found.year, start: Number(input.start), first: Number(input.first) };
    try {
      await request('/v1/sequences', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      setSaid({ text: '已设置。', isFault: false });
      onSet();
    } catch (error) {
      setSaid({ text: error.message, isFault: true });
    }
  };
  return html`<form onSubmit=${set} novalidate>
    <h2>设置起始号</h2>
    <p class="quiet">此前用其他办法编过号的，在此写明从几号起取；更早的号不列为空号。</p>
    <div class="row">
      <div class="field w6"><label for="sequence-code">机关代字</label><input id="sequence-code" value=${input.agency_code} onInput=${put('agency_code')} /></div>
      <div class="field w5"><label for="sequence-start">从几号起取</label><input id="sequence-start" type="number" min="1" value=${input.start} onInput=${put('start')} /></div>
      <div class="field w5"><label for="sequence-first">从几号起查空号</label><input id="sequence-first" type="number" min="1" value=${input.first} onInput=${put('first')} /></div>
      <button class="beside">设置</button>
    </div>
    ${said.text && html`<p class=${said.isFault ? 'fault' : 'quiet'} role="status">${said.text}</p>`}
  </form>`;
}
