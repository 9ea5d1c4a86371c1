// Dates and times as people write them.

/** `2021-12-22` as 2021年12月22日. @param {string} date */
export function dayText(date) {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(date || '');
  return match ? `${match[1]}年${Number(match[2])}月${Number(match[3])}日` : '';
}

/** The time of day, or the day if it is another one. @param {number|string} moment */
export function momentText(moment) {
  const date = new Date(moment);
  const two = number => String(number).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? `今天 ${time}` : `${date.getFullYear()}年${date.getMonth() + 1}月${date.getDate()}日 ${time}`;
}
