/* Writes the man page or a shell's completions of daggercc to standard output, from its table of
 * options: dagger_manual man|bash|zsh|fish. Run by the build. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"

/* Text for roff: '-' and '\' are literal, no line starts a request. */
static void print_roff(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text != 0; text++) {
        if (*text == '-' || *text == '\\')
            putchar('\\');
        putchar(*text == '\\' ? 'e' : *text);
    }
}

static const char man_head[] =
    ".TH DAGGERCC 1 \"\" \"dagger " DAGGER_VERSION "\" \"User commands\"\n"
    ".SH NAME\n"
    "daggercc \\- compile a WebAssembly module to a native executable\n"
    ".SH SYNOPSIS\n"
    ".B daggercc\n"
    "[\\fIOPTION\\fR]... \\fIMODULE\\fR\n"
    ".SH DESCRIPTION\n"
    "Turns a WebAssembly module, binary (.wasm) or text (.wat), into one executable. The guest in\n"
    "it reaches the world only by the five calls open, close, read, write and flush on streams of\n"
    "data. A \\fIMODULE\\fR of \\- is read from standard input. Options may stand before and "
    "after\n"
    "the module; \\-\\- ends them. An option's argument may follow as a word of its own, but for\n"
    "those whose argument is shown in brackets or joined to them.\n"
    ".SH OPTIONS\n";

static const char man_tail[] =
    ".SH EXIT STATUS\n"
    ".TP\n0\nThe output was written.\n"
    ".TP\n1\nIt could not be made; nothing was written under its name.\n"
    ".TP\n2\nThe command line is wrong.\n"
    ".PP\n"
    "An executable's own status is what its guest returns, or 134 after a trap.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B CC\nThe C compiler and its arguments, such as \\(oqccache gcc\\(cq.\n"
    ".TP\n.BR CFLAGS \", \" LDFLAGS\nArguments for compiling and linking. What would change the\n"
    "module's meaning, such as \\-ffast\\-math, has no effect here.\n"
    ".TP\n.B DAGGER_WASM2C\nThe wasm2c to use.\n"
    ".TP\n.B TMPDIR\nWhere temporary files go; default /tmp.\n"
    ".TP\n.B SOURCE_DATE_EPOCH\nHanded to the compiler. The output depends neither on time nor on\n"
    "where it is made.\n"
    ".PP\n"
    "Nothing is ever coloured, so NO_COLOR has no work to do.\n"
    ".SH FILES\n"
    "Headers, runtime and wasm2c are found beside the program, in ../include, ../lib/dagger\n"
    "and ../share/dagger; \\-\\-version prints them. Tools run in the temporary folder: names in\n"
    "\\-Wc and \\-Wl arguments should be absolute.\n"
    ".SH EXAMPLES\n"
    ".nf\n"
    "daggercc app.wasm && ./app\n"
    "daggercc \\-O3 \\-s \\-o app app.wat\n"
    "daggercc \\-c \\-o codec.o codec.wasm\n"
    "curl https://example.org/app.wasm | daggercc \\-o app \\-\n"
    ".fi\n"
    ".SH SEE ALSO\n"
    ".BR cc (1),\n.BR wasm2c (1)\n";

static void print_man(void)
{
    fputs(man_head, stdout);
    for (size_t group = 0; group < OPTION_GROUP_COUNT; group++) {
        printf(".SS %s\n", option_groups[group]);
        for (size_t i = 0; i < OPTION_COUNT; i++) {
            const struct option_row *row = &option_rows[i];
            char written[64], help[200];
            if (row->group != group)
                continue;
            options_format(row, written, sizeof written);
            fputs(".TP\n.B ", stdout);
            print_roff(written);
            snprintf(help, sizeof help, "%c%s.", row->help[0], row->help + 1);
            putchar('\n');
            print_roff(help);
            putchar('\n');
            print_roff(row->manual);
            fputs(*row->manual != 0 ? "\n" : "", stdout);
        }
    }
    fputs(man_tail, stdout);
}

/* The name as it is typed before its argument: "--emit=" */
static void print_name(const struct option_row *row)
{
    fputs(row->name, stdout);
    if (row->argument == ARGUMENT_EQUALS)
        putchar('=');
}

