// What the client of openapi-typescript and openapi-fetch does; `tsc` checks it against the generated types.

import createClient from "openapi-fetch";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import type { paths, components } from "./schema";

const [address, key, text, signer, folder] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } });
const letter: components["schemas"]["Submission"] = JSON.parse(text);

function sound(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

async function main() {
  const accept = { accept: "application/json" } as const;
  const posted = await client.POST("/v1/filings", { body: letter, headers: accept });
  sound(posted.response.status === 201, `posting was answered with ${posted.response.status}`);
  const id = (posted.response.headers.get("location") ?? "").split("/").pop() ?? "";
  const path = { id };
  const found = await client.GET("/v1/filings", { params: { query: { year: 2023 } } });
  sound(found.data?.filings.some((filing) => filing.id === id), "the filing is not listed");
  const pdf = await client.GET("/v1/filings/{id}/pdf", { params: { path }, parseAs: "arrayBuffer" });
  const bytes = Buffer.from(pdf.data as unknown as ArrayBuffer);
  sound(bytes.subarray(0, 5).toString() === "%PDF-", "no PDF");
  writeFileSync(`${folder}/fetched.pdf`, bytes);
  await promisify(execFile)(signer, [`${folder}/fetched.pdf`, `${folder}/signed.pdf`]);
  const signed = await client.PUT("/v1/filings/{id}/signed", {
    params: { path },
    body: readFileSync(`${folder}/signed.pdf`) as unknown as string,
    bodySerializer: (body) => body,
    headers: { "Content-Type": "application/pdf" },
  });
  sound(signed.data?.signed, `the signed copy was answered with ${signed.response.status}`);
  const state: components["schemas"]["BatchState"] = "done";
  const batch = await client.POST("/v1/batches", {
    body: text,
    bodySerializer: (body) => body,
    headers: { "Content-Type": "application/x-ndjson" },
  });
  sound(batch.data, "the batch was not accepted");
  for (;;) {
    const now = await client.GET("/v1/batches/{id}", { params: { path: { id: batch.data.id } } });
    sound(now.data, "the batch is not found");
    if (now.data.state === state) break;
    await new Promise((done) => setTimeout(done, 200));
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
