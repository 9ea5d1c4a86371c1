// The editor: the form on the left, the pages on the right, problems between them.

import { html, useEffect, useRef, useState } from '../vendor/standalone.module.js';
import { Approval } from '../drafts/approval.js';
import { Conflict } from '../drafts/conflict.js';
import { TakeNumber } from '../drafts/number.js';
import { open } from '../drafts/opening.js';
import { ImportNotes } from '../library/import.js';
import { titleOf } from '../library/names.js';
import { onSession } from '../shell/api.js';
import { Editing } from './editing.js';
import { Finish } from './finish.js';
import { Mend } from './mend.js';
import { Form } from '../form/form.js';
import { afterDrawing, standIn } from '../fields/places.js';
import { NO_PAGES, Pages } from '../preview/pages.js';
import { PreviewLoop } from '../preview/loop.js';
import { Problems, countText, sorted } from './problems.js';
import { noteInput, shortcut } from './shortcuts.js';

/** @param {{id: string, me: any, header: (middle: any) => any}} props */
export function EditorView({ id, me, header }) {
  const [state, setState] = useState({ draft: undefined, fault: '' });
  useEffect(() => {
    open(id, me).then(draft => setState({ draft, fault: '' }), error => setState({ draft: null, fault: error.message }));
  }, [id]);
  const { draft, fault } = state;
  if (draft === undefined) return html`${header('')}<main class="narrow"><p class="quiet">正在打开…</p></main>`;
  if (draft === null) {
    return html`${header('')}<main class="narrow">
      <p>${fault || '没有这份草稿：可能已经生成公文、已删除，或属于其他机关。'}</p>
      <p><a href="#/">返回公文库</a></p>
    </main>`;
  }
  return html`<${Editor} draft=${draft} me=${me} header=${header} />`;
}

function Editor({ draft, me, header }) {
  const [, redraw] = useState({});
  const [pages, setPages] = useState(NO_PAGES);
  const [asked, setAsked] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState('');
  const parts = useRef(null);
  if (!parts.current) parts.current = begin(draft, () => redraw({}), setPages);
  const { editing, loop, actions, view } = parts.current;
  actions.takeNumber = () => setAsked('number');
  const summary = useRef(null);
  const { doc, problems } = editing;
  const found = sorted(problems, doc);
  useEffect(() => {
    document.title = `${titleOf(doc).slice(0, 30)} - ${countText(found)}`;
  });
  useEffect(() => {
    // Reviewers may read a draft, but not submit one.
    if (!me.roles.some(role => role === 'submit' || role === 'admin') && editing.sync.record) loop.showStored(`/v1/drafts/${editing.sync.record.id}/pages`);
    else if (!editing.isComposing) loop.update(doc, view.isFirst ? 0 : undefined);
    view.isFirst = false;
  }, [doc]);
  useLife(editing, loop);
  const form = Object.create(actions, { problems: { value: problems }, showsAll: { value: view.showsAll } });
  const finish = () => {
    view.showsAll = true;
    if (problems.errors.length === 0) return setAsked('finish');
    setOpen(true);
    redraw({});
    afterDrawing(() => summary.current.focus());
  };
  const refuse = (errors, warnings) => {
    setAsked('');
    editing.setProblems(errors, warnings);
  };
  const composed = isOn => () => {
    editing.isComposing = isOn;
    if (isOn) return;
    loop.update(editing.doc);
    editing.changed();
  };
  // Preact takes the names of events that are no property of elements as they are written.
  return html`<div class="editor" onKeyDown=${event => shortcut(event, { editing, view, finish })}
      onInput=${event => noteInput(event, view)}
      oncompositionstart=${composed(true)} oncompositionend=${composed(false)}>
    ${header(html`<span class="doc-title" title=${titleOf(doc)}>${titleOf(doc)}</span>
      <span class="status" role="status">${editing.status}</span>
      <${Acts} editing=${editing} onFinish=${finish} onRefused=${refuse} />`)}
    <main class="editor-main">
      <div class="left">
        <div class="form-scroll" onfocusin=${event => setActive(pointerOf(event.target))}>
          <fieldset class="lock" disabled=${!editing.sync.may('edit')}><${Form} doc=${doc} form=${form} /></fieldset></div>
        <${ImportNotes} id=${draft.id} />
        <${Problems} found=${found} isOpen=${isOpen} onToggle=${() => setOpen(!isOpen)} summary=${summary}>
          <${Mend} editing=${editing} />
        <//>
        ${editing.notice && html`<p class="undone" role="status">${editing.notice.text}
          <button type="button" class="link" onClick=${editing.notice.run}>${editing.notice.action}</button></p>`}
      </div>
      <${Pages} loop=${loop} state=${pages} active=${active} onPlace=${standIn} />
    </main>
    <${Questions} asked=${asked} editing=${editing} me=${me} onClose=${() => setAsked('')} onRefused=${refuse} />
  </div>`;
}

