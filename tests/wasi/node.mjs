// Runs a guest by node's own WASI, for a look at what another implementation says of a case:
//     node node.mjs MODULE '{"preopens": {"/": "box"}, "env": {}, "args": ["guest"]}'
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const [file, settings] = process.argv.slice(2);
const wasm = await WebAssembly.compile(await readFile(file));
const imported = new Set(WebAssembly.Module.imports(wasm).map((i) => i.module));
const version = imported.has("wasi_unstable") ? "unstable" : "preview1";
const wasi = new WASI({ version, returnOnExit: false, ...JSON.parse(settings) });
wasi.start(await WebAssembly.instantiate(wasm, wasi.getImportObject()));
