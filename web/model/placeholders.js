// Fills what is still empty, so that the pages of an unfinished document can be shown.

import { get, parent, set } from './pointer.js';
import { text } from './points.js';
import { entries, partsKey, sumsOfParts, sumsOfSections } from './scores.js';

const NAMES = {
  issuers: '发文机关', sign_off: '发文机关', signatories: '签发人', title: '标题', primary_recipients: '主送机关',
  printing_office: '印发机关', copy_recipients: '抄送机关', text: '会议名称',
  present: '出席人员', note: '何时何会议通过', sign_off_positions: '职务', narrative: '工作情况', opening: '正文', body: '正文', closing: '结束语', paragraph: '正文',
};

/** The submission with a name in brackets for each empty text, and sums for empty points. */
export function filled(submission, errors) {
  let doc = submission;
  for (const { pointer, code } of errors) {
    if (code === 'text_empty' && get(doc, pointer) === '') doc = set(doc, pointer, placeholder(doc, pointer));
    if (code === 'missing_key') doc = withForwarded(doc, pointer);
  }
  doc = withTitle(doc);
  const attached = (doc.document.attachments || []).map((_, index) => `/document/attachments/${index}/scores`);
  const sheets = ['/scores'].concat(attached).filter(at => get(doc, at));
  return sheets.reduce(withPoints, doc);
}

/** The pointers of the texts and points that are filled. */
export function gaps(doc, substitute) {
  if (doc === substitute) return [];
  if (typeof substitute !== 'object' || substitute === null) return [''];
  return Object.keys(substitute).flatMap(key => {
    const inner = gaps((doc || {})[key], substitute[key]);
    return inner.map(pointer => `/${key}${pointer}`);
  });
}

/** 署名 and the date of a forwarded document, of which only one is filled. */
function withForwarded(doc, pointer) {
  const [, key] = /^\/issued(?:\/\d+)?\/(sign_off|document_date)$/.exec(pointer) || [];
  if (!key) return doc;
  return set(doc, pointer, key === 'sign_off' ? ['〔署名机关〕'] : doc.document.document_date);
}

function placeholder(doc, pointer) {
  if (/\/scores\/.*\/title$/.test(pointer)) return '〔名称〕';
  const parts = pointer.split('/').filter(part => !/^\d+$/.test(part));
  // Brackets are not permitted in 机关代字.
  if (pointer.endsWith('/agency_code')) return '代字';
  const name = NAMES[parts[parts.length - 1]] || '待填写';
  const list = get(doc, parent(pointer));
  const index = Array.isArray(list) && list.length > 1 ? Number(pointer.slice(pointer.lastIndexOf('/') + 1)) + 1 : '';
  return `〔${name}${index}〕`;
}

function withTitle(doc) {
  const { title, document_kind: word } = doc.document;
  const needs = typeof title === 'string' && word && !title.endsWith(word);
  return needs ? set(doc, '/document/title', (title || '〔标题〕') + word) : doc;
}

/** From the lowest level up, so that the sum of empty parts is a number. */
function withPoints(doc, at) {
  const { sections, total } = get(doc, at);
  for (const { entry, level, pointer } of Array.from(entries(sections, at + '/sections')).reverse()) {
    const now = get(doc, pointer);
    const sums = partsKey(entry, level) ? sumsOfParts(now, level) : null;
    doc = withPointsAt(doc, pointer, now, sums);
  }
  const sums = sumsOfSections(get(doc, at + '/sections'));
  return withPointsAt(doc, at + '/total', total, sums);
}

function withPointsAt(doc, pointer, entry, sums) {
  for (const [key, sum] of [['max_points', sums && sums.max], ['self_score', sums && sums.self]]) {
    if (entry[key] === '' || entry[key] === undefined) doc = set(doc, `${pointer}/${key}`, text(sum || 0));
  }
  return doc;
}
