#![no_std]
#![no_main]

mod dagger;

use dagger::Stream;

fn run() -> dagger::Result<()> {
    let mut out = Stream::open("stdout://")?;
    out.write_all(b"hello from Rust\n")?;
    out.close()
}

#[no_mangle]
pub extern "C" fn dagger_main() -> i32 {
    match run() {
        Ok(()) => 0,
        Err(_) => 1,
    }
}

/// A panic is a trap: status 134 and a backtrace.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
