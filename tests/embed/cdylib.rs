// A library in Rust, with what its own library asks of WASI.
use std::collections::HashMap;

static mut SAID: Vec<u8> = Vec::new();

/// The number of variables; the text of the file is at `said`.
#[no_mangle]
pub extern "C" fn look() -> i32 {
    let variables: HashMap<String, String> = std::env::vars().collect();
    unsafe { SAID = std::fs::read("/data/file").unwrap() };
    variables.len() as i32
}

#[no_mangle]
pub extern "C" fn said() -> *const u8 {
    unsafe { std::ptr::addr_of!(SAID).as_ref().unwrap().as_ptr() }
}

#[no_mangle]
pub extern "C" fn fail() {
    panic!("a test");
}

#[no_mangle]
pub extern "C" fn quit(status: i32) {
    std::process::exit(status);
}
