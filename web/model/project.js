// The self-evaluation table of a project (项目支出绩效自评表): an empty one, and its columns.

/** The columns of the funds. */
export const FUND_COLUMNS = [['name', '资金名称'], ['initial_budget', '年初预算数'], ['budget', '全年预算数'], ['executed', '全年执行数']];

/** The columns of the indicators. */
export const INDICATOR_COLUMNS = [
  ['first_level', '一级指标'], ['second_level', '二级指标'], ['title', '三级指标'], ['target', '年度指标值'], ['actual', '实际完成值'],
  ['max_points', '分值'], ['self_score', '得分'],
];

/** The columns that only some funds fill. */
export const FUND_POINTS = [['max_points', '分值'], ['self_score', '得分']];

export function emptyFund(name, hasInitialBudget) {
  return Object.assign({ name }, hasInitialBudget ? { initial_budget: '' } : {}, { budget: '', executed: '' });
}

export function emptyIndicator(first, second) {
  return { first_level: first, second_level: second, title: '', target: '', actual: '', max_points: '', self_score: '' };
}

/** An empty table with the usual lines. */
export function emptyProjectTable() {
  return {
    project_name: '',
    department: '',
    implementing_unit: '',
    funds: ['年度资金总额', '其中：当年财政拨款', '上年结转资金', '其他资金'].map(name => emptyFund(name, true)),
    execution: { max_points: '10', self_score: '' },
    goal: { expected: '', actual: '' },
    indicators: [
      emptyIndicator('产出指标', '数量指标'), emptyIndicator('产出指标', '质量指标'), emptyIndicator('产出指标', '时效指标'),
      emptyIndicator('产出指标', '成本指标'), emptyIndicator('效益指标', '社会效益指标'), emptyIndicator('满意度指标', '服务对象满意度指标'),
    ],
    total: { max_points: '100', self_score: '' },
  };
}

/** The table with or without 年初预算数, which all funds have or none. */
export function withInitialBudget(table, isOn) {
  const funds = table.funds.map(({ name, initial_budget: before, ...rest }) =>
    Object.assign({ name }, isOn ? { initial_budget: before || '' } : {}, rest));
  return Object.assign({}, table, { funds });
}
