// What people type into the search box, as a query of the interface.

/** The path for a text: a 发文字号, a year, or words of the title. @param {string} typed */
export function searchPath(typed) {
  const query = new URLSearchParams();
  let words = typed.trim();
  if (/[〔［\[(（].*\d{4}.*\d+\s*号?$/.test(words)) {
    query.set('document_number', words);
    words = '';
  }
  const year = /(?:^|\s)((?:19|20)\d{2})年?(?=\s|$)/.exec(words);
  if (year) {
    query.set('year', year[1]);
    words = words.replace(year[0], ' ').trim();
  }
  if (words) query.set('title', words);
  return '/v1/filings?' + query.toString();
}

/** The path for the same text as the name of an agency; `null` if it cannot be one. */
export function issuerPath(typed) {
  const words = typed.trim();
  return /^[\u4e00-\u9fff（）]{3,60}$/.test(words) ? '/v1/filings?issuer=' + encodeURIComponent(words) : null;
}
