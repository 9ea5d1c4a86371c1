// What differs between two versions of a document.

/** Whether two values are the same JSON. */
export function isSame(a, b) {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  return Array.isArray(a) === Array.isArray(b) && keys.length === Object.keys(b).length
    && keys.every(key => key in b && isSame(a[key], b[key]));
}

/**
 * The places where two documents differ: `{pointer, mine, theirs}`. In lists, entries at both ends that are the same are
 * passed over, so that an added entry is one difference.
 * @param {any} mine @param {any} theirs @param {string} [at] @returns {{pointer: string, mine: any, theirs: any}[]}
 */
export function differences(mine, theirs, at = '') {
  if (isSame(mine, theirs)) return [];
  const areLists = Array.isArray(mine) && Array.isArray(theirs);
  const areObjects = !areLists && [mine, theirs].every(one => typeof one === 'object' && one !== null && !Array.isArray(one));
  if (areObjects) {
    const keys = Object.keys(mine).concat(Object.keys(theirs).filter(key => !(key in mine)));
    return keys.flatMap(key => differences(mine[key], theirs[key], `${at}/${key}`));
  }
  if (!areLists) return [{ pointer: at, mine, theirs }];
  let start = 0;
  while (start < mine.length && start < theirs.length && isSame(mine[start], theirs[start])) start++;
  let end = 0;
  while (end < Math.min(mine.length, theirs.length) - start && isSame(mine[mine.length - 1 - end], theirs[theirs.length - 1 - end])) end++;
  const [left, right] = [mine.slice(start, mine.length - end), theirs.slice(start, theirs.length - end)];
  const both = Math.min(left.length, right.length);
  const found = [];
  for (let index = 0; index < both; index++) found.push(...differences(left[index], right[index], `${at}/${start + index}`));
  for (let index = both; index < Math.max(left.length, right.length); index++) {
    found.push({ pointer: `${at}/${start + index}`, mine: left[index], theirs: right[index] });
  }
  return found;
}

/** The texts of a value, as one line. @param {any} value @returns {string} */
export function inWords(value) {
  if (value === undefined || value === null || value === '') return '（无）';
  if (typeof value !== 'object') return String(value);
  return Object.values(value).map(inWords).filter(text => text !== '（无）').join('　') || '（无）';
}
