// std::fs and std::io of Rust.

include!("case.rs");

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::time::{Duration, SystemTime};

const EXIST: i32 = 20;
const ISDIR: i32 = 31;
const NOENT: i32 = 44;
const NOTDIR: i32 = 54;
const NOTEMPTY: i32 = 55;
const PERM: i32 = 63;

fn read_whole_file() -> Case {
    equal!(ok!(fs::read_to_string("file")), "0123456789");
    equal!(ok!(fs::read("/dir/inner")), b"inner\n");
    Ok(())
}

fn write_and_read_back() -> Case {
    ok!(fs::write("rs-file", "one\ntwo\n"));
    let lines: Vec<_> = BufReader::new(ok!(File::open("rs-file"))).lines().flatten().collect();
    equal!(lines, ["one", "two"]);
    Ok(())
}

fn append() -> Case {
    ok!(fs::write("rs-append", "a"));
    let mut file = ok!(OpenOptions::new().append(true).open("rs-append"));
    ok!(file.write_all(b"b"));
    equal!(ok!(fs::read("rs-append")), b"ab");
    Ok(())
}

fn create_new() -> Case {
    ok!(OpenOptions::new().write(true).create_new(true).open("rs-new"));
    fails!(OpenOptions::new().write(true).create_new(true).open("rs-new"), EXIST);
    Ok(())
}

fn seek() -> Case {
    let mut file = ok!(File::open("file"));
    equal!(ok!(file.seek(SeekFrom::End(-3))), 7);
    let mut rest = String::new();
    ok!(file.read_to_string(&mut rest));
    equal!(rest, "789");
    equal!(ok!(file.seek(SeekFrom::Current(-10))), 0);
    equal!(file.seek(SeekFrom::Current(-1)).is_err(), true);
    Ok(())
}

fn set_len_and_sync() -> Case {
    let file = ok!(File::create("rs-len"));
    ok!(file.set_len(1234));
    ok!(file.sync_all());
    ok!(file.sync_data());
    equal!(ok!(file.metadata()).len(), 1234);
    Ok(())
}

fn metadata() -> Case {
    let data = ok!(fs::metadata("link-file"));
    equal!((data.is_file(), data.len()), (true, 10));
    equal!(ok!(fs::symlink_metadata("link-file")).file_type().is_symlink(), true);
    equal!(ok!(fs::metadata("dir")).is_dir(), true);
    let age = SystemTime::now().duration_since(ok!(data.modified()));
    equal!(age.map_or(true, |age| age < Duration::from_secs(3600)), true);
    Ok(())
}

fn errors() -> Case {
    fails!(File::open("nowhere"), NOENT);
    fails!(File::open("file/x"), NOTDIR);
    fails!(fs::read_dir("file"), NOTDIR);
    fails!(fs::remove_file("hollow"), ISDIR);
    fails!(fs::remove_dir("dir"), NOTEMPTY);
    fails!(fs::create_dir("dir"), EXIST);
    fails!(fs::read("dir"), ISDIR);
    Ok(())
}

fn outside() -> Case {
    fails!(File::open("link-out"), PERM);
    fails!(File::open("link-absolute"), PERM);
    fails!(File::create("link-out-new"), PERM);
    fails!(fs::read_dir("link-out-dir"), PERM);
    fails!(fs::remove_file("link-out-dir/secret"), PERM);
    equal!(File::open("../outside/secret").is_err(), true);
    equal!(File::open("/../outside/secret").is_err(), true);
    Ok(())
}

fn list() -> Case {
    let mut names: Vec<_> = ok!(fs::read_dir("many"))
        .flatten()
        .map(|entry| entry.file_name().into_string().unwrap_or_default())
        .collect();
    names.sort();
    equal!(names.len(), 100);
    equal!((names[0].as_str(), names[99].as_str()), ("f00", "f99"));
    Ok(())
}

fn make_and_remove_all() -> Case {
    ok!(fs::create_dir_all("rs-a/b/c"));
    for n in 0..300 {
        ok!(fs::write(format!("rs-a/b/{n}"), "x"));
    }
    ok!(fs::remove_dir_all("rs-a"));
    fails!(fs::metadata("rs-a"), NOENT);
    Ok(())
}

fn rename_copy_and_link() -> Case {
    ok!(fs::write("rs-from", "text"));
    ok!(fs::rename("rs-from", "rs-to"));
    fails!(fs::metadata("rs-from"), NOENT);
    equal!(ok!(fs::copy("rs-to", "rs-copy")), 4);
    ok!(fs::hard_link("rs-to", "rs-hard"));
    equal!(ok!(fs::read_to_string("rs-hard")), "text");
    let target = ok!(fs::read_link("link-file"));
    equal!(target.to_str(), Some("file"));
    Ok(())
}

fn large_file() -> Case {
    let data: Vec<u8> = (0..1u32 << 20).map(|n| (n.wrapping_mul(2654435761) >> 24) as u8).collect();
    ok!(fs::write("rs-large", &data));
    equal!(ok!(fs::read("rs-large")) == data, true);
    Ok(())
}

cases!(
    read_whole_file,
    write_and_read_back,
    append,
    create_new,
    seek,
    set_len_and_sync,
    metadata,
    errors,
    outside,
    list,
    make_and_remove_all,
    rename_copy_and_link,
    large_file,
);
