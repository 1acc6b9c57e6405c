/* Man page and completions from a table of options: see manual.h. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "manual.h"

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

static void print_man(const struct manual *manual)
{
    fputs(manual->head, stdout);
    for (size_t group = 0; group < manual->line->group_count; group++) {
        printf(".SS %s\n", manual->line->groups[group]);
        for (size_t i = 0; i < manual->line->count; i++) {
            const struct option_row *row = &manual->line->rows[i];
            char written[64], help[200];
            if (row->group != group)
                continue;
            option_format(row, written, sizeof written);
            fputs(".TP\n.B ", stdout);
            print_roff(written);
            putchar('\n');
            snprintf(help, sizeof help, "%s.\n", row->help);
            print_roff(*row->help != 0 ? help : "");
            print_roff(row->manual);
            fputs(*row->manual != 0 ? "\n" : "", stdout);
        }
    }
    fputs(manual->tail, stdout);
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

static void print_bash(const struct manual *manual)
{
    const char *program = manual->line->program;
    printf("# bash completion for %s\n_%s()\n", program, program);
    fputs("{\n"
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
    for (size_t i = 0; i < manual->line->count; i++) {
        const struct option_row *row = &manual->line->rows[i];
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
    for (size_t i = 0; i < manual->line->count; i++) {
        const struct option_row *row = &manual->line->rows[i];
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
          "}\n",
          stdout);
    printf("complete -F _%s %s\n", program, program);
}

static void print_zsh(const struct manual *manual)
{
    static const char *const how[] = {"", "_files", "_directories", "_command_names"};
    printf("#compdef %s\n_arguments \\\n", manual->line->program);
    for (size_t i = 0; i < manual->line->count; i++) {
        const struct option_row *row = &manual->line->rows[i];
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

static void print_fish(const struct manual *manual)
{
    for (size_t i = 0; i < manual->line->count; i++) {
        const struct option_row *row = &manual->line->rows[i];
        bool is_long = row->name[1] == '-';
        bool needs = row->argument == ARGUMENT_FOLLOWS || row->argument == ARGUMENT_EQUALS;
        size_t name_len = strcspn(row->name + 1 + is_long, "=,");
        const char *kind = is_long ? "-l" : name_len > 1 ? "-o" : "-s";
        printf("complete -c %s %s '%.*s' -d '%s'", manual->line->program, kind, (int)name_len,
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

int manual_main(const struct manual *manual, int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*print)(const struct manual *manual);
    } kinds[] = {
        {"man", print_man}, {"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
    for (size_t i = 0; argc == 2 && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(argv[1], kinds[i].name) == 0) {
            kinds[i].print(manual);
            return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        }
    fputs("usage: manual man|bash|zsh|fish\n", stderr);
    return 2;
}
