// Signs a PDF with @signpdf: IN OUT PKCS12 PASSWORD plain|plain-etsi|pdf-lib.

const { readFileSync, writeFileSync } = require("node:fs");
const signpdf = require("@signpdf/signpdf").default;
const { plainAddPlaceholder } = require("@signpdf/placeholder-plain");
const { pdflibAddPlaceholder } = require("@signpdf/placeholder-pdf-lib");
const { P12Signer } = require("@signpdf/signer-p12");
const { SUBFILTER_ADOBE_PKCS7_DETACHED, SUBFILTER_ETSI_CADES_DETACHED } = require("@signpdf/utils");
const { PDFDocument } = require("pdf-lib");

const [input, output, keys, passphrase, placeholder] = process.argv.slice(2);

const about = {
  reason: "Signed",
  contactInfo: "office@example.com",
  name: "Office",
  location: "Office",
  subFilter: placeholder === "plain-etsi" ? SUBFILTER_ETSI_CADES_DETACHED : SUBFILTER_ADOBE_PKCS7_DETACHED,
};

async function withPlaceholder(bytes) {
  if (placeholder !== "pdf-lib") {
    return plainAddPlaceholder({ pdfBuffer: bytes, ...about });
  }
  const pdfDoc = await PDFDocument.load(bytes);
  pdflibAddPlaceholder({ pdfDoc, ...about });
  return Buffer.from(await pdfDoc.save({ useObjectStreams: false }));
}

async function main() {
  const prepared = await withPlaceholder(readFileSync(input));
  const signer = new P12Signer(readFileSync(keys), { passphrase });
  writeFileSync(output, await signpdf.sign(prepared, signer));
}

main();
