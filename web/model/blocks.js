// Blocks of text: paragraphs, headings, parts of regulations and tables, and how one becomes another.

export const TYPES = [
  ['paragraph', '段落'], ['1', '一、标题'], ['2', '（一）标题'], ['3', '1.标题'], ['4', '（1）标题'],
  ['chapter', '章'], ['section', '节'], ['article', '条'], ['table', '表格'],
];

/** The type of a block. */
export function typeOf(block) {
  if (typeof block === 'string') return 'paragraph';
  if (block.heading) return String(block.heading.level);
  return ['table', 'chapter', 'section', 'article'].find(key => block[key] !== undefined) || 'paragraph';
}

/** The pointer of the text of a block, relative to the block; `null` for a table. */
export function textPath(block) {
  if (typeof block === 'string') return '';
  if (block.heading) return '/heading/title';
  if (block.table) return null;
  const key = ['chapter', 'section', 'article'].find(key => block[key] !== undefined);
  return '/' + (key || 'paragraph');
}

/** The text of a block. */
export function textOf(block) {
  if (typeof block === 'string') return block;
  if (block.heading) return block.heading.title;
  return block.chapter || block.section || block.article || block.paragraph || '';
}

/** A block of a type with a text. */
export function blockOf(type, text) {
  if (type === 'paragraph') return text;
  if (type === 'table') return { table: { columns: [{}, {}, {}], head: [['', '', '']], rows: [['', '', '']] } };
  if (/^[1-4]$/.test(type)) return { heading: { level: Number(type), title: text } };
  return { [type]: text };
}

/** The text of a cell. */
export function cellText(cell) {
  return typeof cell === 'string' ? cell : cell.text;
}

/** A cell with another text; its spans stay. */
export function withCellText(cell, text) {
  return typeof cell === 'string' ? text : Object.assign({}, cell, { text });
}
