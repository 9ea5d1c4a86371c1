// The HTML that Word, WPS and browsers put on the clipboard, as paragraphs with bold text and tables.
// The text is read piece by piece and never given to the browser as HTML.

const PIECE = /<!--[\s\S]*?-->|<!\[[^>]*>|<[^>]*>|[^<]+/g;
const SKIPPED = /^(style|script|head|title|xml|meta|link)$/;
const ENTITIES = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", ldquo: '“', rdquo: '”', lsquo: '‘', rsquo: '’', mdash: '—', hellip: '…', middot: '·', times: '×', ensp: ' ', emsp: ' ' };

/** The characters that entities stand for. */
function decoded(text) {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]+);/gi, (all, name) => {
    if (name[0] !== '#') return ENTITIES[name.toLowerCase()] || all;
    const code = name[1].toLowerCase() === 'x' ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

/** Collects text into paragraphs and cells. */
class Reader {
  constructor() {
    this.blocks = [];
    this.text = '';
    this.open = [];
    this.table = null;
    this.cell = null;
  }

  /** Adds text; bold text stands between marks. */
  add(raw) {
    if (this.open.some(one => one.isSkipped)) return;
    const text = decoded(raw).replace(/[\t\r\n ]+/g, ' ');
    // Without the space: a line of bold text that is followed by other text.
    if (text.trim() === '') return void (this.text += text === '' || this.text === '' ? '' : ' ');
    const isBold = !this.cell && this.open.some(one => one.isBold);
    this.text += isBold ? `**${text}**` : text;
  }

  /** Ends the paragraph. */
  end() {
    const text = this.text.replace(/\*\*\*\*/g, '').replace(/\*\* ?\*\*/g, '').replace(/^[\s\u3000]+|[\s\u3000]+$/g, '');
    this.text = '';
    if (text === '') return;
    if (this.cell) this.cell.text += this.cell.text ? text : text;
    else this.blocks.push(text);
  }

  start(name, attributes) {
    const style = attribute(attributes, 'style');
    if (/^(p|div|h[1-6]|li|br|tr|td|th|table)$/.test(name)) this.end();
    if (name === 'table' && !this.table) this.table = [];
    if (name === 'tr' && this.table) this.table.push([]);
    if ((name === 'td' || name === 'th') && this.table && this.table.length > 0) {
      this.cell = { text: '', column_span: count(attributes, 'colspan'), row_span: count(attributes, 'rowspan') };
      this.table[this.table.length - 1].push(this.cell);
    }
    const isBold = /^(b|strong)$/.test(name) ? !/font-weight:\s*(normal|400)/.test(style) : /font-weight:\s*(bold|[6-9]00)/.test(style);
    const isSkipped = SKIPPED.test(name) || /mso-list:\s*Ignore/i.test(style);
    const isVoid = /^(br|img|meta|link|hr|input|col|o:p)$/.test(name) || /\/\s*$/.test(attributes);
    if (!isVoid) this.open.push({ name, isBold, isSkipped });
  }

  stop(name) {
    if (/^(p|div|h[1-6]|li|tr|td|th|table)$/.test(name)) this.end();
    if (name === 'td' || name === 'th') this.cell = null;
    const last = this.open.map(one => one.name).lastIndexOf(name);
    if (last >= 0) this.open = this.open.slice(0, last);
    if (name === 'table' && this.table && !this.open.some(one => one.name === 'table')) {
      if (this.table.some(row => row.length > 0)) this.blocks.push({ rows: this.table.filter(row => row.length > 0) });
      this.table = null;
    }
  }
}

function attribute(attributes, name) {
  const match = new RegExp(`${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(attributes);
  return match ? match[1] || match[2] || match[3] || '' : '';
}

function count(attributes, name) {
  const number = Number(attribute(attributes, name));
  return number >= 2 && number <= 100 ? number : 1;
}

/**
 * The paragraphs (texts) and tables (`{rows}`) of copied HTML.
 * @param {string} html @returns {any[]}
 */
export function pieces(html) {
  const start = html.indexOf('<!--StartFragment-->');
  const end = html.lastIndexOf('<!--EndFragment-->');
  const fragment = start >= 0 && end > start ? html.slice(start, end) : html;
  const reader = new Reader();
  for (const piece of fragment.match(PIECE) || []) {
    if (piece.startsWith('<!')) continue;
    const tag = /^<(\/?)([a-z][a-z0-9:]*)([^]*)>$/i.exec(piece);
    if (!tag) reader.add(piece);
    else if (tag[1]) reader.stop(tag[2].toLowerCase());
    else reader.start(tag[2].toLowerCase(), tag[3]);
  }
  reader.end();
  return reader.blocks;
}
