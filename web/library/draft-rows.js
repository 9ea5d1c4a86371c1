// The drafts of the library: those of the server, and those that are only in this browser.

import * as server from '../drafts/server.js';
import { all } from '../drafts/store.js';
import { numberOf, titleOf } from './names.js';

/** @param {any} me @returns {Promise<any[]>} */
export async function draftsOf(me) {
  const here = await all(me.id).catch(() => []);
  // The line may be down; then the drafts of this browser are shown.
  const there = await server.list('').then(found => found.drafts, () => null);
  const isShown = draft => there === null || !draft.server || draft.isDirty;
  const local = here.filter(isShown).map(draft => ({
    id: draft.id,
    href: draft.server ? `#/drafts/${draft.id}` : `#/draft/${draft.id}`,
    title: titleOf(draft.doc),
    number: numberOf(draft.doc),
    date: draft.doc.document.document_date,
    saved: draft.saved,
    by: '',
    state: draft.server ? draft.server.state : 'drafting',
    isHere: true,
    record: draft.server || null,
  }));
  const known = new Set(local.map(draft => draft.id));
  const others = (there || []).filter(draft => draft.state !== 'filed' && !known.has(draft.id)).map(record => ({
    id: record.id,
    href: `#/drafts/${record.id}`,
    title: record.title || '（未填标题）',
    number: record.document_number,
    date: '',
    saved: record.changed_at,
    by: record.changed_by_name,
    state: record.state,
    isHere: false,
    record,
  }));
  return local.concat(others);
}
