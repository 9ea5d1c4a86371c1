// Keeps Chromium open with one page. Reads names of folders and lays out their plain.json as HTML.
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const { chromium } = require("playwright-core");

async function main() {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  const page = await (await browser.newContext()).newPage();
  const template = fs.readFileSync(path.join(__dirname, "plain.html"), "utf8");
  const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  for await (const folder of readline.createInterface({ input: process.stdin })) {
    const document = JSON.parse(fs.readFileSync(path.join(folder, "plain.json"), "utf8"));
    const blocks = document.body.map(({ level, text }) =>
      level ? `<h${level + 1}>${escape(text)}</h${level + 1}>` : `<p>${escape(text)}</p>`
    );
    const html = template
      .replace("{title}", document.title.map(escape).join("<br>"))
      .replace("{to}", escape(document.to))
      .replace("{body}", blocks.join("\n"))
      .replace("{closing}", document.closing.map(escape).join("<br>"));
    await page.setContent(html);
    await page.pdf({ path: path.join(folder, "out.pdf"), preferCSSPageSize: true, tagged: true });
    console.log("made");
  }
  await browser.close();
}

main();
