"""A wasm2c that keeps its answers: what it says of a module does not depend on the C compiler, and
starting node takes longer than most translations."""

import re
import shlex

SCRIPT = """#!/bin/sh
# Answers as wasm2c {version}, from what that answered before if it can.
set -u
case $1 in
--version) echo {version} && exit ;;
--help) exec {real} "$@" ;;
esac
output='' previous=''
for word; do
    [ "$previous" != -o ] || output=${{word%.c}}
    previous=$word
done
key=$( (printf '%s\\n' "$@" && cat "$0" "$word") | sha256sum)
answer={folder}/${{key%% *}}
if [ ! -e "$answer" ]; then
    new=$answer.$$
    mkdir "$new" || exit 3
    {real} "$@" >"$new/messages" 2>&1
    status=$?
    if [ "$status" -eq 0 ]; then
        for file in "$output.c" "$output.h" "$output"_[0-9]*.c; do
            [ ! -e "$file" ] || cp "$file" "$new" || exit 3
        done
    elif [ "$status" -ne 1 ]; then # not an answer
        cat "$new/messages" >&2
        rm -r "$new"
        exit "$status"
    fi
    echo "$status" >"$new/status"
    mv -T "$new" "$answer" 2>/dev/null || rm -r "$new"
fi
cat "$answer/messages" >&2
read -r status <"$answer/status"
if [ "$status" -eq 0 ]; then
    cp "$answer"/*.[ch] "$(dirname "$output")" || exit 3
fi
exit "$status"
"""


def write_caching_wasm2c(tools, folder, answers):
    """Makes it in `folder`, and returns its name: for daggercc's --wasm2c. Other runs may use the folder
    `answers` at the same time."""
    number = re.search(r"-DDAGGER_WASM2C_VERSION=(\d+)", shlex.join(tools.cc)).group(1)
    script = folder / "wasm2c"
    answers.mkdir(parents=True, exist_ok=True)
    words = {
        "version": f"1.0.{int(number) - 1000}",
        "real": shlex.join(tools.wasm2c),
        "folder": shlex.quote(str(answers)),
    }
    script.write_text(SCRIPT.format(**words))
    script.chmod(0o755)
    return script
