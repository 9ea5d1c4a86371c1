// 字体: the fonts of an agency, and what its pages are set in.

import { html, useEffect, useState } from '../vendor/standalone.module.js';
import { getJson, request } from '../shell/api.js';
import { momentText } from '../shell/dates.js';

const ORIGINS = { built_in: '内置', server: '服务器的', agency: '本机关的' };

export function Fonts() {
  const [agency, setAgency] = useState('');
  const [state, setState] = useState({ found: null, said: '', fault: '', busy: false });
  const tell = change => setState(Object.assign({}, state, { said: '', fault: '', busy: false }, change));
  const load = async (of, said) => {
    const query = of ? '?' + new URLSearchParams({ agency: of }).toString() : '';
    try {
      tell({ found: await getJson('/v1/fonts' + query), said: said || '' });
    } catch (error) {
      tell({ fault: error.message });
    }
  };
  useEffect(() => {
    load('', '');
  }, []);
  const look = event => {
    event.preventDefault();
    load(agency.trim(), '');
  };
  const choose = name => {
    setAgency(name);
    load(name, '');
  };
  const { found, said, fault, busy } = state;
  const add = async event => {
    const file = event.target.files[0];
    event.target.value = '';
    if (!file) return;
    const query = new URLSearchParams({ agency: found.agency, file_name: file.name });
    tell({ busy: true });
    try {
      await request('/v1/fonts?' + query.toString(), { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: file });
      await load(found.agency, `已添加“${file.name}”，此后由${found.agency}主办的公文即用此字体。`);
    } catch (error) {
      tell({ fault: `“${file.name}”没有添加：${error.message}` });
    }
  };
  const remove = async font => {
    if (!confirm(`移除${font.agency}的字体“${font.file_name}”？此后的公文不再用它，已经生成的不受影响。`)) return;
    try {
      await request(`/v1/fonts/${encodeURIComponent(font.id)}`, { method: 'DELETE' });
      await load(found.agency, `已移除“${font.file_name}”。`);
    } catch (error) {
      tell({ fault: error.message });
    }
  };
  return html`<p class="quiet">持有方正小标宋、仿宋_GB2312等字体授权的机关，可以在此上传自己的字体文件；由其主办的公文即用这些字体，其他机关的不受影响。</p>
    <form class="row" onSubmit=${look}>
      <div class="field w9"><label for="fonts-agency">机关（全称，不填则列出全部）</label><input id="fonts-agency" value=${agency} onInput=${event => setAgency(event.target.value)} /></div>
      <button class="beside">查看</button>
    </form>
    <div role="status">${busy && html`<p>正在上传并试排，请稍候……</p>`}${said && html`<p>${said}</p>`}</div>
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
    ${found && html`<${Files} found=${found} busy=${busy} onAdd=${add} onRemove=${remove} onChoose=${choose} />
      <${Faces} found=${found} />`}`;
}

/** The font files, and how to add one. */
function Files({ found, busy, onAdd, onRemove, onChoose }) {
  const agency = found.agency;
  return html`<h2>${agency ? `${agency}的字体文件` : '各机关的字体文件'}</h2>
    ${agency && html`<p><label>添加字体文件（.ttf、.otf、.ttc）：<input type="file" id="font-file" accept=".ttf,.otf,.ttc" disabled=${busy} onChange=${onAdd} /></label></p>`}
    <table class="list">
      <thead><tr>${!agency && html`<th>机关</th>`}<th>文件</th><th>字体</th><th>大小</th><th>添加</th><th class="w-act"><span class="unseen">操作</span></th></tr></thead>
      <tbody>${found.fonts.map(font => html`<tr key=${font.id}>
        ${!agency && html`<td><button type="button" class="plain" onClick=${() => onChoose(font.agency)}>${font.agency}</button></td>`}
        <td>${font.file_name}</td><td>${font.families.join('、')}</td><td>${size(font.bytes)}</td>
        <td>${momentText(font.added_at)}<div class="quiet">${font.added_by}</div></td>
        <td><button type="button" class="plain" disabled=${busy} aria-label=${`移除字体 ${font.file_name}`} onClick=${() => onRemove(font)}>移除</button></td></tr>`)}
      ${found.fonts.length === 0 && html`<tr><td colspan=${agency ? 5 : 6} class="quiet">${agency ? '这个机关没有自己的字体。' : '还没有机关上传自己的字体。填写机关的全称并查看后，即可上传。'}</td></tr>`}</tbody>
    </table>`;
}

/** What each part of the page is set in. */
function Faces({ found }) {
  return html`<h2>${found.agency ? '公文各处实际所用的字体' : '没有自己字体的机关所用的字体'}</h2>
    <table class="list">
      <thead><tr><th>用在何处</th><th>字体</th><th>实际所用</th><th>来源</th></tr></thead>
      <tbody>${found.faces.map(face => html`<tr key=${face.face}>
        <td>${face.place}</td><td>${face.face}</td><td>${face.family}<div class="quiet">${face.file_name}</div></td><td>${ORIGINS[face.origin]}</td></tr>`)}</tbody>
    </table>
    <p class="quiet">正文中的数字、字母和引号、破折号等标点宽度须统一，一律用内置字体。字体授权是否允许在服务器上使用并嵌入文件，请自行核对。</p>`;
}

/** @param {number} bytes */
function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
