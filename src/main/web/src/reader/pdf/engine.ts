import * as engine from 'pdfjs-dist';
import worker from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

export type { PDFDocumentProxy, PDFPageProxy, PageViewport, RenderTask } from 'pdfjs-dist';
export const { TextLayer } = engine;

/** Bytes fetched with one range request. */
const RANGE = 256 * 1024;

/** Where the build puts what documents without fonts of their own need. */
const RESOURCES = '/pdf/';

/**
 * Opens a document whose pages are fetched as they are needed. The worker is started here, under a
 * policy that signs the worker's own address and no other: left to itself, the engine would be kept
 * from starting one and would silently work in the page instead.
 */
export function openPdf(url: string): engine.PDFDocumentLoadingTask {
  engine.GlobalWorkerOptions.workerPort ??= new Worker(workerAddress(), { type: 'module' });
  return engine.getDocument({
    url,
    rangeChunkSize: RANGE,
    disableAutoFetch: true,
    disableStream: true,
    cMapUrl: `${RESOURCES}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${RESOURCES}standard_fonts/`,
    wasmUrl: `${RESOURCES}wasm/`,
    // The page's policy compiles no WebAssembly; the engine has slower code for the same.
    useWasm: false,
    // Fonts that a document leaves out look the same everywhere, and as wide as it expects.
    useSystemFonts: false,
    isEvalSupported: false,
    enableXfa: false,
    verbosity: engine.VerbosityLevel.ERRORS,
  });
}

function workerAddress(): string {
  const policy = window.trustedTypes?.createPolicy('pdf-worker', {
    createScriptURL: (url) => {
      if (url !== worker) throw new TypeError('not the worker');
      return url;
    },
  });
  return policy ? policy.createScriptURL(worker) : worker;
}
