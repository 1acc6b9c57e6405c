// Runs a module for WASI by node's own WASI: node node.mjs MODULE [ARGUMENT]...
// It finds the working directory as "/", as Dagger's guests do.
import { readFileSync } from "node:fs";
import { WASI } from "node:wasi";

const [, , file, ...rest] = process.argv;
const ENOSYS = 52;
const module = new WebAssembly.Module(readFileSync(file));
const wanted = WebAssembly.Module.imports(module);
const unstable = wanted.some((one) => one.module === "wasi_unstable");
const wasi = new WASI({
    version: unstable ? "unstable" : "preview1",
    args: [file, ...rest],
    preopens: { "/": "." },
    env: { LANG: "C" }, // with none at all its environ_get fails
});
const calls = { ...wasi.wasiImport };
for (const { name } of wanted)
    calls[name] ??= () => ENOSYS;
const instance = new WebAssembly.Instance(module, {
    [unstable ? "wasi_unstable" : "wasi_snapshot_preview1"]: calls,
});
process.exitCode = wasi.start(instance);
