// 项目支出绩效自评表: the form of one table.

import { html } from '../vendor/standalone.module.js';
import * as json from '../model/pointer.js';
import { FUND_COLUMNS, FUND_POINTS, INDICATOR_COLUMNS, emptyFund, emptyIndicator, withInitialBudget } from '../model/project.js';
import { Field } from '../fields/field.js';
import { ListField } from '../fields/list-field.js';
import { Records } from './records.js';
import { Pairs } from './pairs.js';

const UNITS = [['', '万元'], ['元', '元'], ['亿元', '亿元']];
const DECIMALS = [['', '照填写的']].concat([0, 1, 2, 3, 4, 5, 6].map(count => [String(count), `${count}位`]));
const LEVELS = [['', '总额的一部分'], ['2', '上一行的一部分']];
const ORDERS = [['', '实际完成值之后'], ['true', '年度指标值之前']];
const REASONS = [['', '有'], ['false', '没有']];

/** @param {{at: string, table: any, form: any}} props */
export function ProjectTable({ at, table, form }) {
  const text = (key, label, more) => html`<${Field} at=${`${at}/${key}`} label=${label} form=${form} value=${json.get(table, '/' + key)} ...${more} />`;
  return html`<div class="project">
    ${text('project_name', '项目名称', {})}
    <div class="row">
      ${text('department', '主管部门', { className: 'w9' })}
      ${text('implementing_unit', '实施单位', { className: 'w9' })}
    </div>
    <${Pairs} at=${at + '/details'} label="表头的其他内容（如项目编码、联系电话）" pairs=${table.details} form=${form} />
    <${Options} at=${at} table=${table} form=${form} />
    <${Funds} at=${at} table=${table} form=${form} />
    <div class="row">
      ${text('execution/max_points', '执行率分值', { className: 'w5' })}
      ${text('execution/self_score', '执行率得分', { className: 'w5' })}
    </div>
    <div class="row">
      ${text('goal/expected', '预期目标', { grows: true, className: 'w9' })}
      ${text('goal/actual', '实际完成情况', { grows: true, className: 'w9' })}
    </div>
    <${Indicators} at=${at} table=${table} form=${form} />
    <div class="row">
      ${text('total/max_points', '总分', { className: 'w5' })}
      ${text('total/self_score', '总得分', { className: 'w5' })}
    </div>
    <${ListField} at=${at + '/notes'} label="注（印在表下）" entry="注" form=${form} values=${table.notes} optional />
  </div>`;
}

/** 单位, 小数 and which columns there are. */
function Options({ at, table, form }) {
  const put = (key, value) => form.apply(json.set(form.doc, `${at}/${key}`, value));
  const select = (key, label, options, value, take) => html`<${Field} at=${`${at}/${key}`} label=${label} className="w6" options=${options}
    form=${form} value=${value} onValue=${take} />`;
  const written = value => (value === undefined ? '' : String(value));
  const hasInitial = table.funds.some(fund => fund.initial_budget != null);
  return html`<div class="row">
    ${select('unit', '金额单位', UNITS, table.unit === '万元' ? '' : table.unit, text => put('unit', text || undefined))}
    ${select('decimals', '金额的小数', DECIMALS, written(table.decimals), text => put('decimals', text === '' ? undefined : Number(text)))}
    ${select('points_before_target', '分值印在', ORDERS, table.points_before_target ? 'true' : '', text => put('points_before_target', text ? true : undefined))}
    ${select('reason_column', '偏差原因一列', REASONS, table.reason_column === false ? 'false' : '', text => put('reason_column', text ? false : undefined))}
    <label class="tick"><input type="checkbox" checked=${hasInitial}
      onChange=${event => form.apply(json.set(form.doc, at, withInitialBudget(table, event.target.checked)))} /> 有“年初预算数”一列</label>
  </div>`;
}

function Funds({ at, table, form }) {
  const hasInitial = table.funds.some(fund => fund.initial_budget != null);
  const hasPoints = table.funds.some(fund => fund.max_points != null || fund.self_score != null);
  /** @type {any[]} */
  const columns = [];
  columns.push(...FUND_COLUMNS.filter(([key]) => key !== 'initial_budget' || hasInitial)
    .map(([key, name]) => ({ key, name, isText: key === 'name' })));
  columns.push({ key: 'level', name: '级别', options: LEVELS, isNumber: true, isOptional: true });
  if (hasPoints) columns.push(...FUND_POINTS.map(([key, name]) => ({ key, name, isOptional: true })));
  const addPoints = () => form.apply(json.set(form.doc, `${at}/funds`, table.funds.map((fund, index) =>
    (index === 0 ? fund : Object.assign({ max_points: '', self_score: '' }, fund)))));
  return html`<${Records} at=${at + '/funds'} label="项目资金" entry="资金" columns=${columns} records=${table.funds} form=${form}
      make=${() => emptyFund('', hasInitial)} />
    ${!hasPoints && table.funds.length > 1 && html`<button type="button" class="add" onClick=${addPoints}>＋ 各项资金分别计分</button>`}`;
}

function Indicators({ at, table, form }) {
  /** @type {any[]} */
  const columns = INDICATOR_COLUMNS.map(([key, name]) => ({ key, name, isText: !/points|score/.test(key) }));
  const hasReasons = table.reason_column !== false || table.indicators.some(one => one.reason != null);
  if (hasReasons) columns.push({ key: 'reason', name: '偏差原因及改进措施', isText: true, isOptional: true });
  const make = before => emptyIndicator(before ? before.first_level : '产出指标', before ? before.second_level : '');
  return html`<${Records} at=${at + '/indicators'} label="绩效指标" entry="指标" columns=${columns} records=${table.indicators} form=${form} make=${make}
    hint="可从电子表格粘贴；相邻的同名一级、二级指标自动合并。" />`;
}
