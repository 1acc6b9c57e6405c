const dagger = @import("dagger.zig");

fn run() dagger.Error!void {
    const out = try dagger.Stream.open("stdout://");
    try out.writeAll("hello from Zig\n");
    try out.close();
}

export fn dagger_main() i32 {
    run() catch return 1;
    return 0;
}
