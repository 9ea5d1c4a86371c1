// Pasted text as paragraphs, or as entries of a score sheet.

import { halfWidth } from '../model/points.js';

/** The numbers that the program prints itself before a heading. */
const NUMBER = /^(?:[一二三四五六七八九十百]+、|（[一二三四五六七八九十百]+）|\([一二三四五六七八九十百]+\))/;

/** The paragraphs of a text, without blank lines and indents. @param {string} text @returns {string[]} */
export function paragraphs(text) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  return lines.map(line => line.replace(/^[\s\u3000]+|[\s\u3000]+$/g, '')).filter(line => line !== '');
}

/**
 * Rows copied from a spreadsheet as entries of a score sheet: name, 分值, 自评得分. `null` if it is no such text.
 * @param {string} text
 */
export function scoreRows(text) {
  if (!text.includes('\t')) return null;
  const lines = text.replace(/\r\n?/g, '\n').split('\n').filter(line => line.trim() !== '');
  return lines.map(line => {
    const [title, max, self] = line.split('\t').map(cell => cell.trim());
    return { title: withoutNumber(title), max_points: halfWidth(max || ''), self_score: halfWidth(self || '') };
  });
}

/** A heading without the number that the program prints. @param {string} title */
export function withoutNumber(title) {
  return title.replace(NUMBER, '');
}
