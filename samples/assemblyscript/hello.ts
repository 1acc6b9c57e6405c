import { Stream } from "./dagger";

export function dagger_main(): i32 {
  const out = new Stream("stdout://");
  if (out.sd < 0) return 1;
  out.print("hello from AssemblyScript\n");
  return out.close() < 0 ? 1 : 0;
}
