// What the Rust guests share, by include!: a case is a function that gives Err with what is not as it must be.
// run.py reads the names from the source, as in C.

type Case = Result<(), String>;

#[allow(unused_macros)]
macro_rules! equal {
    ($got:expr, $expected:expr) => {{
        let (got, expected) = (&$got, &$expected);
        if got != expected {
            return Err(format!("{}: got {:?}, expected {:?}", line!(), got, expected));
        }
    }};
}

/// The value of a result that must be good.
macro_rules! ok {
    ($call:expr) => {
        match $call {
            Ok(value) => value,
            Err(error) => return Err(format!("{}: got {:?}", line!(), error)),
        }
    };
}

/// The call fails with that errno of WASI.
#[allow(unused_macros)]
macro_rules! fails {
    ($call:expr, $errno:expr) => {
        match $call {
            Ok(_) => return Err(format!("{}: got Ok, expected errno {}", line!(), $errno)),
            Err(error) => equal!(error.raw_os_error(), Some($errno)),
        }
    };
}

macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        fn main() {
            let mut failed = false;
            for (name, case) in [$((stringify!($name), $name as fn() -> Case)),*] {
                match case() {
                    Ok(()) => println!("ok {name}"),
                    Err(why) => {
                        failed = true;
                        println!("failed {name}: {}:{why}", file!());
                    }
                }
            }
            std::process::exit(failed as i32);
        }
    };
}
