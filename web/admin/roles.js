// The roles in words.

export const ROLES = [
  ['submit', '起草', '起草、检查、生成公文'],
  ['read', '查阅', '查阅公文库'],
  ['archive', '归档', '归档签署件'],
  ['review', '审核', '审核送审的公文'],
  ['approve', '签发', '签发审核过的公文'],
  ['direct', '直接生成', '不经审签生成公文，供另有审签的系统用'],
  ['metrics', '监测', '读取运行指标'],
  ['admin', '管理', '含直接生成以外的各项，不能限定机关'],
];

/** @param {string[]} roles */
export function rolesText(roles) {
  return ROLES.filter(([role]) => roles.includes(role)).map(([, name]) => name).join('、');
}
