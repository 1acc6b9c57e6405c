// Runs the export run() of a module without imports, and prints its result:
//
//     node run.mjs MODULE [timed]
//
// timed: the processor time of the call, in nanoseconds, on a second line. With --no-liftoff and
// --no-wasm-lazy-compilation all code is compiled by the optimising compiler before.
import { readFileSync } from "node:fs";

const [, , file, timed] = process.argv;
const module = new WebAssembly.Module(readFileSync(file));
const { run } = new WebAssembly.Instance(module).exports;
const before = process.cpuUsage();
const sum = run() >>> 0;
const { user, system } = process.cpuUsage(before);
console.log("0x" + sum.toString(16).padStart(8, "0"));
if (timed)
    console.log((user + system) * 1000);
