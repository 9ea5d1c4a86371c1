// 运行情况: whether the parts of the service work, in plain words.

import { html, useEffect, useState } from '../vendor/standalone.module.js';

const PARTS = [
  ['database', '数据库', '登录、公文库和草稿正常', '公文库和草稿暂时打不开，请检查数据库服务和磁盘空间'],
  ['store', '文件存储', '公文文件可以存取', '公文文件暂时不能存取，请检查存储服务和磁盘空间'],
  ['fonts', '字体', '公文字体齐全', '缺少公文字体，不能生成，请重新安装本系统'],
];

export function Health() {
  const [state, setState] = useState({ readiness: null, fault: '' });
  const load = async () => {
    try {
      // 503 says which part is unavailable.
      setState({ readiness: await (await fetch('/readyz')).json(), fault: '' });
    } catch (error) {
      setState({ readiness: null, fault: '服务没有答复，请检查服务是否在运行。' });
    }
  };
  useEffect(() => {
    load();
  }, []);
  const { readiness, fault } = state;
  return html`<div class="acts"><button type="button" onClick=${load}>再查一次</button></div>
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
    ${readiness && html`<p role="status"><b>${readiness.ready ? '一切正常。' : '有部分不正常，见下表。'}</b></p>
      <table class="list"><thead><tr><th class="w-date">部分</th><th class="w-state">状态</th><th>说明</th></tr></thead>
        <tbody>${PARTS.map(([key, name, fine, bad]) => {
          const isFine = readiness[key] === 'ready';
          return html`<tr key=${key}><td>${name}</td>
            <td><span class=${isFine ? 'state state-approved' : 'state state-signed'}>${isFine ? '正常' : '不正常'}</span></td>
            <td>${isFine ? fine : bad}</td></tr>`;
        })}</tbody></table>`}`;
}
