// Pasted text as paragraphs.

/** The numbers that the program prints itself before a heading. */
const NUMBER = /^(?:[一二三四五六七八九十百]+、|（[一二三四五六七八九十百]+）|\([一二三四五六七八九十百]+\))/;

/** The paragraphs of a text, without blank lines and indents. @param {string} text @returns {string[]} */
export function paragraphs(text) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  return lines.map(line => line.replace(/^[\s\u3000]+|[\s\u3000]+$/g, '')).filter(line => line !== '');
}

/** A heading without the number that the program prints. @param {string} title */
export function withoutNumber(title) {
  return title.replace(NUMBER, '');
}
