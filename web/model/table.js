// Tables: which cell is where, and how rows, columns and cells are added, merged and split.

/** The text of a cell. */
export function cellText(cell) {
  return typeof cell === 'string' ? cell : cell.text;
}

/** A cell with another text; its spans stay. */
export function withCellText(cell, text) {
  return typeof cell === 'string' ? text : Object.assign({}, cell, { text });
}

/** A table of three columns with a head. */
export function emptyTable() {
  return { columns: [{}, {}, {}], head: [['', '', '']], rows: [['', '', '']] };
}

/** Where each cell of some rows is: `{row, index, x, y, width, height}`. */
export function positions(rows) {
  const taken = rows.map(() => new Set());
  const found = [];
  rows.forEach((row, y) => {
    let x = 0;
    row.forEach((cell, index) => {
      while (taken[y].has(x)) x++;
      const [width, height] = [cell.column_span || 1, cell.row_span || 1];
      for (let down = y; down < Math.min(rows.length, y + height); down++) {
        for (let right = x; right < x + width; right++) taken[down].add(right);
      }
      found.push({ row: y, index, x, y, width, height });
      x += width;
    });
  });
  return found;
}

/** A cell with other spans; a plain text if it spans nothing. */
function spanning(cell, width, height) {
  const text = cellText(cell);
  if (width === 1 && height === 1) return text;
  return Object.assign({ text }, width > 1 ? { column_span: width } : {}, height > 1 ? { row_span: height } : {});
}

/** The rows with one cell replaced and others removed. */
function changed(rows, at, cell, removed) {
  return rows.map((row, y) => row
    .map((old, index) => (y === at.row && index === at.index ? cell : old))
    .filter((_, index) => !removed.some(one => one.row === y && one.index === index)));
}

/** The rows with a cell merged with the next one to the right or below; `null` if their sizes differ. */
export function merged(rows, row, index, isDown) {
  const all = positions(rows);
  const at = all.find(one => one.row === row && one.index === index);
  const next = at && all.find(one => (isDown
    ? one.y === at.y + at.height && one.x === at.x && one.width === at.width
    : one.x === at.x + at.width && one.y === at.y && one.height === at.height));
  if (!next) return null;
  const width = isDown ? at.width : at.width + next.width;
  const height = isDown ? at.height + next.height : at.height;
  const texts = [rows[row][index], rows[next.row][next.index]].map(cellText).filter(text => text !== '');
  return changed(rows, at, spanning(texts.join(''), width, height), [next]);
}

/** The rows with a merged cell split into its cells again; `null` if it spans nothing. */
export function split(rows, row, index) {
  const all = positions(rows);
  const at = all.find(one => one.row === row && one.index === index);
  if (!at || at.width * at.height === 1) return null;
  return rows.map((cells, y) => {
    if (y < at.y || y >= at.y + at.height) return cells;
    const before = all.filter(one => one.row === y && one.x < at.x).length;
    const parts = Array.from({ length: at.width }, () => '');
    if (y === at.y) parts[0] = cellText(cells[index]);
    return [...cells.slice(0, before), ...parts, ...cells.slice(before + (y === at.y ? 1 : 0))];
  });
}

/** The rows without the last one. */
export function withoutLastRow(rows) {
  const all = positions(rows);
  return rows.slice(0, -1).map((cells, y) => cells.map((cell, index) => {
    const at = all.find(one => one.row === y && one.index === index);
    const height = Math.min(at.height, rows.length - 1 - y);
    return height === at.height ? cell : spanning(cell, at.width, height);
  }));
}

/** A change of every list of rows of a table. */
function each(table, change) {
  const next = Object.assign({}, table, { rows: change(table.rows) });
  if (table.head) next.head = change(table.head);
  if (table.sections) {
    next.sections = table.sections.map(one => Object.assign({}, one, { head: change(one.head), rows: change(one.rows) }));
  }
  return next;
}

/** The table with a column at the right. */
export function withColumn(table) {
  const width = table.columns.some(column => column.width) ? { width: 10 } : {};
  const wider = each(table, rows => rows.map(row => row.concat([''])));
  return Object.assign(wider, { columns: table.columns.concat([width]) });
}

/** The table without its last column. */
export function withoutColumn(table) {
  const count = table.columns.length;
  const narrow = rows => {
    const last = positions(rows).filter(one => one.x + one.width === count);
    return rows.map((row, y) => row
      .map((cell, index) => {
        const at = last.find(one => one.row === y && one.index === index);
        return at && at.width > 1 ? spanning(cell, at.width - 1, at.height) : cell;
      })
      .filter((_, index) => !last.some(one => one.row === y && one.index === index && one.width === 1)));
  };
  return Object.assign(each(table, narrow), { columns: table.columns.slice(0, -1) });
}
