// std::env, std::time, std::thread::sleep, std::io of Rust.

include!("case.rs");

use std::collections::HashMap;
use std::io::{self, BufRead, Read, Write};
use std::time::{Duration, Instant, SystemTime};
use std::{env, thread};

fn arguments() -> Case {
    let given: Vec<_> = env::args().skip(1).collect();
    equal!(given, ["a", "b c"]);
    Ok(())
}

fn environment() -> Case {
    equal!(ok!(env::var("CASE_SHARED")), "for guests");
    equal!(ok!(env::var("CASE_GIVEN")), "given");
    equal!(env::var("CASE_SECRET").is_err(), true);
    equal!(env::vars().count(), 2);
    Ok(())
}

fn day() -> Case {
    let since = ok!(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH));
    equal!(since > Duration::from_secs(1_600_000_000), true);
    Ok(())
}

fn instants() -> Case {
    let before = Instant::now();
    thread::sleep(Duration::from_millis(3));
    equal!(before.elapsed() >= Duration::from_millis(3), true);
    Ok(())
}

fn standard_input() -> Case {
    let mut line = String::new();
    let mut input = io::stdin().lock();
    ok!(input.read_line(&mut line));
    equal!(line, "from stdin");
    equal!(ok!(input.read(&mut [0; 8])), 0);
    Ok(())
}

fn standard_output() -> Case {
    ok!(io::stdout().write_all(b"printed\n"));
    ok!(io::stdout().flush());
    ok!(io::stderr().write_all(b"complained\n"));
    Ok(())
}

/// Its keys come from random_get.
fn hash_map() -> Case {
    let squares: HashMap<_, _> = (0..100).map(|n| (n, n * n)).collect();
    equal!(squares[&12], 144);
    Ok(())
}

cases!(
    arguments,
    environment,
    day,
    instants,
    standard_input,
    standard_output,
    hash_map,
);
