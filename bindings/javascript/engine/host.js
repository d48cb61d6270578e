// SPDX-License-Identifier: Apache-2.0
// Runs the module in a worker, a Web Worker or one of Node.js, so that the page stays responsive:
// calls wait for the networks' threads, which only a worker may do. speciesnet.js sends {id, method,
// parameters} and receives {id, result} or {id, error}, and {log} while a call runs. The build puts
// structs.js and abi.js before this file.

/* global importScripts, createSpeciesNetEngine */

const inNode = typeof importScripts !== 'function';
const port = inNode ? require('node:worker_threads').parentPort : self;
const send = (message) => port.postMessage(message);

/**
 * Returns the threads that exist at the same time while a model loads: those of the networks, as
 * many again to pack the weights of each of the two networks, and one each for the queue of the
 * networks, for the classifier, for reading either file, and for a photo.
 */
function poolSize(threads) {
  return threads + 2 * (threads - 1) + 5;
}

/** One decodes the next photo, and one may not have ended yet. */
const idleThreads = 2;

function engineFactory() {
  if (inNode) {
    return require('./speciesnet_engine.js');
  }
  importScripts('speciesnet_engine.js');
  return createSpeciesNetEngine;
}

/** Returns a module whose threads have started: a call could not wait for them. */
async function startEngine(threads) {
  const settings = {poolSize: poolSize(threads), print: () => {}, printErr: () => {}};
  if (inNode) {
    // This Emscripten would fetch() a path.
    settings.wasmBinary = require('node:fs').readFileSync(require('node:path').join(__dirname, 'speciesnet_engine.wasm'));
  } else {
    settings.mainScriptUrlOrBlob = new URL('speciesnet_engine.js', self.location.href).href;
  }
  return engineFactory()(settings);
}

function coreCount() {
  return (inNode ? require('node:os').availableParallelism() : self.navigator.hardwareConcurrency) || 1;
}

/** Most of the threads have ended when a model is loaded, and wait in workers. */
function endIdleWorkers() {
  model.engine.PThread.unusedWorkers.splice(idleThreads).forEach((worker) => worker.terminate());
}

/**
 * Returns the number of threads to start. The library checks it, too, but only after they have.
 * Unless asked for, no more than eight, because each takes time and memory to start.
 */
function threadCount(wanted = 0) {
  const most = 1024;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > most) {
    throw invalidOption('threads', `an integer from 0 to ${most}`);
  }
  const mostUnlessWanted = 8;
  return wanted || Math.min(coreCount(), mostUnlessWanted);
}

/** The worker holds one model, for as long as it lives. */
let model;

const methods = {
  async load(files, options) {
    const threads = threadCount(options.threads);
    model = new Model(await startEngine(threads), files, {...options, threads}, (message, isWarning) => send({log: {message, isWarning}}));
    return model.description();
  },
  async predict(photo, options) {
    endIdleWorkers();
    return model.predict(photo, options);
  },
  async layouts() {
    return Object.fromEntries(Object.keys(STRUCTS).map((name) => [name, layoutOf(name)]));
  },
};

async function answer({id, method, parameters}) {
  try {
    send({id, result: await methods[method](...parameters)});
  } catch (error) {
    send({id, error: {status: error.status, code: error.code, message: String(error.message || error)}});
  }
}

if (inNode) {
  port.on('message', answer);
} else {
  port.onmessage = ({data}) => answer(data);
}
