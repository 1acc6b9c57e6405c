//! The world of a Dagger guest, for guests written in Zig: five calls on streams and their errors.
//! docs/abi.md is the contract of the calls in full.

/// The calls as the host offers them: below zero is an error of `errors`.
pub const host = struct {
    pub extern "dagger" fn open(url: [*]const u8, url_len: u32) i32;
    pub extern "dagger" fn close(sd: i32) i32;
    pub extern "dagger" fn read(sd: i32, data: [*]u8, len: u32) i32;
    pub extern "dagger" fn write(sd: i32, data: [*]const u8, len: u32) i32;
    pub extern "dagger" fn flush(sd: i32) i32;
};

pub const Error = error{
    BADURL, // -1: the URL can't be parsed
    BADINPUT, // -2: the URL parses but can't name a target of its scheme
    NOSCHEME, // -3: unknown scheme
    BADSD, // -4: no open stream at that descriptor
    FAULT, // -5: pointer and length outside the guest's memory
    PERM, // -6: refused by policy or by the host
    NOENT, // -7: the target does not exist
    EXIST, // -8: the target exists already
    NOTSUP, // -9: this stream kind does not do this
    IO, // -10: input/output failed
    TOOMANY, // -11: no free stream slot
    TIMEOUT, // -12: took longer than allowed
    CONNECT, // -13: could not reach the peer
    TLS, // -14: the peer could not be authenticated
    NOSPACE, // -15: the target is full
    NOMEM, // -16: the host is out of memory
    PIPE, // -17: the reader is gone
    UNAVAIL, // -18: the scheme is known but not part of this executable
};

const errors = [_]Error{
    error.BADURL,  error.BADINPUT, error.NOSCHEME, error.BADSD,   error.FAULT,   error.PERM,
    error.NOENT,   error.EXIST,    error.NOTSUP,   error.IO,      error.TOOMANY, error.TIMEOUT,
    error.CONNECT, error.TLS,      error.NOSPACE,  error.NOMEM,   error.PIPE,    error.UNAVAIL,
};

/// A result of the host as Zig has it; an error that is not in the table is IO.
fn check(result: i32) Error!u32 {
    if (result >= 0) return @intCast(result);
    const row: u32 = @bitCast(-1 -% result);
    return if (row < errors.len) errors[row] else error.IO;
}

/// An open stream. Close it: only then are all errors known.
pub const Stream = struct {
    sd: i32,

    pub fn open(url: []const u8) Error!Stream {
        return Stream{ .sd = @intCast(try check(host.open(url.ptr, @intCast(url.len)))) };
    }

    pub fn close(stream: Stream) Error!void {
        _ = try check(host.close(stream.sd));
    }

    /// Bytes read, at least one; 0 is the end of the stream.
    pub fn read(stream: Stream, data: []u8) Error!u32 {
        return check(host.read(stream.sd, data.ptr, @intCast(data.len)));
    }

    pub fn write(stream: Stream, data: []const u8) Error!u32 {
        return check(host.write(stream.sd, data.ptr, @intCast(data.len)));
    }

    /// All of `data`, or the error that stopped it.
    pub fn writeAll(stream: Stream, data: []const u8) Error!void {
        var rest = data;
        while (rest.len > 0) rest = rest[try stream.write(rest)..];
    }

    pub fn flush(stream: Stream) Error!void {
        _ = try check(host.flush(stream.sd));
    }
};
