// A guest of WASI that serves by the standard library: one connection after the other, until one says "end".
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::wasi::io::FromRawFd;

fn main() -> std::io::Result<()> {
    let listener = unsafe { TcpListener::from_raw_fd(3) };
    loop {
        let (mut peer, _) = listener.accept()?;
        let mut text = [0; 256];
        let len = peer.read(&mut text)?;
        peer.write_all(&text[..len].to_ascii_uppercase())?;
        if &text[..len] == b"end" {
            return Ok(());
        }
    }
}
