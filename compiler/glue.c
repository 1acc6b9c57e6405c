#include "glue.h"

#include <inttypes.h>
#include <stdio.h>

#include "glue_parts.h"
#include "needs.h"
#include "temp.h"

static const char head[] =
    "#include \"start.h\"\n"
    "\n"
    "#include \"about.h\"\n"
    "#include \"functions.h\"\n"
    "#include \"guest.h\"\n"
    "\n"
    "/* daggercc fills this in after linking. */\n"
    "__attribute__((section(DAGGER_FUNCTIONS_SECTION), used, aligned(4)))\n"
    "const unsigned char dagger_guest_functions[%zu] = {0x44, 0x41, 0x47, 0x46};\n"
    "\n"
    "\n";

static const char calls[] = "%s"
                            "\n"
                            "static void instantiate(void *guest, struct w2c_dagger *imports)\n"
                            "{\n"
                            "    (void)guest, (void)imports;\n"
                            "    wasm2c_guest_instantiate(%s%s%s);\n"
                            "}\n"
                            "\n";

static const char entry[] = "static int32_t entry(void *guest)\n"
                            "{\n"
                            "    (void)guest;\n"
                            "    %sw2c_guest_entry(%s%s%s);\n"
                            "%s"
                            "}\n"
                            "\n";

/* What stands before a call's other arguments. */
static const char plain_instance[] = "static w2c_guest instance;\n"
                                     "#define INSTANCE guest\n";
static const char specialised_instance[] = "static char instance;\n"
                                           "#define INSTANCE\n";

static const char initialize[] = "static void initialize(void *guest)\n"
                                 "{\n"
                                 "    w2c_guest_initialize(INSTANCE);\n"
                                 "}\n"
                                 "\n";

static const char memory[] = "static wasm_rt_memory_t *memory(void *guest)\n"
                             "{\n"
                             "    return w2c_guest_memory(INSTANCE);\n"
                             "}\n"
                             "\n";

static const char fuel[] = "static uint64_t exchange_fuel(void *guest, uint64_t left)\n"
                           "{\n"
                           "    (void)guest;\n"
                           "    return w2c_guest_fuel(%s%sleft);\n"
                           "}\n"
                           "\n";

static const char start[] = "static void start(void *guest)\n"
                            "{\n"
                            "    (void)guest;\n"
                            "    w2c_guest_start(INSTANCE);\n"
                            "}\n"
                            "\n";

/* Taking the name here keeps the archive's own definition, and what it needs, out of the link. The
 * kinds that reach outside, and whose source has no other name that is needed. */
static const char without[] = "int %s(const void *host, const void *url, void *out)\n"
                              "{\n"
                              "    (void)host, (void)url, (void)out;\n"
                              "    return -18; /* UNAVAIL */\n"
                              "}\n";
static const char *const of_network[] = {"dagger_http_open", "dagger_tcp_open",
                                         "dagger_gopher_open"};
static const char of_files[] = "dagger_file_open";

static const char profile_head[] = "#include \"profile.h\"\n"
                                   "\n"
                                   "static void ended(void)\n"
                                   "{\n"
                                   "    static const struct dagger_profile profile = {\n"
                                   "        .folder = ";
static const char profile_tail[] = ",\n"
                                   "        .name = \"%s\",\n"
                                   "        .write = dagger_profile_write,\n"
                                   "    };\n"
                                   "    dagger_profile_end(&profile);\n"
                                   "}\n"
                                   "\n";

static const char sandbox[] =
    "static const struct dagger_sandbox sandbox = {\n"
    "    .begin = dagger_sandbox_begin,\n"
    "    .enter = dagger_sandbox_enter,\n"
    "    .required = %d,\n"
    "    .needs = {.root_read = %d, .root_write = %d, .directories = %d, .network = %d,\n"
    "              .listen = %d, .inherited = %d, .ports = %s, .listen_ports = %s},\n"
    "};\n"
    "\n";

static const char tail[] = "int main(int argc, char **argv)\n"
                           "{\n"
                           "    static const struct dagger_guest guest = {\n"
                           "        .size = sizeof(struct dagger_guest),\n"
                           "        .instance = &instance,\n"
                           "        .instantiate = instantiate,\n"
                           "        .initialize = %s,\n"
                           "        .entry = %s,\n"
                           "        .invocation = %s,\n"
                           "        .prepare = %s,\n"
                           "        .directories = directories,\n"
                           "        .environment = environment,\n"
                           "        .about = about,\n"
                           "        .policy = %s,\n"
                           "        .memory = %s,\n"
                           "        .max_memory = %" PRIu64 "u,\n"
                           "        .deny_private = %d,\n"
                           "        .sandbox = %s,\n"
                           "        .limits = LIMITS,\n"
                           "        .table_elements = %" PRIu64 "u,\n"
                           "        .memory_mode = %s,\n"
                           "        .fuel = %" PRIu64 "u,\n"
                           "        .exchange_fuel = %s,\n"
                           "        .start = %s,\n"
                           "        .processor = DAGGER_PROCESSOR,\n"
                           "        .ended = %s,\n"
                           "    };\n"
                           "    return dagger_start(&guest, argc, argv);\n"
                           "}\n";

static const char *separator(const char *before)
{
    return *before != 0 ? ", " : "";
}

static void write_profile(const struct glue *glue, FILE *out)
{
    fputs(profile_head, out);
    if (glue->profile_folder != NULL)
        glue_write_string(glue->profile_folder, out);
    else
        fputs("0", out);
    fprintf(out, profile_tail, glue->profile);
}