static void print_values(const char *values, const char *between)
{
    for (; *values != 0; values++)
        if (*values == '|')
            fputs(between, stdout);
        else
            putchar(*values);
}

static void print_bash(void)
{
    fputs("# bash completion for daggercc\n"
          "_daggercc()\n"
          "{\n"
          "    local cur=$2 prev=$3 option=\n"
          "    COMPREPLY=()\n"
          "    [[ $cur == = ]] && cur=\n"
          "    if [[ $prev == = ]]; then\n"
          "        option=${COMP_WORDS[COMP_CWORD-2]}\n"
          "    elif [[ $cur != -* ]]; then\n"
          "        option=$prev\n"
          "    fi\n"
          "    case $option in\n",
          stdout);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        if (row->argument == ARGUMENT_NONE || row->argument == ARGUMENT_JOINED)
            continue;
        printf("    %s) ", row->name);
        if (row->values != NULL) {
            fputs("COMPREPLY=($(compgen -W '", stdout);
            print_values(row->values, " ");
            fputs("' -- \"$cur\")); return ;;\n", stdout);
        } else {
            static const char *const how[] = {":", "compopt -o default", "compopt -o dirnames",
                                              "COMPREPLY=($(compgen -c -- \"$cur\"))"};
            /* --save-temps alone is followed by the module */
            printf("%s; return ;;\n", how[row->completion]);
        }
    }
    fputs("    esac\n"
          "    if [[ $cur == -* ]]; then\n"
          "        COMPREPLY=($(compgen -W '",
          stdout);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        if (row->argument == ARGUMENT_JOINED && row->values != NULL) {
            for (const char *value = row->values; *value != 0; value++)
                if (*value != '|')
                    printf("%s%c ", row->name, *value);
        } else {
            print_name(row);
            putchar(' ');
        }
    }
    fputs("' -- \"$cur\"))\n"
          "        [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n"
          "    else\n"
          "        compopt -o plusdirs\n"
          "        COMPREPLY=($(compgen -f -X '!*.@(wasm|wat)' -- \"$cur\"))\n"
          "    fi\n"
          "}\n"
          "complete -F _daggercc daggercc\n",
          stdout);
}

static void print_zsh(void)
{
    static const char *const how[] = {"", "_files", "_directories", "_command_names"};
    fputs("#compdef daggercc\n_arguments \\\n", stdout);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        static const char *const mark[] = {"", "+", "-", "=", "=-"};
        printf("  '%s%s[%s]", row->name, mark[row->argument], row->help);
        if (row->argument != ARGUMENT_NONE)
            printf("%s:%s:", row->argument == ARGUMENT_OPTIONAL ? ":" : "", row->metavar);
        if (row->values != NULL) {
            putchar('(');
            print_values(row->values, " ");
            putchar(')');
        } else if (row->argument != ARGUMENT_NONE) {
            fputs(how[row->completion], stdout);
        }
        fputs("' \\\n", stdout);
    }
    fputs("  '1:module:_files -g \"*.(wasm|wat)\"'\n", stdout);
}

static void print_fish(void)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &option_rows[i];
        bool is_long = row->name[1] == '-';
        bool needs = row->argument == ARGUMENT_FOLLOWS || row->argument == ARGUMENT_EQUALS;
        size_t name_len = strcspn(row->name + 1 + is_long, "=,");
        const char *kind = is_long ? "-l" : name_len > 1 ? "-o" : "-s";
        printf("complete -c daggercc %s '%.*s' -d '%s'", kind, (int)name_len,
               row->name + 1 + is_long, row->help);
        fputs(needs ? " -r" : "", stdout);
        if (row->values != NULL) {
            fputs(" -f -a '", stdout);
            print_values(row->values, " ");
            putchar('\'');
        }
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*print)(void);
    } kinds[] = {
        {"man", print_man}, {"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
    for (size_t i = 0; argc == 2 && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(argv[1], kinds[i].name) == 0) {
            kinds[i].print();
            return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        }
    fputs("usage: dagger_manual man|bash|zsh|fish\n", stderr);
    return 2;
}
