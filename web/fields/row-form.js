// The form as one row sees it: it changes only if a problem of the row changes, so that other rows are
// not drawn again at every key.

const rows = new WeakMap();

/** @param {any} form @param {string} at @param {(pointer: string) => boolean} [isMine] */
export function rowForm(form, at, isMine = () => true) {
  let known = rows.get(form.editing);
  if (!known) rows.set(form.editing, (known = new Map()));
  const mine = one => (one.pointer === at || one.pointer.startsWith(at + '/')) && isMine(one.pointer);
  const problems = { errors: form.problems.errors.filter(mine), warnings: form.problems.warnings.filter(mine) };
  const state = JSON.stringify([problems, form.showsAll]);
  const last = known.get(at);
  if (last && last.state === state) return last.form;
  const row = Object.create(form.actions, {
    problems: { value: problems },
    showsAll: { value: form.showsAll },
  });
  known.set(at, { state, form: row });
  return row;
}
