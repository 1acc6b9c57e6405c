// Rust with its standard library, for WASI.
use std::{env, fs};

fn main() -> std::io::Result<()> {
    let name = env::var("NAME").unwrap_or_else(|_| "nobody".into());
    println!("hello {name} from Rust");
    for entry in fs::read_dir("notes")? {
        println!("notes has {}", entry?.file_name().to_string_lossy());
    }
    Ok(())
}
