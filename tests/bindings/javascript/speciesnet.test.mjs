// SPDX-License-Identifier: Apache-2.0
// The wrapper in Node.js, on the demonstration model. SPECIESNET_JAVASCRIPT is the folder of the
// built module, SPECIESNET_DEMO that of the demonstration.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {createServer} from 'node:http';
import {readFile, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';
import {pathToFileURL} from 'node:url';

const folder = process.env.SPECIESNET_JAVASCRIPT;
const demo = process.env.SPECIESNET_DEMO;
const {SpeciesNet, SpeciesNetError, InvalidImageError, ModelError} = await import(pathToFileURL(join(folder, 'speciesnet.js')));
const expected = JSON.parse(await readFile(new URL('expected.json', import.meta.url)));

/** Confidences may differ by this from those of other instruction sets: 1e-4. */
const tolerance = 1e-4;

async function filesOfDemo() {
  const names = await readdir(join(demo, 'model'));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(demo, 'model', name))])));
}

const photo = (name) => readFile(join(demo, 'photos', name));

/** Compares documents: numbers within the tolerance, all else exactly. */
function assertClose(actual, wanted, path = '') {
  if (typeof wanted === 'number') {
    assert.ok(Math.abs(actual - wanted) <= tolerance, `${path}: ${actual}, not ${wanted}`);
  } else if (wanted !== null && typeof wanted === 'object') {
    assert.deepEqual(Object.keys(actual), Object.keys(wanted), path);
    Object.keys(wanted).forEach((key) => assertClose(actual[key], wanted[key], `${path}/${key}`));
  } else {
    assert.equal(actual, wanted, path);
  }
}

describe('the demonstration model', () => {
  let model;
  const messages = [];
  before(async () => {
    model = await SpeciesNet.load(await filesOfDemo(), {threads: 2, log: (message, isWarning) => messages.push({message, isWarning})});
  });
  after(() => model.close());

  it('says what it is', () => {
    assert.equal(model.modelVersion, 'demo-2');
    assert.equal(model.isDemo, true);
    assert.match(model.description, /demonstration/);
    assert.equal(model.threads, 2);
    assert.equal(model.labels.length, 16);
    assert.ok(messages.some(({message, isWarning}) => message.includes('demo-2') && !isWarning), JSON.stringify(messages));
  });

  for (const [country, documents] of Object.entries(expected)) {
    for (const [name, document] of Object.entries(documents)) {
      it(`answers as the native library does: ${name}, ${country}`, async () => {
        const answer = await model.predict(await photo(name), {filepath: name, location: {country}});
        assertClose(answer.document, document);
        assert.equal(answer.isTruncated, false);
        assert.ok(answer.decodeSeconds > 0 && answer.networkSeconds > 0);
      });
    }
  }

  it('gives the size of the upright photo', async () => {
    const {width, height} = await model.predict(new Blob([await photo('person.jpg')]));
    assert.ok(width < height);
  });

  it('keeps the order of calls that overlap', async () => {
    const names = ['zebra.jpg', 'blank.jpg', 'elephant.jpg'];
    const photos = await Promise.all(names.map(photo));
    const answers = await Promise.all(photos.map((bytes, i) => model.predict(bytes, {filepath: names[i]})));
    assert.deepEqual(answers.map(({document}) => document.predictions[0].filepath), names);
  });

  it('applies options', async () => {
    const bytes = await photo('zebra.jpg');
    const {document: {predictions: [{detections: [first]}]}} = await model.predict(bytes, {maxClassificationsPerDetection: null, explain: true});
    assert.equal(first.raw_classifications.classes.length, 16);
    assert.match(JSON.stringify(first), /"rule"/);
    const {document: {predictions: [whole]}} = await model.predict(bytes, {format: 'per_image'});
    assert.match(whole.prediction, /plains zebra$/);
    const {document: {predictions: [sure]}} = await model.predict(bytes, {detectionThreshold: 1});
    assert.equal(sure.detections.length, 0);
  });

  it('leaves the caller its bytes', async () => {
    const bytes = await photo('blank.jpg');
    const {length} = bytes;
    await model.predict(bytes);
    assert.equal(bytes.length, length);
  });

  it('reports a truncated photo', async () => {
    const bytes = await photo('zebra.jpg');
    const {isTruncated, document} = await model.predict(bytes.subarray(0, bytes.length / 2));
    assert.equal(isTruncated, true);
    assert.equal(document.predictions.length, 1);
  });

  const refusals = [
    ['no image', Buffer.from('This is a text.'), {}, InvalidImageError, 'media_type_mismatch'],
    ['an empty file', Buffer.alloc(0), {}, InvalidImageError, 'media_type_mismatch'],
    ['a photo that ends in its header', null, {}, InvalidImageError, 'undecodable_image'],
    ['a photo that is too large', 'zebra.jpg', {decode: {maxPixels: 1000}}, InvalidImageError, 'media_too_large'],
    ['a value out of range', 'zebra.jpg', {detectionThreshold: 2}, SpeciesNetError, 'invalid_argument'],
    ['a value of another type', 'zebra.jpg', {explain: 'yes'}, SpeciesNetError, 'invalid_argument'],
    ['an unknown option', 'zebra.jpg', {batchSize: 2}, SpeciesNetError, 'invalid_argument'],
    ['an unknown choice', 'zebra.jpg', {format: 'per_animal'}, SpeciesNetError, 'invalid_argument'],
    ['an unknown country', 'zebra.jpg', {location: {country: 'Atlantis'}}, SpeciesNetError, 'invalid_argument'],
    ['a photo that is no bytes', 42, {}, SpeciesNetError, 'invalid_argument'],
  ];
  for (const [what, source, options, kind, code] of refusals) {
    it(`refuses ${what}, and goes on`, async () => {
      const bytes = source === null ? (await photo('zebra.jpg')).subarray(0, 100) : typeof source === 'string' ? await photo(source) : source;
      await assert.rejects(model.predict(bytes, options), (error) => {
        assert.ok(error instanceof kind, String(error));
        assert.equal(error.code, code, error.message);
        return true;
      });
      assert.equal((await model.predict(await photo('blank.jpg'))).document.predictions.length, 1);
    });
  }

  it('refuses a photo whose header claims more pixels than can be addressed, whatever the limits', async () => {
    // A BMP of 2^25 x 2^20 pixels, more bytes than 32 bits count.
    const bitmap = Buffer.alloc(60);
    bitmap.write('BM');
    bitmap.writeUInt32LE(40, 14);
    bitmap.writeUInt32LE(2 ** 25, 18);
    bitmap.writeUInt32LE(2 ** 20, 22);
    bitmap.writeUInt16LE(24, 28);
    const unlimited = {maxPixels: 2 ** 53 - 1, maxWork: 2 ** 53 - 1, maxMemory: 2 ** 53 - 1};
    await assert.rejects(model.predict(bitmap, {decode: unlimited}), {code: 'media_too_large'});
  });
});

