// One batch: its progress, what could not be made and why, and its ZIP.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { getJson, request } from '../shell/api.js';
import { momentText } from '../shell/dates.js';
import { STATES } from './batches.js';
import { unitNames } from './units.js';

/** The pause between two questions for the progress, in milliseconds. */
const PAUSE = 1000;

/** @param {{id: string, header: (middle: any) => any}} props */
export function BatchView({ id, header }) {
  const [state, setState] = useState({ batch: null, fault: '' });
  const path = `/v1/batches/${encodeURIComponent(id)}`;
  const load = () => getJson(path).then(batch => setState({ batch, fault: '' }), error => setState(now => ({ batch: now.batch, fault: error.message })));
  const { batch, fault } = state;
  const isOver = batch !== null && (batch.state === 'done' || batch.state === 'cancelled');
  useEffect(() => {
    document.title = '批量生成';
    load();
  }, [id]);
  useEffect(() => {
    if (isOver) return undefined;
    // Not while nobody looks.
    const timer = setInterval(() => document.hidden || load(), PAUSE);
    return () => clearInterval(timer);
  }, [id, isOver]);
  const cancel = () => confirm('取消尚未生成的各件？已生成的保留。') && request(path, { method: 'DELETE' }).then(load, error => setState({ batch, fault: error.message }));
  return html`${header('')}<main class="library">
    <div class="library-head"><h1>批次${batch ? `　${STATES[batch.state]}` : ''}</h1><a class="plain" href="#/batches">各批次</a></div>
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
    ${batch && html`<${Progress} batch=${batch} />
      <div class="acts">
        ${isOver && html`<a class="button main" href=${path + '/archive.zip'} download>下载全部PDF和清单（ZIP）</a>`}
        ${!isOver && html`<button type="button" onClick=${cancel}>取消其余</button>`}
      </div>
      <${Failures} id=${id} path=${path} count=${batch.counts.refused + batch.counts.failed} until=${batch.problems_kept_until} />`}
  </main>`;
}

function Progress({ batch }) {
  const { filed, refused, failed, cancelled, waiting } = batch.counts;
  const ended = filed + refused + failed + cancelled;
  const rate = batch.lines_per_second ? `每秒${batch.lines_per_second}件` : '';
  const left = batch.seconds_left ? `约需${durationText(batch.seconds_left)}` : '';
  return html`<div class="progress">
    <progress max=${Math.max(1, batch.total)} value=${ended} aria-label="进度"></progress>
    <p role="status">共${batch.total}件：已生成${filed}件，不合格${refused}件${failed ? `，未能完成${failed}件` : ''}${cancelled ? `，已取消${cancelled}件` : ''}${waiting ? `，等待${waiting}件` : ''}。
      <span class="quiet"> ${[rate, waiting ? left : ''].filter(Boolean).join('，')}</span></p>
    <p class="quiet">${momentText(batch.created_at)}提交${batch.finished_at ? `，${momentText(batch.finished_at)}结束` : ''}</p>
  </div>`;
}

function durationText(seconds) {
  if (seconds < 60) return `${seconds}秒`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes}分钟` : `${Math.floor(minutes / 60)}小时${minutes % 60}分钟`;
}

/** The lines that became no document, with the first reasons of each. */
function Failures({ id, path, count, until }) {
  const names = unitNames(id);
  const [state, setState] = useState({ lines: [], next: null, fault: '' });
  const load = async after => {
    try {
      const page = await getJson(`${path}/problems${after ? '?after=' + after : ''}`);
      setState(now => ({ lines: (after ? now.lines : []).concat(page.lines), next: page.next, fault: '' }));
    } catch (error) {
      setState(now => Object.assign({}, now, { fault: error.message }));
    }
  };
  useEffect(() => {
    if (count > 0) load(0);
  }, [path, count]);
  if (count === 0) return null;
  return html`<section><h2>未能生成的</h2>
    <div class="acts"><a class="button" href=${path + '/problems.xlsx'} download>下载Excel，改后重新提交</a></div>
    <p class="quiet">${keptText(until)}</p>
    ${state.fault && html`<p class="fault" role="alert">${state.fault}</p>`}
    <table class="list"><thead><tr><th class="w-date">单位</th><th>原因</th></tr></thead>
      <tbody>${state.lines.map(one => html`<tr key=${one.line}><td>${names[one.line - 1] || `第${one.line}份`}</td><td>${reasons(one.problem).map((text, index) => html`
        <p key=${index}>${text}</p>`)}</td></tr>`)}</tbody></table>
    ${state.next && html`<p class="more"><button type="button" onClick=${() => load(state.next)}>更多</button></p>`}
  </section>`;
}

/** Until when the Excel has the documents. */
function keptText(until) {
  if (!until) return 'Excel中有这些公文的内容和原因，批次结束后保存30天。';
  if (Date.parse(until) > Date.now()) return `Excel中有这些公文的内容和原因，保存到${momentText(until)}；此后只有原因。`;
  return `这些公文的内容已于${momentText(until)}删除，Excel中只有原因，请在原文件中更正。`;
}

function reasons(problem) {
  const errors = (problem.errors || []).map(one => one.detail);
  const shown = errors.length > 0 ? errors : [problem.detail || problem.title];
  return shown.length > 5 ? shown.slice(0, 5).concat([`另有${shown.length - 5}处`]) : shown;
}
