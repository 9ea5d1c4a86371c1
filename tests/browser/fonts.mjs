// 管理, 字体: an administrator gives an agency a font, sees what its pages are set in, and removes it.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function run(office) {
  const { page } = office;
  await office.signIn();
  await page.click('.bar a:text-is("管理")');
  await page.click('a:text-is("字体")');
  await page.waitForSelector('td:has-text("还没有机关上传自己的字体")');
  assert.equal(await page.locator('td:text-is("内置")').count(), 5);
  await page.fill('#fonts-agency', '四川省民政厅');
  await page.click('button:text-is("查看")');
  await page.waitForSelector('h2:text-is("四川省民政厅的字体文件")');
  await office.isAccessible('the fonts of an agency without fonts');

  const folder = mkdtempSync(join(tmpdir(), 'hongtou-fonts-'));
  const [broken, font] = [join(folder, '坏的.ttf'), join(folder, 'FZXBSJW.ttf')];
  writeFileSync(broken, 'no font');
  writeFileSync(font, renamed('LXGWZhuqueFangsong-Regular.ttf', 'Zhuque Fangsong (technical preview)', 'FZXiaoBiaoSong-B05S'));
  await page.setInputFiles('#font-file', broken);
  await page.waitForSelector('.fault:has-text("“坏的.ttf”没有添加：文件不是字体")');
  await page.setInputFiles('#font-file', font);
  await page.waitForSelector('[role="status"]:has-text("已添加“FZXBSJW.ttf”")');
  const row = page.locator('tr:has(td:has-text("发文机关标志、标题")) td');
  assert.match(await row.nth(2).textContent(), /FZXiaoBiaoSong-B05S.*FZXBSJW\.ttf/);
  assert.equal(await row.nth(3).textContent(), '本机关的');
  assert.equal(await page.locator('td:text-is("内置")').count(), 4);
  await office.picture('fonts');
  await office.isAccessible('the fonts of an agency');
  await page.setInputFiles('#font-file', font);
  await page.waitForSelector('.fault:has-text("已有字体“FZXiaoBiaoSong-B05S”")');

  // The list of all agencies leads back to this one.
  await page.fill('#fonts-agency', '');
  await page.click('button:text-is("查看")');
  await page.click('td button:text-is("四川省民政厅")');
  await page.waitForSelector('h2:text-is("四川省民政厅的字体文件")');
  page.once('dialog', dialog => dialog.accept());
  await page.click('button[aria-label="移除字体 FZXBSJW.ttf"]');
  await page.waitForSelector('[role="status"]:has-text("已移除“FZXBSJW.ttf”")');
  await page.waitForSelector('td:has-text("这个机关没有自己的字体")');
  await page.click('a:text-is("操作记录")');
  await page.selectOption('#audit-act', 'font_removed');
  await page.waitForSelector('td:has-text("四川省民政厅 FZXBSJW.ttf")');
}

/** A bundled font under the name of a licensed family, which is shorter. */
function renamed(file, from, to) {
  const bytes = readFileSync(join(process.env.ROOT, 'fonts', file));
  const utf16 = text => Buffer.from(text, 'utf16le').swap16();
  for (const encode of [utf16, text => Buffer.from(text, 'ascii')]) {
    const [sought, put] = [encode(from), encode(to.padEnd(from.length))];
    for (let at = bytes.indexOf(sought); at >= 0; at = bytes.indexOf(sought, at + 1)) put.copy(bytes, at);
  }
  return bytes;
}
