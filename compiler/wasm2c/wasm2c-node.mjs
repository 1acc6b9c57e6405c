// Runs a tool of the npm package wabt (wasm2c, wat2wasm) with room for deeply nested modules:
//
//     node --stack-size=KIB wasm2c-node.mjs SCRIPT [ARGUMENT]...
//
// The tools are C++ compiled to WebAssembly by emscripten with a stack of 64 KiB, which lies right
// above their static data. They recurse as deep as the module nests its blocks, so that a large real
// module overruns the stack and silently spoils the data below it. So the stack is moved: the tool's
// memory is grown once, and its stack pointer set to the top of what is new.
//
//     | data | old stack | heap ->    ...    | strip | <- stack |
//
// Heap and stack can't be kept apart by force, but it can be seen whether they stayed apart: between
// them lies a strip of known bytes. When it has changed at the end, the tool's output is not to be
// trusted, and the exit status says so.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const PAGE = 65536;
const STACK = 256 * 1024 * 1024; // bytes; the rest of the new memory is for the heap
const SIZES = [2048, 1536, 1024, 512].map((mib) => mib * 1024 * 1024); // of the memory, tried in turn
const STRIP_BYTE = 0xa5;
const STATUS_UNUSABLE = 3;

const [node, , script, ...rest] = process.argv;

function fail(reason) {
    console.error(`${path.basename(script)}: ${reason}`);
    process.exit(STATUS_UNUSABLE);
}

// The exports' names are minified; the script says which of them is the stack allocator: a function
// that lowers the stack pointer by a size and returns it.
function findStackAllocator(exports, memory) {
    const text = readFileSync(script, "latin1");
    const [, name] = /__emscripten_stack_alloc\s*=\s*wasmExports\["([^"]+)"\]/.exec(text) ?? [];
    const allocate = exports[name] ?? fail("can't find the stack allocator in this version");
    const top = allocate(0);
    if (!(top > PAGE && top < memory.buffer.byteLength) ||
        allocate(16) !== top - 16 || allocate(-16) !== top)
        fail("the stack of this version does not behave as expected");
    return allocate;
}

function grow(memory) {
    const now = memory.buffer.byteLength;
    for (const size of SIZES) {
        try {
            memory.grow((size - now) / PAGE);
            return;
        } catch {
            // above a limit of the tool or of the system: try less
        }
    }
    fail("not enough memory");
}

function moveStack(exports) {
    const memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory) ??
        fail("can't find the memory in this version");
    const allocate = findStackAllocator(exports, memory);
    grow(memory);
    allocate(allocate(0) - (memory.buffer.byteLength - 16));
    const strip = memory.buffer.byteLength - STACK - PAGE;
    new Uint8Array(memory.buffer, strip, PAGE).fill(STRIP_BYTE);
    process.on("exit", () => {
        if (new Uint8Array(memory.buffer, strip, PAGE).every((byte) => byte === STRIP_BYTE))
            return;
        process.exitCode = STATUS_UNUSABLE;
        console.error(`${path.basename(script)}: out of memory: its heap and its stack met`);
    });
}

const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...args) => {
    const result = await instantiate(...args);
    moveStack((result.instance ?? result).exports);
    return result;
};

// One line instead of node's page of them.
process.on("uncaughtException", (error) => {
    const deep = error instanceof RangeError && /call stack/.test(error.message);
    fail(deep ? "the module is nested too deeply" : `failed: ${error.message ?? error}`);
});

process.argv = [node, script, ...rest];
createRequire(import.meta.url)(path.resolve(script));