describe('loading', () => {
  const loadingFails = (files, options, kind, code) => assert.rejects(SpeciesNet.load(files, options), (error) => {
    assert.ok(error instanceof kind, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  });

  it('refuses a package without info.json', () => loadingFails({}, {}, ModelError, 'model_incomplete'));

  it('refuses a package that lacks a file', async () => {
    const files = await filesOfDemo();
    delete files['labels.txt'];
    await loadingFails(files, {}, ModelError, 'model_incomplete');
  });

  it('refuses a damaged network', async () => {
    const files = await filesOfDemo();
    for (const damaged of [files['detector.pt'].subarray(0, 1000), Buffer.from('no network')]) {
      await loadingFails({...files, 'detector.pt': damaged}, {threads: 1}, ModelError, 'model_invalid');
    }
  });

  it('refuses options', async () => {
    const files = await filesOfDemo();
    for (const options of [{threads: -1}, {threads: 'many'}, {threads: 5000}, {device: 'cuda'}, {components: 'some'}, {targetSpecies: 'lion'}]) {
      await loadingFails(files, options, SpeciesNetError, 'invalid_argument');
    }
  });

  it('loads parts, with target species', async () => {
    const files = await filesOfDemo();
    const detector = await SpeciesNet.load(files, {components: 'detector', threads: 1});
    assert.equal(detector.labels.length, 0);
    await detector.close();
    const whole = await SpeciesNet.load(new Map(Object.entries(files)), {threads: 1, geofence: false});
    const targets = whole.labels.slice(0, 2);
    await whole.close();
    const model = await SpeciesNet.load(files, {threads: 1, targetSpecies: targets});
    const {document} = await model.predict(await photo('zebra.jpg'));
    assert.match(JSON.stringify(document), /target/);
    await model.close();
  });

  it('answers the same with any number of threads', async () => {
    const answers = [];
    for (const threads of [1, 3]) {
      const model = await SpeciesNet.load(await filesOfDemo(), {threads});
      answers.push((await model.predict(await photo('elephant.jpg'))).document);
      await model.close();
    }
    assert.deepEqual(answers[0], answers[1]);
  });
});

describe('a closed model', () => {
  it('rejects calls, also those that run', async () => {
    const model = await SpeciesNet.load(await filesOfDemo(), {threads: 1});
    const running = assert.rejects(model.predict(await photo('zebra.jpg')), {code: 'cancelled'});
    await new Promise((resolve) => setTimeout(resolve, 50));
    await model.close();
    await running;
    await assert.rejects(model.predict(await photo('zebra.jpg')), {code: 'cancelled'});
    await model.close();
  });
});

describe('downloading', () => {
  let server;
  let address;
  let answer;
  before(async () => {
    server = createServer((request, response) => answer(request.url, response));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${server.address().port}/model/`;
  });
  after(() => server.close());

  async function serveDemo(status = () => 200, files = filesOfDemo()) {
    files = await files;
    answer = (url, response) => {
      const name = decodeURIComponent(url.split('/').pop());
      const code = files[name] ? status(name) : 404;
      response.writeHead(code, code === 200 ? {'content-length': files[name].length} : {});
      response.end(code === 200 ? files[name] : '');
    };
    return files;
  }

  it('reports its progress up to the sum of all files', async () => {
    const files = await serveDemo();
    const reports = [];
    const model = await SpeciesNet.fetch(address, {threads: 1, files: ['detector.absent'], progress: (...report) => reports.push(report)});
    const sum = Object.values(files).reduce((total, {length}) => total + length, 0);
    assert.deepEqual(reports.at(-1), [sum, sum]);
    await model.close();
  });

  it('finds a detector that info.json gives as a URL, as published packages do', async () => {
    const {'detector.pt': detector, 'info.json': text, ...files} = await filesOfDemo();
    const info = {...JSON.parse(text), detector: 'https://example.org/releases/md_v5a.0.0 é#.pt?download=1'};
    await serveDemo(() => 200, {
      ...files, 'info.json': Buffer.from(JSON.stringify(info)), 'https___example.org_releases_md_v5a.0.0 é#.pt': detector,
    });
    const model = await SpeciesNet.fetch(address, {threads: 1});
    assert.equal(model.modelVersion, 'demo-2');
    await model.close();
  });

  it('says what the server lacks', async () => {
    await serveDemo((name) => (name === 'info.json' ? 404 : 200));
    await assert.rejects(SpeciesNet.fetch(address), {code: 'not_found'});
    await serveDemo((name) => (name === 'classifier.pt' ? 500 : 200));
    await assert.rejects(SpeciesNet.fetch(address), {code: 'io', message: /500/});
    await serveDemo((name) => (name === 'classifier.pt' ? 404 : 200));
    await assert.rejects(SpeciesNet.fetch(address), {code: 'model_incomplete'});
    await assert.rejects(SpeciesNet.fetch('http://127.0.0.1:9/'), {code: 'io'});
  });

  it('refuses a damaged info.json', async () => {
    answer = (url, response) => response.end('{');
    await assert.rejects(SpeciesNet.fetch(address), {code: 'model_invalid'});
  });

  it('ends when its signal says so', async () => {
    await serveDemo();
    await assert.rejects(SpeciesNet.fetch(address, {signal: AbortSignal.abort()}), {name: 'AbortError'});
  });
});

describe('the structs of the wrapper', () => {
  it('have the layout of the compiler', async () => {
    const layouts = execFileSync(process.execPath, [process.env.SPECIESNET_LAYOUTS], {encoding: 'utf8'});
    const offsets = new Map([...layouts.matchAll(/^speciesnet_(\S+?)(?: size| offset) (\d+)/gm)].map(([, key, number]) => [key, Number(number)]));
    const {Worker} = await import('node:worker_threads');
    const worker = new Worker(join(folder, 'engine', 'host.js'));
    const {result} = await new Promise((resolve) => {
      worker.once('message', resolve);
      worker.postMessage({id: 0, method: 'layouts', parameters: []});
    });
    await worker.terminate();
    assert.ok(Object.keys(result).length >= 6);
    for (const [struct, {size, members}] of Object.entries(result)) {
      assert.equal(size, offsets.get(struct), struct);
      for (const [member, {offset}] of members) {
        assert.equal(offset, offsets.get(`${struct}.${member}`), `${struct}.${member}`);
      }
    }
  });
});
