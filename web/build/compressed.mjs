import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from "node:zlib";

/** Bytes below which compressing a file saves nothing worth a request of its own kind. */
const LEAST = 1024;

/** The compressed forms of files by the ends of their names. */
export const FORMS = {
  ".br": {
    compress: (bytes) =>
      brotliCompressSync(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      }),
    decompress: brotliDecompressSync,
  },
  ".gz": { compress: (bytes) => gzipSync(bytes, { level: 9 }), decompress: gunzipSync },
};

/** Whether a file has compressed forms. */
export const isCompressed = (bytes) => bytes.length >= LEAST;

/** The compressed forms of all files, by name. */
export function compressed(files) {
  const made = new Map();
  for (const [name, bytes] of files) {
    if (!isCompressed(bytes)) continue;
    for (const [end, { compress }] of Object.entries(FORMS)) made.set(name + end, compress(bytes));
  }
  return made;
}

/** Whether a committed compressed form holds these bytes. Other releases of zlib may compress them in another way. */
export function holds(name, form, bytes) {
  const end = Object.keys(FORMS).find((end) => name.endsWith(end));
  return FORMS[end].decompress(form).equals(bytes);
}
