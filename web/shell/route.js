// The view that the address names: `#/filing/ID`, `#/drafts/ID` (`#/draft/ID` while it is only in this browser), `#/new`, `#/batches`, `#/batch/ID`,
// `#/admin/PART`, otherwise the library.

/** @returns {{view: string, id: string}} */
export function current() {
  const [, view, id] = location.hash.split('/');
  return { view: view || 'library', id: id ? decodeURIComponent(id) : '' };
}

/** @param {string} view @param {string} [id] */
export function go(view, id) {
  location.hash = view === 'library' ? '#/' : `#/${view}${id ? '/' + encodeURIComponent(id) : ''}`;
}
