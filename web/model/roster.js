// A list of names (名单) as lines of text: 组　长：程远山　市长, and below it names with the same label.

/** The lines of a list of names. */
export function rosterText(groups) {
  return groups.map(({ label, entries }) => {
    const [first = '', ...others] = entries;
    return [label === '' ? first : `${label}：${first}`, ...others].join('\n');
  }).join('\n');
}

/** The list of names that lines say. A line without a label belongs to the label above it. */
export function rosterOf(text) {
  const groups = [];
  text.split('\n').forEach(line => {
    const [, label, rest] = /^([^：:]{1,10})[：:](.*)$/.exec(line) || [null, null, line];
    if (label !== null) groups.push({ label, entries: [rest] });
    else if (groups.length === 0) groups.push({ label: '', entries: [rest] });
    else groups[groups.length - 1].entries.push(rest);
  });
  return groups;
}
