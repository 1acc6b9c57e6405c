import { Stream } from "dagger";
import { words } from "./words";

export function dagger_main(): i32 {
  return new Stream("stdout://").print(words()) < 0 ? 1 : 0;
}
