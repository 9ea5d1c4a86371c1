// The editor: the form on the left, the pages on the right, problems between them.

import { html, useEffect, useRef, useState } from '../vendor/standalone.module.js';
import { find } from '../library/drafts.js';
import { ImportNotes } from '../library/import.js';
import { titleOf } from '../library/names.js';
import { onSession } from '../shell/api.js';
import { Editing } from './editing.js';
import { Finish } from './finish.js';
import { Form } from '../form/form.js';
import { isComposing } from '../fields/keys.js';
import { afterDrawing, standIn } from '../fields/places.js';
import { NO_PAGES, Pages } from '../preview/pages.js';
import { PreviewLoop } from '../preview/loop.js';
import { Problems, countText, sorted, standInNext } from './problems.js';

/** @param {{id: string, me: any, header: (middle: any) => any}} props */
export function EditorView({ id, me, header }) {
  const [draft, setDraft] = useState(undefined);
  useEffect(() => {
    find(id).then(found => setDraft(found && found.owner === me.id ? found : null), () => setDraft(null));
  }, [id]);
  if (draft === undefined) return html`${header('')}<main class="narrow"><p class="quiet">正在打开…</p></main>`;
  if (draft === null) {
    return html`${header('')}<main class="narrow">
      <p>此草稿不在这台电脑上，可能已经生成公文或已删除。</p>
      <p><a href="#/">返回公文库</a></p>
    </main>`;
  }
  return html`<${Editor} draft=${draft} header=${header} />`;
}

function Editor({ draft, header }) {
  const [, redraw] = useState({});
  const [pages, setPages] = useState(NO_PAGES);
  const [isFinishing, setFinishing] = useState(false);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState('');
  const parts = useRef(null);
  if (!parts.current) parts.current = begin(draft, () => redraw({}), setPages);
  const { editing, loop, actions, view } = parts.current;
  const summary = useRef(null);
  const { doc, problems } = editing;
  const found = sorted(problems, doc);
  useEffect(() => {
    document.title = `${titleOf(doc).slice(0, 30)} - ${countText(found)}`;
  });
  useEffect(() => {
    if (!view.isComposing) loop.update(doc, view.isFirst ? 0 : undefined);
    view.isFirst = false;
  }, [doc]);
  useLife(editing, loop);
  const form = Object.create(actions, { problems: { value: problems }, showsAll: { value: view.showsAll } });
  const finish = () => {
    view.showsAll = true;
    if (problems.errors.length === 0) return setFinishing(true);
    setOpen(true);
    redraw({});
    afterDrawing(() => summary.current.focus());
  };
  const refuse = (errors, warnings) => {
    setFinishing(false);
    editing.setProblems(errors, warnings);
  };
  const composed = isOn => () => {
    view.isComposing = isOn;
    if (!isOn) loop.update(editing.doc);
  };
  // Preact takes the names of events that are no property of elements as they are written.
  return html`<div class="editor" onKeyDown=${event => shortcut(event, editing, view)}
      oncompositionstart=${composed(true)} oncompositionend=${composed(false)}>
    ${header(html`<span class="doc-title" title=${titleOf(doc)}>${titleOf(doc)}</span>
      <span class="status" role="status">${editing.status}</span>
      <button type="button" class="main" onClick=${finish}>生成公文</button>`)}
    <main class="editor-main">
      <div class="left">
        <div class="form-scroll" onfocusin=${event => setActive(pointerOf(event.target))}><${Form} doc=${doc} form=${form} /></div>
        <${ImportNotes} id=${draft.id} />
        <${Problems} found=${found} isOpen=${isOpen} onToggle=${() => setOpen(!isOpen)} summary=${summary} />
        ${editing.undone && html`<p class="undone" role="status">已删除“${editing.undone}”
          <button type="button" class="link" onClick=${() => editing.undo()}>撤销</button></p>`}
      </div>
      <${Pages} loop=${loop} state=${pages} active=${active} onPlace=${standIn} />
    </main>
    ${isFinishing && html`<${Finish} editing=${editing} onClose=${() => setFinishing(false)} onRefused=${refuse} />`}
  </div>`;
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
    removeEntry: (list, index, name) => editing.removeEntry(list, index, name),
  };
  Object.assign(actions, { actions });
  return { editing, loop, actions, view: { showsAll: false, isComposing: false, isFirst: true, last: -1 } };
}

/** Keeps the draft when the window closes, and stops the loop with the editor. */
function useLife(editing, loop) {
  useEffect(() => {
    const save = () => editing.saveAtOnce();
    document.addEventListener('visibilitychange', save);
    addEventListener('pagehide', save);
    const stop = onSession('begun', () => loop.schedule(0));
    return () => {
      stop();
      document.removeEventListener('visibilitychange', save);
      removeEventListener('pagehide', save);
      editing.save();
      loop.stop();
    };
  }, []);
}

function shortcut(event, editing, view) {
  if (isComposing(event) || event.defaultPrevented) return;
  if (event.key === 'F8') {
    event.preventDefault();
    view.last = standInNext(sorted(editing.problems, editing.doc), view.last, event.shiftKey ? -1 : 1);
    return;
  }
  const isControl = event.ctrlKey || event.metaKey;
  if (isControl && event.key.toLowerCase() === 's') {
    event.preventDefault();
    editing.save();
  } else if (isControl && /^[zy]$/i.test(event.key)) {
    event.preventDefault();
    if (event.key.toLowerCase() === 'y' || event.shiftKey) editing.redo();
    else editing.undo();
  }
}
