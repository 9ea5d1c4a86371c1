// Starts the page: who is signed in, and which view the address names.

import { html, render, useEffect, useState } from '../vendor/standalone.module.js';
import { onSession, whoAmI } from './api.js';
import { current } from './route.js';
import { Header } from './header.js';
import { SignIn } from './sign-in.js';
import { Admin } from '../admin/admin.js';
import { BatchView } from '../batches/batch.js';
import { BatchList } from '../batches/batches.js';
import { Library } from '../library/library.js';
import { NewDocument } from '../library/new-document.js';
import { RecordView } from '../library/record.js';
import { EditorView } from '../editor/view.js';

const VIEWS = {
  new: NewDocument, filing: RecordView, draft: EditorView, drafts: EditorView, batches: BatchList, batch: BatchView, admin: Admin,
};

function App() {
  const [me, setMe] = useState(undefined);
  const [isOver, setOver] = useState(false);
  const [fault, setFault] = useState('');
  const [route, setRoute] = useState(current());
  useEffect(() => {
    whoAmI().then(setMe, error => setFault(error.message));
    const follow = () => setRoute(current());
    addEventListener('hashchange', follow);
    const stop = onSession('over', () => setOver(true));
    return () => {
      removeEventListener('hashchange', follow);
      stop();
    };
  }, []);
  const signedIn = someone => {
    setOver(false);
    setMe(someone);
  };
  if (fault) return html`<main class="narrow"><p class="fault" role="alert">${fault}</p></main>`;
  if (me === undefined) return html`<main class="narrow"><p class="quiet">正在打开…</p></main>`;
  if (me === null) return html`<${SignIn} onSignedIn=${signedIn} />`;
  const View = VIEWS[route.view] || Library;
  const leave = () => {
    setOver(false);
    setMe(null);
  };
  // The view stays mounted below the sign-in, so that nothing typed is lost.
  return html`<div class="app">
    <${View} key=${route.view === 'admin' ? 'admin' : route.view + route.id} id=${route.id} me=${me}
      header=${middle => html`<${Header} me=${me} onSignedOut=${leave}>${middle}<//>`} />
    ${isOver && html`<div class="cover"><${SignIn} again onSignedIn=${signedIn} /></div>`}
  </div>`;
}

const root = document.getElementById('page');
render(html`<${App} />`, root);
