// The kinds of documents that can be begun, and an empty form of each.

const TODAY = () => {
  const now = new Date();
  const two = number => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
};

/** `has` lists the elements that only some kinds have. */
export const KINDS = [
  kind('自评报告', '报告', 'report', 'upward', ['recipients', 'signatories', 'sign', 'print', 'scores'], '报送绩效评价自评得分'),
  kind('报告', '报告', 'report', 'upward', ['recipients', 'signatories', 'sign', 'print'], '向上级汇报工作'),
  kind('请示', '请示', 'notice', 'upward', ['recipients', 'signatories', 'sign', 'print', 'annotation'], '向上级请求指示、批准'),
  kind('通知', '通知', 'notice', 'downward', ['recipients', 'sign', 'print'], '要求下级执行有关事项'),
  kind('函', '函', 'letter', 'parallel', ['recipients', 'sign'], '与不相隶属机关商洽工作'),
  kind('纪要', '纪要', 'minutes', 'downward', ['print', 'attendance', 'mark'], '记载会议议定事项'),
  kind('意见', '意见', 'notice', 'downward', ['recipients', 'sign', 'print'], '对重要问题提出办法'),
  kind('通报', '通报', 'notice', 'downward', ['recipients', 'sign', 'print'], '表彰、批评、传达情况'),
  kind('决定', '决定', 'notice', 'downward', ['recipients', 'sign', 'print'], '对重要事项作出部署'),
  kind('批复', '批复', 'notice', 'downward', ['recipients', 'sign', 'print'], '答复下级的请示'),
  kind('公告', '公告', 'notice', 'downward', ['sign'], '向国内外宣布重要事项', { issuer_mark: { suffix: '公告' } }),
  kind('通告', '通告', 'notice', 'downward', ['sign'], '公布应当遵守的事项', { issuer_mark: { suffix: '通告' } }),
  kind('议案', '议案', 'notice', 'parallel', ['recipients', 'sign', 'print'], '提请人大审议事项', { seal: 'signature_stamp', sign_off_positions: [''] }),
  kind('决议', '决议', 'notice', 'downward', ['note'], '会议讨论通过的决策', { issuer_mark: { suffix: '无' } }),
  kind('公报', '公报', 'notice', 'downward', ['note'], '公布重要决定或重大事项', { issuer_mark: { suffix: '无' } }),
  kind('统计公报', '公报', 'notice', 'downward', ['sign'], '公布国民经济和社会发展统计数据', { issuer_mark: { suffix: '无' }, seal: 'unsealed' },
    '写全：地区＋年份＋统计公报'),
  kind('令', '令', 'command', 'downward', ['sign'], '公布规章、宣布措施', { sign_off_positions: [''] }),
];

/**
 * `start` is what an empty form of the kind has besides the usual elements, `titled` how its title is written.
 * @param {string} name @param {string} word @param {string} form @param {string} direction @param {string[]} has
 * @param {string} use @param {any} [start] @param {string} [titled]
 */
function kind(name, word, form, direction, has, use, start, titled) {
  return { name, word, form, direction, has, use, start: start || {}, titled: titled || `写全：发文机关＋关于……的${word}` };
}

/**
 * The kind that a submission is of; a notice if it is of none of the list. A communique without a note is
 * signed, as those of statistics are.
 */
export function kindOf(submission) {
  const { document: head, scores } = submission;
  const word = head.document_kind || wordOfTitle(head.title) || '通知';
  const same = KINDS.filter(one => one.word === word);
  const ofScores = same.filter(one => one.has.includes('scores') === Boolean(scores));
  return ofScores.find(one => one.has.includes('note') === (head.note != null)) || ofScores[0] || same[0] || KINDS[3];
}

function wordOfTitle(title) {
  const text = Array.isArray(title) ? title.join('') : title || '';
  const found = KINDS.find(one => text.endsWith(one.word));
  return found && found.word;
}

/** An empty submission of a kind. */
export function blank(kind) {
  const has = name => kind.has.includes(name);
  const today = TODAY();
  const head = {
    form: kind.form,
    document_kind: kind.word,
    direction: kind.direction,
    issuers: [''],
    document_number: { agency_code: '', year: Number(today.slice(0, 4)), serial: 1 },
    title: '',
    document_date: today,
  };
  if (has('signatories')) head.signatories = [''];
  if (has('recipients')) head.primary_recipients = [''];
  if (has('sign')) head.sign_off = [''];
  if (has('print')) Object.assign(head, { printing_office: '', printing_date: today });
  if (has('annotation')) head.annotation = '联系人：　　　，联系电话：';
  if (has('attendance')) head.attendance = { present: [''] };
  if (has('mark')) head.issuer_mark = { text: '' };
  if (has('note')) head.note = '';
  Object.assign(head, kind.start);
  return has('scores') ? withScores(head) : { document: head, body: [''] };
}

function withScores(head) {
  const indicator = { title: '', max_points: '', self_score: '', narrative: [''] };
  const group = { title: '', max_points: '', self_score: '', indicators: [indicator] };
  const section = { title: '', kind: 'base', max_points: '', self_score: '', groups: [group] };
  return {
    document: head,
    opening: [''],
    scores: { sections: [section], total: { max_points: '', self_score: '' } },
    closing: ['特此报告。'],
  };
}

/** A new submission from a finished one: dates of today, the next number, the texts kept. */
export function renewed(source) {
  const today = TODAY();
  const head = Object.assign({}, source.document, { document_date: today });
  const number = head.document_number;
  const year = Number(today.slice(0, 4));
  const serial = number.year === year ? number.serial + 1 : 1;
  head.document_number = Object.assign({}, number, { year, serial });
  if (head.printing_date) head.printing_date = today;
  if (typeof head.title === 'string') head.title = head.title.replace(`${number.year}年`, `${number.year + 1}年`);
  return Object.assign({}, source, { document: head });
}
