# Markdown of a manual page out of docs/abi.md: of its section on stream kinds if `streams` is 1, else of
# all the others. `about` is the one line that whatis shows.
BEGIN {
    printf "# NAME\n\n%s - %s\n\n", name, about
    on = !streams
}
/^## / { on = ($0 == "## Stream kinds") == streams }
# The first line is the description's heading, the others' are a level higher than there.
on && !described { print "# DESCRIPTION"; described = 1; next }
on { sub(/^##/, "#"); print }
END { printf "\n# SEE ALSO\n\n%s\n", also }
