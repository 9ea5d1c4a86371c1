// What the client of @hey-api/openapi-ts does; `tsc` checks it against the generated functions.

import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { client } from "./client/client.gen";
import { getBatch, getFilingPdf, postBatch, postFiling, putSignedCopy, searchFilings } from "./client";
import type { BatchState, Submission } from "./client";

const [address, key, text, signer, folder] = process.argv.slice(2);
client.setConfig({ baseUrl: address, auth: key });
const letter: Submission = JSON.parse(text);

function sound(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

async function main() {
  const posted = await postFiling({ body: letter, headers: { Accept: "application/json" } });
  sound(posted.response?.status === 201, `posting was answered with ${posted.response?.status}`);
  const id = (posted.response.headers.get("location") ?? "").split("/").pop() ?? "";
  const found = await searchFilings({ query: { year: 2023 } });
  sound(found.data?.filings.some((filing) => filing.id === id), "the filing is not listed");
  const pdf = await getFilingPdf({ path: { id }, parseAs: "arrayBuffer" });
  const bytes = Buffer.from(pdf.data as unknown as ArrayBuffer);
  sound(bytes.subarray(0, 5).toString() === "%PDF-", "no PDF");
  writeFileSync(`${folder}/fetched.pdf`, bytes);
  await promisify(execFile)(signer, [`${folder}/fetched.pdf`, `${folder}/signed.pdf`]);
  const file = new Blob([new Uint8Array(readFileSync(`${folder}/signed.pdf`))]);
  const signed = await putSignedCopy({ path: { id }, body: file });
  sound(signed.data?.signed, `the signed copy was answered with ${signed.response?.status}`);
  const done: BatchState = "done";
  const batch = await postBatch({ body: new Blob([text]) as never });
  sound(batch.data, "the batch was not accepted");
  for (;;) {
    const now = await getBatch({ path: { id: batch.data.id } });
    sound(now.data, "the batch is not found");
    if (now.data.state === done) break;
    await new Promise((next) => setTimeout(next, 200));
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
