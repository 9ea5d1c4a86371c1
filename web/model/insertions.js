// Values that the program inserts into running text: `{total.self_score}` is shown as 〔自评总分〕.

const INSERTIONS = [
  ['{total.self_score}', '〔自评总分〕'],
  ['{total.max_points}', '〔总分值〕'],
  ['{total.grade}', '〔等次〕'],
];

/** The text as a clerk reads it. @param {string} text */
export function shown(text) {
  return INSERTIONS.reduce((done, [code, name]) => done.split(code).join(name), text);
}

/** The text as it is sent. @param {string} text */
export function sent(text) {
  return INSERTIONS.reduce((done, [code, name]) => done.split(name).join(code), text);
}
