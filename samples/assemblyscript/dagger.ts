/**
 * The world of a Dagger guest, for guests written in AssemblyScript: five calls on streams and their
 * errors. docs/abi.md is the contract of the calls in full.
 *
 * Compile with `asc guest.ts -O3 --runtime stub --use abort=`: the last option turns abort() into a
 * trap, since a guest may import nothing but the five calls.
 */

@external("dagger", "open") declare function dagger_open(url: usize, urlLength: u32): i32;
@external("dagger", "close") declare function dagger_close(sd: i32): i32;
@external("dagger", "read") declare function dagger_read(sd: i32, data: usize, length: u32): i32;
@external("dagger", "write") declare function dagger_write(sd: i32, data: usize, length: u32): i32;
@external("dagger", "flush") declare function dagger_flush(sd: i32): i32;

export enum DaggerError {
  BADURL = -1, // the URL can't be parsed
  BADINPUT = -2, // the URL parses but can't name a target of its scheme
  NOSCHEME = -3, // unknown scheme
  BADSD = -4, // no open stream at that descriptor
  FAULT = -5, // pointer and length outside the guest's memory
  PERM = -6, // refused by policy or by the host
  NOENT = -7, // the target does not exist
  EXIST = -8, // the target exists already
  NOTSUP = -9, // this stream kind does not do this
  IO = -10, // input/output failed
  TOOMANY = -11, // no free stream slot
  TIMEOUT = -12, // took longer than allowed
  CONNECT = -13, // could not reach the peer
  TLS = -14, // the peer could not be authenticated
  NOSPACE = -15, // the target is full
  NOMEM = -16, // the host is out of memory
  PIPE = -17, // the reader is gone
  UNAVAIL = -18, // the scheme is known but not part of this executable
}

/** A stream; `sd` below zero is the error why it could not be opened. */
export class Stream {
  sd: i32;

  constructor(url: string) {
    const bytes = String.UTF8.encode(url);
    this.sd = dagger_open(changetype<usize>(bytes), <u32>bytes.byteLength);
  }

  /** Bytes read, at least one; 0 at the end of the stream; or an error. */
  read(data: Uint8Array): i32 {
    return dagger_read(this.sd, data.dataStart, <u32>data.length);
  }

  /** Writes all of it. Returns 0 or the error that stopped it. */
  write(data: ArrayBuffer): i32 {
    let at: i32 = 0;
    while (at < data.byteLength) {
      const n = dagger_write(this.sd, changetype<usize>(data) + at, <u32>(data.byteLength - at));
      if (n < 0) return n;
      at += n;
    }
    return 0;
  }

  /** Writes a text as UTF-8. */
  print(text: string): i32 {
    return this.write(String.UTF8.encode(text));
  }

  flush(): i32 {
    return dagger_flush(this.sd);
  }

  close(): i32 {
    return dagger_close(this.sd);
  }
}
