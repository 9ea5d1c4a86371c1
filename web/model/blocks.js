// Blocks of text: paragraphs, headings, parts of regulations and tables, and how one becomes another.

import { rosterOf, rosterText } from './roster.js';
import { emptyTable } from './table.js';

const NUMBERS = ['一、', '（一）', '1.', '（1）'];
const LEVELS = [1, 2, 3, 4];

/** The types in groups, as a clerk chooses them. @type {[string, string[][]][]} */
export const TYPES = [
  ['', [['paragraph', '段落']]],
  ['标题', LEVELS.map(level => [String(level), NUMBERS[level - 1] + '标题'])],
  ['标题后接正文', LEVELS.map(level => ['run' + level, NUMBERS[level - 1] + '标题。正文'])],
  ['编号的段落', LEVELS.map(level => ['item' + level, NUMBERS[level - 1] + '段落'])],
  ['条款', [['chapter', '章'], ['section', '节'], ['article', '条']]],
  ['', [['roster', '名单'], ['table', '表格'], ['score_table', '绩效评价自评表']]],
];

/** The type of a block. */
export function typeOf(block) {
  if (typeof block === 'string') return 'paragraph';
  if (block.heading) return (block.paragraph == null ? '' : 'run') + block.heading.level;
  if (block.level) return 'item' + block.level;
  return ['roster', 'table', 'score_table', 'chapter', 'section', 'article'].find(key => block[key] != null) || 'paragraph';
}

/** The pointer of the text of a block, relative to the block; `null` for a list of names, a table and the score table. */
export function textPath(block) {
  if (typeof block === 'string') return '';
  if (block.heading) return '/heading/title';
  if (block.roster || block.table || block.score_table) return null;
  const key = ['chapter', 'section', 'article'].find(key => block[key] != null);
  return '/' + (key || 'paragraph');
}

/** The text of a block. */
export function textOf(block) {
  if (typeof block === 'string') return block;
  if (block.heading) return block.heading.title;
  if (block.roster) return rosterText(block.roster);
  return block.chapter || block.section || block.article || block.paragraph || '';
}

/** A block of a type with a text. A heading that the text goes on after ends at its first 。 */
export function blockOf(type, text) {
  const level = Number(type.slice(-1));
  if (type === 'paragraph') return text;
  if (type === 'roster') return { roster: rosterOf(text) };
  if (type === 'table') return { table: emptyTable() };
  if (type === 'score_table') return { score_table: true };
  if (/^[1-4]$/.test(type)) return { heading: { level, title: text } };
  if (type.startsWith('item')) return { paragraph: text, level };
  if (type.startsWith('run')) {
    const end = text.indexOf('。');
    const title = end < 0 ? text : text.slice(0, end);
    return { heading: { level, title }, paragraph: end < 0 ? '' : text.slice(end + 1) };
  }
  return { [type]: text };
}

/** The blocks that a block becomes as another type. No text is lost: what has no place becomes a paragraph. */
export function retyped(block, type) {
  if (/table$/.test(type) && textOf(block) !== '') return [block, blockOf(type, '')];
  if (block.roster) return textOf(block).split('\n').map(line => blockOf(type, line));
  const rest = typeof block !== 'string' && block.heading ? block.paragraph : null;
  if (!rest) return [blockOf(type, textOf(block))];
  if (/^[1-4]$/.test(type)) return [blockOf(type, textOf(block)), rest];
  return [blockOf(type, `${textOf(block)}。${rest}`)];
}
