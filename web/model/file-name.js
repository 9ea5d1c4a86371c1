// The name under which a PDF is saved: 发文字号 and title.

/** @param {{document_number: string, title: string}} record @param {string} ending */
export function fileName(record, ending) {
  const name = `${record.document_number} ${record.title}`.replace(/[\\/:*?"<>|\u0000-\u001f]/g, '');
  return name.slice(0, 120) + ending;
}
