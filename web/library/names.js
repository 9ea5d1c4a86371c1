// How a submission is named in lists.

/** @param {any} doc */
export function titleOf(doc) {
  const { title } = doc.document;
  return (Array.isArray(title) ? title.join('') : title) || '（未填标题）';
}

/** @param {any} doc */
export function numberOf(doc) {
  const { agency_code: code, year, serial } = doc.document.document_number || {};
  return code ? `${code}〔${year || ''}〕${serial || ''}号` : '';
}
