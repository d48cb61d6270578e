// SPDX-License-Identifier: Apache-2.0
// Times the WebAssembly module on a package, in Node.js: node benchmarks/webassembly.mjs MODULE PACKAGE PHOTO [THREADS] [RUNS].
// MODULE is the folder that scripts/platforms/browser builds. Of a compiled network the compiled file alone is read. Prints the document
// of the last run, so that it can be compared with the command line's, and on the standard error the times and the memory.
import {readFile, readdir} from 'node:fs/promises';
import {availableParallelism} from 'node:os';
import {basename, join} from 'node:path';
import {pathToFileURL} from 'node:url';

const [module, folder, photo, threads = availableParallelism(), runs = 3] = process.argv.slice(2);
if (!photo) {
  console.error('usage: node benchmarks/webassembly.mjs MODULE PACKAGE PHOTO [THREADS] [RUNS]');
  process.exit(2);
}
const {SpeciesNet} = await import(pathToFileURL(join(module, 'speciesnet.js')));

const names = await readdir(folder);
const isReplaced = (name) => name.endsWith('.pt') && names.includes(`${name.slice(0, -3)}.portable-fp32.compiled`);
const files = Object.fromEntries(
  await Promise.all(names.filter((name) => !isReplaced(name)).map(async (name) => [name, await readFile(join(folder, name))])),
);
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;
console.error(`${Object.keys(files).length} files, ${megabytes(Object.values(files).reduce((sum, file) => sum + file.length, 0))}`);

const timed = async (what, work) => {
  const start = performance.now();
  const result = await work();
  console.error(`${what}: ${((performance.now() - start) / 1000).toFixed(2)} s, ${megabytes(process.memoryUsage.rss())} resident`);
  return result;
};
const model = await timed('loading', () => SpeciesNet.load(files, {threads: Number(threads)}));
let answer;
for (let run = 0; run < Number(runs); ++run) {
  answer = await timed(`photo, ${model.threads} threads`, async () =>
    model.predict(await readFile(photo), {filepath: basename(photo)}),
  );
}
console.log(JSON.stringify(answer.document));
await model.close();
