// Pasted text as blocks: numbers that the program prints become headings, tables become grids.

import { paragraphs } from './pasted.js';
import { pieces } from './word-html.js';

/** The numbers of the four levels of headings. */
const NUMBERS = [
  /^[一二三四五六七八九十]{1,3}、/, /^（[一二三四五六七八九十]{1,3}）|^\([一二三四五六七八九十]{1,3}\)/, /^\d{1,2}[.．](?!\d)/, /^（\d{1,2}）|^\(\d{1,2}\)/,
];
const CHAPTER = /^第[一二三四五六七八九十百]+章[\s\u3000]*/;
const ARTICLE = /^第[一二三四五六七八九十百]+条[\s\u3000]*/;
/** A longer text with a number is a paragraph and no heading. */
const LONGEST_HEADING = 40;

/** The block of a line. @param {string} line */
export function blockOfLine(line) {
  const plain = line.replace(/^\*\*/, '');
  if (CHAPTER.test(plain)) return { chapter: unmarked(plain.replace(CHAPTER, '')) };
  if (ARTICLE.test(plain)) return { article: plain === line ? line.replace(ARTICLE, '') : unmarked(plain.replace(ARTICLE, '')) };
  const level = NUMBERS.findIndex(number => number.test(plain)) + 1;
  if (level === 0) return line;
  const text = plain.replace(NUMBERS[level - 1], '').replace(/^[\s\u3000]+/, '');
  const bare = unmarked(text).replace(/。$/, '');
  if (bare.length <= LONGEST_HEADING && !/[。；！？]/.test(bare)) return { heading: { level, title: bare } };
  const end = bare.indexOf('。');
  if (end > 0 && end <= LONGEST_HEADING && !/[；，]/.test(bare.slice(0, end))) {
    return { heading: { level, title: bare.slice(0, end) }, paragraph: unmarked(text).slice(end + 1) };
  }
  return { paragraph: plain === line ? text : unmarked(text), level };
}

function unmarked(text) {
  return text.split('**').join('');
}

/** A block for copied rows; the first row is the head. @param {any[][]} rows */
function tableOf(rows) {
  const width = Math.max(...rows.map(row => row.reduce((sum, cell) => sum + (cell.column_span || 1), 0)));
  const cells = rows.map(row => row.map(cell => {
    if (typeof cell === 'string') return cell;
    const spans = {};
    if (cell.column_span > 1) spans.column_span = cell.column_span;
    if (cell.row_span > 1) spans.row_span = cell.row_span;
    return Object.keys(spans).length > 0 ? Object.assign({ text: cell.text }, spans) : cell.text;
  }));
  const hasSpans = rows.some(row => row.some(cell => cell.row_span > 1));
  if (!hasSpans) cells.forEach((row, y) => row.push(...Array.from({ length: width - span(rows[y]) }, () => '')));
  const headRows = Math.max(...rows[0].map(cell => cell.row_span || 1));
  const columns = Array.from({ length: Math.min(20, width) }, () => ({}));
  return { table: { columns, head: cells.slice(0, headRows), rows: cells.length > headRows ? cells.slice(headRows) : [columns.map(() => '')] } };
}

function span(row) {
  return row.reduce((sum, cell) => sum + (cell.column_span || 1), 0);
}

/** The blocks of plain text: lines with tabs are a table. @param {string} text */
function ofText(text) {
  const blocks = [];
  let rows = [];
  const close = () => {
    if (rows.length > 0) blocks.push(tableOf(rows));
    rows = [];
  };
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    if (line.trim().includes('\t')) rows.push(line.split('\t').map(cell => cell.trim()));
    else {
      close();
      blocks.push(...paragraphs(line).map(blockOfLine));
    }
  }
  close();
  return blocks;
}

/** The blocks of what was copied. @param {string} text @param {string} html */
export function tidied(text, html) {
  const found = html ? pieces(html) : [];
  // Other programs than Word may put a picture of the page or nothing useful there.
  const isUseful = found.some(one => typeof one !== 'string' || one.includes('**'));
  if (!isUseful) return ofText(text);
  return found.map(one => (typeof one === 'string' ? blockOfLine(one) : tableOf(one.rows)));
}

/** The paragraphs of what was copied, where there may be no headings or tables. */
export function textsOf(text, html) {
  const found = html ? pieces(html) : [];
  const isUseful = found.length > 0 && found.every(one => typeof one === 'string') && found.some(one => one.includes('**'));
  return isUseful ? found : paragraphs(text);
}

/** The lines of plain text as they are. @param {string} text */
export function untouched(text) {
  return text.replace(/\r\n?/g, '\n').split('\n').filter(line => line.trim() !== '');
}
