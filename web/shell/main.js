// Starts the page: who is signed in, and which view the address names.

import { html, render, useEffect, useState } from '../vendor/standalone.module.js';
import { onSession, whoAmI } from './api.js';
import { current } from './route.js';
import { Header } from './header.js';
import { SignIn } from './sign-in.js';
import { load, loadOthers, useView } from './views.js';

function App() {
  const [me, setMe] = useState(undefined);
  const [isOver, setOver] = useState(false);
  const [fault, setFault] = useState('');
  const [route, setRoute] = useState(current());
  const View = useView(route.view);
  useEffect(() => {
    whoAmI().then(setMe, error => setFault(error.message)).then(loadOthers);
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
  if (View === null) return html`<main class="narrow"><p class="fault" role="alert">没有连上服务，页面没有读全。请刷新页面。</p></main>`;
  if (View === undefined) return html`<main class="narrow"><p class="quiet">正在打开…</p></main>`;
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

// Before the service has said who is signed in. If it fails, `useView` says so.
load(current().view).catch(() => {});
const root = document.getElementById('page');
render(html`<${App} />`, root);
