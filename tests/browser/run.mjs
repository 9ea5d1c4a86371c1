// Runs the tests of the page, each in a browser of its own.

import * as editing from './editing.mjs';
import * as fixtures from './fixtures.mjs';
import * as interruptions from './interruptions.mjs';
import * as model from './model.mjs';
import * as problems from './problems.mjs';
import * as signedCopy from './signed_copy.mjs';
import * as speed from './speed.mjs';
import * as wholeWay from './whole_way.mjs';
import { Office } from './support.mjs';

const TESTS = {
  model, fixtures, editing, 'whole way': wholeWay, interruptions, problems, 'signed copy': signedCopy, speed,
};
const chosen = process.argv.slice(2);

for (const [name, test] of Object.entries(TESTS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const office = await Office.open();
  try {
    await test.run(office);
  } catch (error) {
    await office.page.screenshot({ path: `${process.env.FAILED}/${name}.png` }).catch(() => null);
    process.stdout.write(`failed: ${name}\n${office.faults.join('\n')}\n`);
    throw error;
  }
  await office.close();
  process.stdout.write(`passed: ${name}\n`);
}
