// SPDX-License-Identifier: Apache-2.0
/**
 * SpeciesNet in browsers and Node.js. A worker holds the model, so that pages stay responsive;
 * photos and answers never leave the machine. Types, units and ranges: speciesnet.d.ts.
 *
 *     import {SpeciesNet} from './speciesnet.js';
 *
 *     const model = await SpeciesNet.fetch('model/');
 *     const {document} = await model.predict(await file.arrayBuffer());
 *     await model.close();
 *
 * @module
 */

const inNode = typeof process === 'object' && Boolean(process.versions && process.versions.node);

/** Statuses of the C ABI that this file itself reports. */
const STATUS = {invalid_argument: 1, cancelled: 2, internal: 4, io: 10, not_found: 11, model_invalid: 31, unsupported_hardware: 41};

/**
 * A failed call. `status` is its number in the C ABI, `code` the name of that number, for programs;
 * `message` is one sentence for people.
 */
export class SpeciesNetError extends Error {
  constructor(status, code, message) {
    super(message);
    this.name = 'SpeciesNetError';
    this.status = status;
    this.code = code;
  }
}

/** The bytes are no image that this build reads (statuses 20 to 29). */
export class InvalidImageError extends SpeciesNetError {
  name = 'InvalidImageError';
}

/** The model package cannot be used (statuses 30 to 39). */
export class ModelError extends SpeciesNetError {
  name = 'ModelError';
}

function errorOf(status, code, message) {
  const kinds = {2: InvalidImageError, 3: ModelError};
  return new (kinds[Math.floor(status / 10)] || SpeciesNetError)(status, code, message);
}

function failure(code, message) {
  return errorOf(STATUS[code], code, message);
}

/** A worker that runs engine/host.js: a Web Worker, or one of Node.js. */
class Host {
  static async start() {
    const url = new URL('./engine/host.js', import.meta.url);
    if (inNode) {
      const {Worker: NodeWorker} = await import('node:worker_threads');
      const worker = new NodeWorker(url);
      const host = new Host(worker);
      worker.on('message', (message) => host.#receive(message));
      worker.on('error', (error) => host.stop(failure('internal', `the worker failed: ${error.message}`)));
      return host;
    }
    if (!globalThis.crossOriginIsolated) {
      throw failure('unsupported_hardware', 'the page may not use threads: its server must send the headers '
        + 'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, over HTTPS or from localhost');
    }
    const worker = new Worker(url, {name: 'speciesnet'});
    const host = new Host(worker);
    worker.onmessage = ({data}) => host.#receive(data);
    worker.onerror = (event) => host.stop(failure('internal', `the worker failed: ${event.message || 'it could not be loaded'}`));
    return host;
  }

  #worker;
  #calls = new Map();
  #count = 0;
  #ended;
  /** Receives the library's messages. */
  log = () => {};

  constructor(worker) {
    this.#worker = worker;
  }

  #receive({id, result, error, log}) {
    if (log) {
      this.log(log.message, log.isWarning);
      return;
    }
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (!call) {
      return;  // The worker was stopped meanwhile.
    }
    if (error) {
      call.reject(error.status ? errorOf(error.status, error.code, error.message) : failure('internal', error.message));
    } else {
      call.resolve(result);
    }
  }

  /** Calls a method of host.js. Buffers in `transfer` are moved, not copied. */
  call(method, parameters, transfer = []) {
    if (this.#ended) {
      return Promise.reject(this.#ended);
    }
    return new Promise((resolve, reject) => {
      const id = this.#count++;
      this.#calls.set(id, {resolve, reject});
      this.#worker.postMessage({id, method, parameters}, transfer);
    });
  }

  /** Ends the worker. Running calls are rejected with the reason, later ones too. */
  async stop(reason) {
    this.#ended = this.#ended || reason;
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    calls.forEach(({reject}) => reject(this.#ended));
    await this.#worker.terminate();
  }
}

/** Returns bytes that may be moved to the worker: a copy, because the caller keeps its own. */
async function copyOfBytes(source, what) {
  if (typeof Blob === 'function' && source instanceof Blob) {
    return new Uint8Array(await source.arrayBuffer());
  }
  if (source instanceof ArrayBuffer) {
    return new Uint8Array(source.slice(0));
  }
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
  }
  throw failure('invalid_argument', `${what} is no Blob, ArrayBuffer or view of one`);
}

/** Joins chunks of a body, without a copy if the server named its length. */
async function bodyOf(response, length, received) {
  let bytes = new Uint8Array(length);
  let end = 0;
  const reader = response.body.getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (end + chunk.value.length > bytes.length) {
      const longer = new Uint8Array(Math.max(2 * bytes.length, end + chunk.value.length));
      longer.set(bytes.subarray(0, end));
      bytes = longer;
    }
    bytes.set(chunk.value, end);
    end += chunk.value.length;
    received(chunk.value.length);
  }
  return end === bytes.length ? bytes : bytes.slice(0, end);
}

/** The files of a package on a server. */
class Download {
  #base;
  #signal;
  #progress;
  #received = 0;
  #total = 0;
  #areLengthsKnown = true;

