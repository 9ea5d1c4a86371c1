// A browser signed in to the server, and what the tests share: drafts, answers of the service, pictures.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The folder with the packages of npm, the address of the server, a key, and the root of the checkout. */
const { PACKAGES, ADDRESS, KEY, ROOT, CHROMIUM, PICTURES } = process.env;
const packages = createRequire(PACKAGES + '/');
const { chromium } = packages('playwright-core');
const AXE = packages.resolve('axe-core/axe.min.js');

export const SIZE = { width: 1366, height: 768 };

/** A browser whose violations of the policy and errors of scripts are counted. */
export class Office {
  static async open() {
    const office = new Office();
    const env = Object.assign({}, process.env, { LANGUAGE: 'zh_CN', LANG: 'C.UTF-8' });
    office.browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'], env });
    office.faults = [];
    office.context = await office.browser.newContext({ viewport: SIZE, locale: 'zh-CN', acceptDownloads: true });
    await office.context.addInitScript({ path: AXE });
    office.page = await office.context.newPage();
    office.page.on('pageerror', error => office.faults.push(`script: ${error.message}`));
    office.page.on('console', message => {
      const isPolicy = /Content Security Policy|TrustedHTML|TrustedScript/.test(message.text());
      if (isPolicy) office.faults.push(`policy: ${message.text()}`);
    });
    office.page.setDefaultTimeout(20000);
    return office;
  }

  async close() {
    await this.browser.close();
    assert.deepEqual(this.faults, [], 'errors of scripts and reports of the policy');
  }

  /** Signs in with a key and waits for the library. */
  async signIn(key = KEY) {
    const { page } = this;
    await page.goto(`${ADDRESS}/`);
    await page.fill('#key', key);
    await page.click('button.main');
    await page.waitForSelector('h1:has-text("公文库")');
  }

  /** Opens a submission as a draft, and returns the answer of the service on it. */
  async openDraft(doc) {
    const { page } = this;
    // So that nothing of the document that was open before is taken for this one.
    await page.goto(`${ADDRESS}/#/new`);
    await page.waitForSelector('.kinds');
    const answered = this.answer();
    await page.evaluate(async doc => {
      const script = document.querySelector('script[type=module]');
      const { begin } = await import(new URL('../drafts/store.js', script.src).href);
      const me = await (await fetch('/v1/me')).json();
      location.hash = '#/draft/' + (await begin(doc, me.id));
    }, doc);
    return answered;
  }

  /** The layout in the next answer of the preview. */
  async answer() {
    const response = await this.page.waitForResponse(one => one.url().includes('/v1/previews/pages'));
    return layoutOf(response);
  }

  /** Waits until the editor shows this many problems. */
  async seesProblems(text) {
    await this.page.waitForFunction(text => {
      const head = document.querySelector('.problems [role=status]');
      return head && head.textContent === text;
    }, text);
  }

  /** The field that has the focus, as a JSON Pointer; `null` if none has. */
  focus() {
    return this.page.evaluate(() => {
      const around = document.activeElement.closest('[id^="at/"]');
      return around && around.id.slice(2);
    });
  }

  field(pointer) {
    return this.page.locator(`[id="at${pointer}"]`);
  }

  /** Saves a picture of the page for the manual. */
  async picture(name) {
    if (!PICTURES) return;
    await this.page.waitForFunction(() => !document.body.innerText.includes('正在保存'));
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  /** Nothing serious by WCAG 2.2 AA. */
  async isAccessible(name) {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const found = await this.page.evaluate(async tags => {
      const { violations } = await window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
      const serious = violations.filter(one => one.impact === 'serious' || one.impact === 'critical');
      return serious.map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`);
    }, tags);
    assert.deepEqual(found, [], `accessibility of ${name}`);
  }
}

/** The first part of an answer of the preview. */
export async function layoutOf(response) {
  const body = await response.body();
  const start = body.indexOf('\r\n\r\n') + 4;
  return JSON.parse(body.subarray(start, body.indexOf('\r\n--', start)).toString());
}

export function fixture(path) {
  return JSON.parse(readFileSync(join(ROOT, 'fixtures', path), 'utf8'));
}

/** A request to the interface itself. */
export function interfaceRequest(path, options = {}) {
  const headers = Object.assign({ authorization: `Bearer ${KEY}` }, options.headers);
  return fetch(ADDRESS + path, Object.assign({}, options, { headers }));
}

/** The value at a percentile of a list of numbers. */
export function percentile(values, percent) {
  const sorted = values.slice().sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * percent / 100) - 1)];
}

export { ADDRESS, KEY };
