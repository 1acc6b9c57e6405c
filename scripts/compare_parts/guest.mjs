// Runs a guest in V8 with the five calls, for scripts/compare: the streams that need no runtime of ours
// (stdin, stdout, stderr, null, zero). With DAGGER_STATS=1 it prints calls and time as dagger does.
import { readFileSync, readSync, writeSync } from "node:fs";

const BADSD = -4, FAULT = -5, NOTSUP = -9, NOSCHEME = -3, IO = -10;
const slots = [];
const counts = { open: 0, close: 0, read: 0, write: 0, flush: 0 };
const gathered = Buffer.alloc(65536);
let held = 0, instance;

function drain() {
    for (let done = 0; done < held;)
        done += writeSync(1, gathered, done, held - done);
    held = 0;
}

const schemes = {
    "stdin": { read: (data) => readSync(0, data) },
    "stdout": {
        write(data) {
            if (held + data.length > gathered.length)
                drain();
            if (data.length > gathered.length / 4) {
                drain();
                for (let done = 0; done < data.length;)
                    done += writeSync(1, data, done);
            } else {
                gathered.set(data, held);
                held += data.length;
            }
            return data.length;
        },
        flush: () => (drain(), 0),
    },
    "stderr": { write: (data) => writeSync(2, data) },
    "null": { read: () => 0, write: (data) => data.length },
    "zero": { read: (data) => (data.fill(0), data.length), write: (data) => data.length },
};

// The guest's bytes, or null: outside its memory.
function bytes(address, length) {
    const memory = instance.exports.memory.buffer;
    const [from, size] = [address >>> 0, length >>> 0];
    return from + size <= memory.byteLength ? new Uint8Array(memory, from, size) : null;
}

function transfer(name, sd, address, length) {
    counts[name]++;
    const data = bytes(address, length), stream = slots[sd];
    if (!data)
        return FAULT;
    if (!stream)
        return BADSD;
    try {
        return !stream[name] ? NOTSUP : data.length ? stream[name](data) : 0;
    } catch {
        return IO;
    }
}

const calls = {
    open(url, length) {
        counts.open++;
        const data = bytes(url, length);
        if (!data)
            return FAULT;
        const scheme = schemes[Buffer.from(data).toString("latin1").replace(/:\/\/$/, "")];
        if (!scheme)
            return NOSCHEME;
        const free = slots.findIndex((slot) => !slot);
        const sd = free < 0 ? slots.length : free;
        slots[sd] = scheme;
        return sd;
    },
    close: (sd) => (counts.close++, slots[sd] ? ((slots[sd].flush?.()), (slots[sd] = null), 0) : BADSD),
    read: (sd, address, length) => transfer("read", sd, address, length),
    write: (sd, address, length) => transfer("write", sd, address, length),
    flush: (sd) => (counts.flush++, slots[sd] ? (slots[sd].flush?.() ?? 0) : BADSD),
};

const module = new WebAssembly.Module(readFileSync(process.argv[2]));
instance = new WebAssembly.Instance(module, { dagger: calls, env: calls });
const begun = process.hrtime.bigint();
const { dagger_main, main, _start } = instance.exports;
const status = ((dagger_main ?? main ?? _start)(0, 0) ?? 0) & 255;
drain();
if (process.env.DAGGER_STATS) {
    const us = (process.hrtime.bigint() - begun) / 1000n;
    const told = Object.entries(counts).map(([name, count]) => ` ${name} ${count}`).join("");
    writeSync(2, `guest: stats: node\n    calls:${told}\n    time: ${us} us\n`);
}
process.exit(status);
