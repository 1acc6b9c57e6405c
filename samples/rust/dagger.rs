//! The world of a Dagger guest, for guests written in Rust: five calls on streams and their errors.
//! Needs no `std`. docs/abi.md is the contract of the calls in full.
#![allow(dead_code)]

/// The calls as the host offers them: below zero is an error of `Error`.
pub mod host {
    #[link(wasm_import_module = "dagger")]
    extern "C" {
        pub fn open(url: *const u8, url_len: u32) -> i32;
        pub fn close(sd: i32) -> i32;
        pub fn read(sd: i32, data: *mut u8, len: u32) -> i32;
        pub fn write(sd: i32, data: *const u8, len: u32) -> i32;
        pub fn flush(sd: i32) -> i32;
    }
}

macro_rules! errors {
    ($($name:ident = $value:literal, $text:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(i32)]
        pub enum Error { $($name = $value),* }

        impl Error {
            /// The error of a negative result; what is not in the table is IO.
            pub fn from_result(result: i32) -> Error {
                match result { $($value => Error::$name,)* _ => Error::IO }
            }

            pub fn text(self) -> &'static str {
                match self { $(Error::$name => $text),* }
            }
        }
    };
}

errors! {
    BADURL = -1, "the URL can't be parsed";
    BADINPUT = -2, "the URL parses but can't name a target of its scheme";
    NOSCHEME = -3, "unknown scheme";
    BADSD = -4, "no open stream at that descriptor";
    FAULT = -5, "pointer and length outside the guest's memory";
    PERM = -6, "refused by policy or by the host";
    NOENT = -7, "the target does not exist";
    EXIST = -8, "the target exists already";
    NOTSUP = -9, "this stream kind does not do this";
    IO = -10, "input/output failed";
    TOOMANY = -11, "no free stream slot";
    TIMEOUT = -12, "took longer than allowed";
    CONNECT = -13, "could not reach the peer";
    TLS = -14, "the peer could not be authenticated";
    NOSPACE = -15, "the target is full";
    NOMEM = -16, "the host is out of memory";
    PIPE = -17, "the reader is gone";
    UNAVAIL = -18, "the scheme is known but not part of this executable";
}

pub type Result<T> = core::result::Result<T, Error>;

fn check(result: i32) -> Result<usize> {
    if result < 0 {
        Err(Error::from_result(result))
    } else {
        Ok(result as usize)
    }
}

/// An open stream. Dropping it closes it; `close` also tells whether all that was written got there.
pub struct Stream {
    sd: i32,
}

impl Stream {
    pub fn open(url: &str) -> Result<Stream> {
        let sd = check(unsafe { host::open(url.as_ptr(), url.len() as u32) })?;
        Ok(Stream { sd: sd as i32 })
    }

    /// Bytes read, at least one; 0 is the end of the stream.
    pub fn read(&mut self, data: &mut [u8]) -> Result<usize> {
        check(unsafe { host::read(self.sd, data.as_mut_ptr(), data.len() as u32) })
    }

    pub fn write(&mut self, data: &[u8]) -> Result<usize> {
        check(unsafe { host::write(self.sd, data.as_ptr(), data.len() as u32) })
    }

    /// All of `data`, or the error that stopped it.
    pub fn write_all(&mut self, mut data: &[u8]) -> Result<()> {
        while !data.is_empty() {
            let n = self.write(data)?;
            data = &data[n..];
        }
        Ok(())
    }

    pub fn flush(&mut self) -> Result<()> {
        check(unsafe { host::flush(self.sd) }).map(|_| ())
    }

    pub fn close(self) -> Result<()> {
        let sd = self.sd;
        core::mem::forget(self);
        check(unsafe { host::close(sd) }).map(|_| ())
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        unsafe { host::close(self.sd) };
    }
}