/** The dialogs over the editor. */
function Questions({ asked, editing, me, onClose, onRefused }) {
  return html`
    ${asked === 'finish' && html`<${Finish} editing=${editing} onClose=${onClose} onRefused=${onRefused} />`}
    ${asked === 'number' && html`<${TakeNumber} editing=${editing} me=${me} onClose=${onClose} />`}
    ${editing.sync.conflict && html`<${Conflict} editing=${editing} />`}`;
}

/** What can be done with the draft, besides writing it. */
function Acts({ editing, onFinish, onRefused }) {
  const { record } = editing.sync;
  const share = () => {
    const isCopied = copied(`${location.origin}/#/drafts/${record.id}`);
    editing.notify({ text: isCopied ? '链接已复制，本机关的人登录后即可打开此草稿' : '请复制浏览器地址栏中的网址', action: '知道了', run: () => editing.notify(null) });
  };
  return html`${record && html`<button type="button" class="plain" title="复制此草稿的链接，发给本机关的人" onClick=${share}>分享</button>`}
    <${Approval} editing=${editing} onRefused=${onRefused} />
    ${record && record.filing ? html`<a class="button main" href=${'#/filing/' + record.filing}>查看公文</a>`
      : editing.sync.may('file') && html`<button type="button" class="main" title="F9" onClick=${onFinish}>生成公文</button>`}`;
}

/** Copies a text. `navigator.clipboard` is missing on plain-http addresses. */
function copied(text) {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const isDone = document.execCommand('copy');
  area.remove();
  return isDone;
}

/** The pointer of the field that an element belongs to. */
function pointerOf(element) {
  const field = element.closest('[id^="at/"]');
  return field ? field.id.slice(2) : '';
}

/** The parts of an editor that live as long as it is open. */
function begin(draft, redraw, setPages) {
  const editing = new Editing(draft, redraw);
  const loop = new PreviewLoop({
    onPages: change => setPages(state => Object.assign({}, state, change)),
    onProblems: (errors, warnings) => editing.setProblems(errors, warnings),
  });
  const actions = {
    editing,
    get doc() {
      return editing.doc;
    },
    edit: editing.edit,
    apply: editing.apply,
    put: (pointer, value) => editing.edit(pointer, value),
    notify: notice => editing.notify(notice),
    drop: (pointer, name) => editing.drop(pointer, name),
    removeEntry: (list, index, name) => editing.removeEntry(list, index, name),
  };
  Object.assign(actions, { actions });
  return { editing, loop, actions, view: { showsAll: false, isFirst: true, last: -1, ownRedo: '' } };
}

/** Keeps the draft when the window closes, and stops the loop with the editor. */
function useLife(editing, loop) {
  useEffect(() => {
    const save = () => {
      editing.saveAtOnce();
      if (!document.hidden) editing.refresh();
    };
    document.addEventListener('visibilitychange', save);
    addEventListener('pagehide', save);
    const again = () => loop.schedule(0);
    const stop = onSession('begun', again);
    addEventListener('online', again);
    return () => {
      stop();
      removeEventListener('online', again);
      document.removeEventListener('visibilitychange', save);
      removeEventListener('pagehide', save);
      editing.save().then(() => editing.sync.stop());
      loop.stop();
    };
  }, []);
}
