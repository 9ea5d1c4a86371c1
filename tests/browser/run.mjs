// Runs the tests of the page, each in a browser of its own.

import * as administration from './administration.mjs';
import * as approval from './approval.mjs';
import * as drafts from './drafts.mjs';
import * as editing from './editing.mjs';
import * as fixtures from './fixtures.mjs';
import * as fonts from './fonts.mjs';
import * as interruptions from './interruptions.mjs';
import * as keyboard from './keyboard.mjs';
import * as model from './model.mjs';
import * as officeFiles from './office_files.mjs';
import * as problems from './problems.mjs';
import * as signedCopy from './signed_copy.mjs';
import * as speed from './speed.mjs';
import * as wholeWay from './whole_way.mjs';
import { Office } from './support.mjs';

// The whole way begins with an empty library.
const TESTS = {
  model, 'whole way': wholeWay, keyboard, interruptions, editing, 'signed copy': signedCopy, drafts, administration, fonts, 'office files': officeFiles, problems, fixtures, speed,
};
/** With 审签 switched on, in a server of its own. */
const WITH_APPROVAL = { approval };
const chosen = process.argv.slice(2);

for (const [name, test] of Object.entries(process.env.CLERK_KEY ? WITH_APPROVAL : TESTS)) {
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