/* `ports`: of struct dagger_needs. */
static void write_ports(const char *name, const uint16_t *ports, FILE *out)
{
    if (ports == NULL)
        return;
    fprintf(out, "static const uint16_t %s[] = {", name);
    for (; *ports != 0; ports++)
        fprintf(out, "%u, ", *ports);
    fputs("0};\n", out);
}

static void write_sandbox(bool required, const struct dagger_needs *needs, FILE *out)
{
    write_ports("ports", needs->ports, out);
    write_ports("listen_ports", needs->listen_ports, out);
    fprintf(out, sandbox, required, needs->root_read, needs->root_write, needs->directories,
            needs->network, needs->listen, needs->inherited, needs->ports != NULL ? "ports" : "0",
            needs->listen_ports != NULL ? "listen_ports" : "0");
}

static void write_without(const struct dagger_needs *needs, FILE *out)
{
    for (size_t i = 0; !needs->network && i < sizeof of_network / sizeof *of_network; i++)
        fprintf(out, without, of_network[i]);
    if (!needs->root_read && !needs->root_write)
        fprintf(out, without, of_files);
}

/* The name of the function that gives the guest what it finds at its start. */
static const char *preparation(const struct module *module)
{
    if (!module->imports_wasi)
        return "0";
    return needs_call(module, "wasi_sock_accept") ? "dagger_wasi_prepare_sockets"
                                                  : "dagger_wasi_prepare";
}

static void write_list(const char *name, const struct args *list, FILE *out)
{
    fprintf(out, "static const char *const %s[] = {\n", name);
    for (size_t i = 0; i < list->count; i++) {
        fputs("    ", out);
        glue_write_string(list->items[i], out);
        fputs(",\n", out);
    }
    fputs("    0\n};\n", out);
}

static void write_about(const char *about, FILE *out)
{
    fputs("__attribute__((section(DAGGER_ABOUT_SECTION), used))\nstatic const char about[] = ",
          out);
    glue_write_string(about, out);
    fputs(";\n", out);
}

static const char policy_tail[] =
    "static const struct dagger_policy policy = {.allow = %s, .deny = denied};\n";

static void write_policy(const struct policy *policy, FILE *out)
{
    if (!policy_has_rules(policy))
        return;
    if (policy->only_allowed)
        write_list("allowed", &policy->allow, out);
    write_list("denied", &policy->deny, out);
    fprintf(out, policy_tail, policy->only_allowed ? "allowed" : "0");
}

static void write_limits(const struct dagger_limits *limits, FILE *out)
{
    fputs("#define LIMITS {", out);
#define X(member, ...) fprintf(out, "." #member " = %" PRIu64 "u, ", limits->member);
    DAGGER_LIMITS(X)
#undef X
    fputs("}\n\n", out);
}

static void write_entry(const struct glue *glue, const char *instance, FILE *out)
{
    const struct module *module = glue->module;
    const struct module_functype *type = &module->types[module->function_types[module->entry]];
    bool returns = type->result_count > 0, arguments = type->param_count > 0;
    if (glue->invoke)
        glue_write_invocation(type, instance, out);
    else
        fprintf(out, entry, returns ? "return (int32_t)" : "", instance,
                arguments ? separator(instance) : "", arguments ? "0, 0" : "",
                returns ? "" : "    return 0;\n");
}

int glue_write(const struct glue *glue)
{
    static const char *const modes[] = {
        [MEMORY_FIXED] = "DAGGER_MEMORY_FIXED",
        [MEMORY_GUARD] = "DAGGER_MEMORY_GUARD",
        [MEMORY_CHECKED] = "DAGGER_MEMORY_CHECKED",
    };
    const struct module *module = glue->module;
    FILE *out = temp_create(GLUE_FILE);
    if (out == NULL)
        return -1;
    bool initializes = module->initialize != UINT32_MAX, has_memory = module->memory != UINT32_MAX,
         imports = module->import_count > 0;
    const char *instance = glue->specialised ? "" : "guest";
    fprintf(out, head, glue->function_table);
    glue_write_imports(module, out);
    fprintf(out, calls, glue->specialised ? specialised_instance : plain_instance, instance,
            imports ? separator(instance) : "", imports ? "imports" : "");
    write_entry(glue, instance, out);
    write_limits(glue->limits, out);
    write_list("directories", glue->directories, out);
    write_list("environment", glue->environment, out);
    write_about(glue->about, out);
    write_policy(glue->policy, out);
    fputs(initializes ? initialize : "", out);
    fputs(has_memory ? memory : "", out);
    if (glue->fuel > 0)
        fprintf(out, fuel, instance, separator(instance));
    bool starts = glue->fuel > 0 && module->has_start;
    fputs(starts ? start : "", out);
    struct dagger_needs needs = needs_of_module(module, glue->policy, glue->is_static);
    write_without(&needs, out);
    if (glue->profile != NULL)
        write_profile(glue, out);
    bool sandboxed = glue->sandbox != SANDBOX_OFF && glue->profile == NULL;
    if (sandboxed)
        write_sandbox(glue->sandbox == SANDBOX_REQUIRE, &needs, out);
    fprintf(out, tail, initializes ? "initialize" : "0", glue->invoke ? "0" : "entry",
            glue->invoke ? "&invocation" : "0", preparation(module),
            policy_has_rules(glue->policy) ? "&policy" : "0", has_memory ? "memory" : "0",
            glue->max_memory, glue->deny_private, sandboxed ? "&sandbox" : "0",
            glue->table_elements, modes[glue->memory], glue->fuel,
            glue->fuel > 0 ? "exchange_fuel" : "0", starts ? "start" : "0",
            glue->profile != NULL ? "ended" : "0");
    return temp_close(out, GLUE_FILE);
}
