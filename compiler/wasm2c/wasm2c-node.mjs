// Runs a tool of the npm package wabt: node wasm2c-node.mjs SCRIPT [ARGUMENT]...
import { createRequire } from "node:module";
import path from "node:path";

const [node, , script, ...rest] = process.argv;
process.argv = [node, script, ...rest];
createRequire(import.meta.url)(path.resolve(script));
