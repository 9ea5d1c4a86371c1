// The views of the page. Each is loaded when it is first shown, or soon after the page can be used.

import { useEffect, useState } from '../vendor/standalone.module.js';

const LOADS = {
  library: () => import('../library/library.js').then(found => found.Library),
  new: () => import('../library/new-document.js').then(found => found.NewDocument),
  filing: () => import('../library/record.js').then(found => found.RecordView),
  drafts: () => import('../editor/view.js').then(found => found.EditorView),
  batches: () => import('../batches/batches.js').then(found => found.BatchList),
  batch: () => import('../batches/batch.js').then(found => found.BatchView),
  admin: () => import('../admin/admin.js').then(found => found.Admin),
};

/** A draft that is only in this browser has another address. */
const SAME = { draft: 'drafts' };

/** The loaded views. @type {Record<string, any>} */
const views = {};

function nameOf(view) {
  const name = SAME[view] || view;
  return name in LOADS ? name : 'library';
}

/** Loads the view that the address names. */
export async function load(view) {
  const name = nameOf(view);
  if (!views[name]) views[name] = await LOADS[name]();
}

/** Loads the other views while the browser has nothing else to do, so that they open at once and without a line. */
export function loadOthers() {
  const all = () => Object.keys(LOADS).forEach(name => load(name).catch(() => {}));
  if (window.requestIdleCallback) requestIdleCallback(all);
  else setTimeout(all, 200);
}

/** The component of a view; undefined while it is loading, null if it cannot be loaded. */
export function useView(view) {
  const name = nameOf(view);
  const [failed, setFailed] = useState('');
  const [, redraw] = useState({});
  useEffect(() => {
    // It may have been loaded since it was drawn, so it is drawn again in any case.
    load(name).then(() => redraw({}), () => setFailed(name));
  }, [name]);
  return views[name] || (failed === name ? null : undefined);
}
