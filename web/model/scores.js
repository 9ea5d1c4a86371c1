// The score sheet as a tree: its levels, its parts and their sums.

import { hundredths, sum } from './points.js';

/** The levels, by the key of the list that has their entries. */
export const LEVELS = {
  sections: { name: '部分', parts: ['groups', 'indicators'] },
  groups: { name: '类', parts: ['indicators'] },
  indicators: { name: '指标', parts: ['items'] },
  items: { name: '分项', parts: [] },
};

/** The key of the list with the parts of an entry; `null` if it has no parts. */
export function partsKey(entry, level) {
  const known = LEVELS[level].parts.find(key => entry[key] && entry[key].length > 0);
  return known || null;
}

/** An empty entry. @param {string} level */
export function emptyEntry(level) {
  const entry = { title: '', max_points: '', self_score: '' };
  return level === 'sections' ? Object.assign({ kind: 'base' }, entry) : entry;
}

/** A score sheet with one empty section. */
export function emptyScores() {
  return { sections: [emptyEntry('sections')], total: { max_points: '', self_score: '' } };
}

/** The sums of the parts of an entry; `null` where a part is no number. */
export function sumsOfParts(entry, level) {
  const key = partsKey(entry, level);
  if (!key) return null;
  return sums(entry[key], entry[key]);
}

/** The sums of the sections. The best score of a deduction is 0, so it adds nothing to 分值. */
export function sumsOfSections(sections) {
  return sums(sections.filter(section => section.kind !== 'deduction'), sections);
}

function sums(maxOf, selfOf) {
  return { max: sum(maxOf.map(one => one.max_points)), self: sum(selfOf.map(one => one.self_score)) };
}

/** Whether a sum differs from what is written. */
export function differs(written, sum) {
  const value = hundredths(written);
  return sum !== null && value !== null && value !== sum;
}

/** Every entry in the order of the sheet: `{entry, level, pointer, depth, number}`. */
export function* entries(sections, list, level = 'sections', depth = 0) {
  for (let index = 0; index < (sections || []).length; index++) {
    const entry = sections[index];
    const pointer = `${list}/${index}`;
    yield { entry, level, pointer, depth, index };
    const key = partsKey(entry, level);
    if (key) yield* entries(entry[key], `${pointer}/${key}`, key, depth + 1);
  }
}