  constructor(base, signal, progress) {
    this.#base = base;
    this.#signal = signal;
    this.#progress = progress;
  }

  /** Starts to download a file. Returns nothing if the server does not have it. */
  async open(name) {
    const url = new URL(name.split('/').map(encodeURIComponent).join('/'), this.#base);
    let response;
    try {
      response = await fetch(url, {signal: this.#signal});
    } catch (error) {
      if (this.#signal && this.#signal.aborted) {
        throw this.#signal.reason;
      }
      throw failure('io', `cannot download ${url}: ${error.message}`);
    }
    if (response.status === 404) {
      return undefined;
    }
    if (!response.ok) {
      throw failure('io', `cannot download ${url}: the server answered ${response.status}`);
    }
    // The length of a compressed body is not that of the file.
    const length = response.headers.get('content-encoding') ? 0 : Number(response.headers.get('content-length'));
    this.#total += length;
    this.#areLengthsKnown = this.#areLengthsKnown && length > 0;
    return {name, response, length};
  }

  async finish({name, response, length}) {
    const bytes = await bodyOf(response, length, (count) => {
      this.#received += count;
      this.#progress(this.#received, this.#areLengthsKnown ? this.#total : 0);
    });
    return {name, bytes};
  }
}

/** Returns the name in the package of a file that info.json gives as a URL, as the engine does. Others are returned unchanged. */
function localName(name) {
  return /^https?:\/\//.test(name) ? name.replace(/\?.*/s, '').replace(/[:/]/g, '_') : name;
}

/** Returns the names of the files that a package's info.json lists, networks apart. */
function filesOf(info) {
  let fields;
  try {
    fields = Object(JSON.parse(new TextDecoder().decode(info)));
  } catch {
    throw failure('model_invalid', 'info.json is no JSON');
  }
  const names = (...keys) => keys.map((key) => fields[key]).filter((name) => typeof name === 'string' && name !== '').map(localName);
  return {
    texts: names('classifier_labels', 'taxonomy', 'geofence'),
    networks: names('detector', 'classifier'),
  };
}

/** A loaded model. Call close() when it is no longer needed: it holds a worker, threads and memory. */
export class SpeciesNet {
  /**
   * Loads a package from memory.
   * @param files its files by name, as a Map or an object; copied
   * @param options see LoadOptions
   * @returns {Promise<SpeciesNet>}
   * @throws {ModelError} if a file is missing or damaged
   */
  static async load(files, options = {}) {
    const entries = files instanceof Map ? [...files] : Object.entries(files);
    return SpeciesNet.#loadOwned(
      await Promise.all(entries.map(async ([name, source]) => ({name, bytes: await copyOfBytes(source, name)}))), options);
  }

  /**
   * Downloads a package and loads it.
   * @param url folder of the package on the server, ending with a slash; relative to the page
   * @param options see FetchOptions
   * @returns {Promise<SpeciesNet>}
   * @throws {SpeciesNetError} io or not_found if it cannot be downloaded
   */
  static async fetch(url, options = {}) {
    const {progress = () => {}, signal, files = [], ...loadOptions} = options;
    const download = new Download(new URL(url, inNode ? undefined : globalThis.document.baseURI), signal, progress);
    const opened = await download.open('info.json');
    if (!opened) {
      throw failure('not_found', `there is no model at ${url}: the server has no info.json there`);
    }
    const info = await download.finish(opened);
    const {texts, networks} = filesOf(info.bytes);
    const found = await Promise.all([...texts, ...networks, ...files].map((name) => download.open(name)));
    const others = await Promise.all(found.filter(Boolean).map((file) => download.finish(file)));
    return SpeciesNet.#loadOwned([info, ...others], loadOptions);
  }

  static async #loadOwned(files, {log = () => {}, ...options}) {
    const host = await Host.start();
    host.log = log;
    try {
      return new SpeciesNet(host, await host.call('load', [files, options], files.map(({bytes}) => bytes.buffer)));
    } catch (error) {
      await host.stop(error);
      throw error;
    }
  }

  #host;

  /** Not for programs: they call load() or fetch(). */
  constructor(host, {modelVersion, description, isDemo, threads, labels}) {
    this.#host = host;
    this.modelVersion = modelVersion;
    this.description = description;
    this.isDemo = isDemo;
    this.threads = threads;
    this.labels = labels;
  }

  /**
   * Names the animals in a photo. Calls run one after the other.
   * @param photo the encoded photo: a File or other Blob, an ArrayBuffer or a view of one; copied
   * @param options see PredictOptions
   * @returns see Prediction
   * @throws {InvalidImageError} if the photo cannot be decoded
   */
  async predict(photo, options = {}) {
    const bytes = await copyOfBytes(photo, 'the photo');
    return this.#host.call('predict', [bytes, options], [bytes.buffer]);
  }

  /**
   * Ends the worker and releases its memory. Calls that have not finished, and later ones, are
   * rejected with the code `cancelled`.
   */
  async close() {
    await this.#host.stop(failure('cancelled', 'the model was closed; load it again'));
  }
}
