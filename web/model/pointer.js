// Reads and changes JSON values by JSON Pointer (RFC 6901). Values are never changed in place.

/** The keys of a pointer. @param {string} pointer @returns {string[]} */
export function keys(pointer) {
  if (pointer === '') return [];
  return pointer.slice(1).split('/').map(key => key.replace(/~1/g, '/').replace(/~0/g, '~'));
}

/** The value at a pointer; `undefined` if there is none. @param {any} root @param {string} pointer */
export function get(root, pointer) {
  return keys(pointer).reduce((value, key) => (value == null ? undefined : value[key]), root);
}

/** A copy with another value at a pointer. `undefined` removes a key, and then objects left empty stay. */
export function set(root, pointer, value) {
  return setAt(root, keys(pointer), value);
}

function setAt(value, path, to) {
  if (path.length === 0) return to;
  const [key, ...rest] = path;
  if (Array.isArray(value)) {
    const copy = value.slice();
    copy[Number(key)] = setAt(copy[Number(key)], rest, to);
    return copy;
  }
  const copy = Object.assign({}, value);
  const inner = setAt(copy[key], rest, to);
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

/** A copy with entries inserted into the list at a pointer; a missing list is created. */
export function insert(root, list, index, ...entries) {
  const copy = (get(root, list) || []).slice();
  copy.splice(index, 0, ...entries);
  return set(root, list, copy);
}

/** A copy without an entry of the list at a pointer. */
export function remove(root, list, index) {
  const copy = (get(root, list) || []).slice();
  copy.splice(index, 1);
  return set(root, list, copy);
}

/** A copy with an entry of the list at a pointer moved; unchanged if there is no such place. */
export function move(root, list, from, to) {
  const copy = (get(root, list) || []).slice();
  if (to < 0 || to >= copy.length) return root;
  const [entry] = copy.splice(from, 1);
  copy.splice(to, 0, entry);
  return set(root, list, copy);
}

/** The pointer of the list or object around a pointer. @param {string} pointer */
export function parent(pointer) {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')));
}
