#include "compile.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "diag.h"
#include "glue.h"
#include "profile.h"
#include "run.h"

/* What generated code needs to keep WebAssembly's meaning (wasm2c's README names the first three),
 * whatever CFLAGS say. clang takes no notice of -fsignaling-nans. */
static const char *const meaning[] = {
    "-fno-optimize-sibling-calls", /* exhausted stacks are noticed by their depth */
    "-fno-fast-math",
    "-ffp-contract=off",    /* no fused multiply-add, which rounds once instead of twice */
    "-fno-strict-aliasing", /* linear memory is read as any type */
    "-fno-strict-overflow",
    "-fstack-clash-protection",     /* no frame jumps over the guard below the stack */
    "-fasynchronous-unwind-tables", /* backtraces of traps */
    "-fno-lto",
};

/* Floating point as wasm2c writes it. */
static const char *const plain_float[] = {
    "-frounding-math",  /* no folding that assumes a rounding mode */
    "-fsignaling-nans", /* signalling NaNs become quiet ones when they are used */
};

/* Once specialised, nothing looks like an operation that could be left out, and nobody sees flags:
 * rt/include/dagger/guest/numeric.h. */
static const char *const specialised_float[] = {
    "-fno-math-errno",
    "-fno-trapping-math",
};

/* gcc can be told that a load may be noticed by its trap alone, and then keeps each of them. That
 * it keeps all of each is rt/include/dagger/guest/memory.h's part. */
static const char *const kept_loads[] = {
    "-fnon-call-exceptions",
    "-fno-delete-dead-exceptions",
    "-DDAGGER_LOADS_ARE_KEPT=1",
};

/* What is good for every guest and may be overridden by CFLAGS. */
static const char *const defaults[] = {
    "-std=gnu11",
    "-ffunction-sections",
    "-fdata-sections",
    "-DNDEBUG",
};

static const char *const link_defaults[] = {
    "-Wl,-z,relro,-z,now", "-Wl,-z,noexecstack", "-Wl,--gc-sections",
    "-Wl,--as-needed",     "-Wl,--eh-frame-hdr", /* backtraces need it; musl-gcc leaves it out */
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void add_each(struct args *args, const char *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        args_add(args, items[i]);
}

/* Engines with SIMD ask for a processor with SSE 4.1 at least; so does an executable with SIMD,
 * unless another processor is named. dagger_start looks whether it is there. */
static const char *const simd_level[] = {"-msse4.2", "-mpopcnt"};

static bool names_processor(const struct compiler *compiler)
{
    bool named = compiler->options->march != NULL;
    const struct args *given[] = {&compiler->cc, &compiler->cflags,
                                  &compiler->options->compiler_args};
    for (size_t i = 0; i < COUNT(given); i++)
        for (size_t j = 0; j < given[i]->count; j++)
            named |= strncmp(given[i]->items[j], "-march=", 7) == 0;
    return named;
}

void compiler_add_flags(const struct compiler *compiler, struct args *argv)
{
    const struct options *options = compiler->options;
    add_each(argv, defaults, COUNT(defaults));
    args_add(argv, compiler->library ? "-fPIC" : "-fPIE");
    if (!compiler->library || compiler->hidden)
        args_add(argv, "-fvisibility=hidden");
    args_add(argv, "-O2");
    args_add_all(argv, &compiler->cflags);
    if (options->level != NULL)
        args_add_format(argv, "-O%s", options->level);
    if (options->debug)
        args_add(argv, "-g");
    add_each(argv, meaning, COUNT(meaning));
    if (compiler->specialised)
        add_each(argv, specialised_float, COUNT(specialised_float));
    else
        add_each(argv, plain_float, COUNT(plain_float));
    if (compiler->specialised && compiler->is_gcc && compiler->memory != MEMORY_CHECKED &&
        !options->relaxed_loads)
        add_each(argv, kept_loads, COUNT(kept_loads));
    if (options->march != NULL)
        args_add_format(argv, "-march=%s", options->march);
    if (compiler->uses_simd && compiler->is_for_x86_64 && !compiler->library &&
        !names_processor(compiler))
        add_each(argv, simd_level, COUNT(simd_level));
    /* The working directory has one name everywhere (see child.c), and goes by "." */
    args_add(argv, "-ffile-prefix-map=/proc/self/cwd=.");
    args_add(argv, "-Iinclude");
    if (options->target != NULL) {
        args_add(argv, "-idirafter");
        args_add(argv, TARGET_INCLUDE);
    }
    args_add_format(argv, "-DDAGGER_WASM2C_VERSION=%d", compiler->wasm2c_version);
    if (compiler->memory == MEMORY_CHECKED)
        args_add(argv, "-DWASM_RT_MEMCHECK_BOUNDS_CHECK=1");
    args_add_all(argv, &options->compiler_args);
}

static bool contains(const struct run_job *job, const char *text)
{
    return job->output != NULL && memmem(job->output, job->output_len, text, strlen(text)) != NULL;
}

/* The command that makes an object or assembly of one file. */
static void add_compilation(const struct compiler *compiler, struct args *argv, const char *name,
                            const char *depth_option, bool assembly)
{
    bool guest = strcmp(name, GLUE_NAME) != 0;
    args_add_all(argv, &compiler->cc);
    if (!guest || !compiler->guest_warnings)
        args_add(argv, "-w"); /* generated code: its unused variables are nobody's concern */
    compiler_add_flags(compiler, argv);
    if (guest)
        args_add_all(argv, &compiler->guest_flags);
    if (depth_option != NULL)
        args_add(argv, depth_option);
    args_add(argv, assembly ? "-S" : "-c");
    args_add_format(argv, "%s.c", name);
    args_add(argv, "-o");
    args_add_format(argv, assembly ? "%s.s" : "%s.o", name);
}

static void note_misfits(size_t misfits)
{
    if (misfits > 0)
        diag_note(
            "the profile does not fit in %zu places, which were compiled as if never counted; "
            "make it again",
            misfits);
}

static void report_compile(const struct compiler *compiler, const struct run_job *job)
{
    if (compiler->uses_simd && job->verdict == RUN_EXITED &&
        contains(job, "simde/wasm/simd128.h")) {
        diag_error("the module uses SIMD, which needs the header <simde/wasm/simd128.h>");
        diag_note("install it (apt install libsimde-dev), or compile the guest without -msimd128");
        return;
    }
    run_report(job);
}

/* clang stops at 256 nested brackets unless it is told otherwise, gcc never does and does not know
 * the option. A block of the module becomes up to three in C. Returns the option, allocated, or
 * NULL. */
static char *find_depth_option(const struct compiler *compiler)
{
    enum { SHALLOW = 80, PER_BLOCK = 3, MORE = 16 };
    if (compiler->deepest_block <= SHALLOW)
        return NULL;
    char *option = alloc_format("-fbracket-depth=%llu",
                                (unsigned long long)compiler->deepest_block * PER_BLOCK + MORE);
    struct run_job job = {.name = "cc"};
    args_add_all(&job.argv, &compiler->cc);
    args_add(&job.argv, option);
    args_add(&job.argv, "-fsyntax-only");
    args_add(&job.argv, "-xc");
    args_add(&job.argv, "/dev/null");
    if (run_ask(&job) != 0) {
        free(option);
        option = NULL;
    }
    run_job_release(&job);
    return option;
}

int compiler_compile(const struct compiler *compiler, const struct args *names, bool assembly)
{
    struct run_job *jobs = alloc_zeroed(names->count * sizeof *jobs);
    char *depth_option = find_depth_option(compiler);
    for (size_t i = 0; i < names->count; i++) {
        jobs[i].name = "cc";
        add_compilation(compiler, &jobs[i].argv, names->items[i], depth_option, assembly);
    }
    int result = run_jobs(jobs, names->count, compiler->at_once, "compiling");
    size_t misfits = 0;
    for (size_t i = 0; i < names->count; i++) {
        if (result != 0)
            report_compile(compiler, &jobs[i]);
        else if (compiler->guest_warnings)
            misfits += profile_misfits(&jobs[i]);
        run_job_release(&jobs[i]);
    }
    note_misfits(misfits);
    free(depth_option);
    free(jobs);
    return result;
}

static int run_one(const char *name, struct args argv, const char *doing)
{
    struct run_job job = {.name = name, .argv = argv};
    int result = run_jobs(&job, 1, 1, doing);
    if (result != 0)
        run_report(&job);
    run_job_release(&job);
    return result;
}

int compiler_assemble(const struct compiler *compiler, const char *name)
{
    struct args argv = ARGS_EMPTY;
    args_add_all(&argv, &compiler->cc);
    args_add(&argv, "-c");
    args_add_format(&argv, "%s.s", name);
    args_add(&argv, "-o");
    args_add_format(&argv, "%s.o", name);
    return run_one("cc", argv, NULL);
}

static void add_objects(struct args *argv, const struct args *names)
{
    args_add(argv, "-o");
    args_add(argv, OUT_FILE);
    for (size_t i = 0; i < names->count; i++)
        args_add_format(argv, "%s.o", names->items[i]);
}

static void report_link(const struct run_job *job)
{
    run_report(job);
    if (contains(job, "libclang_rt.profile"))
        diag_note("clang's runtime for --profile-generate is missing: install it (apt install "
                  "libclang-rt-dev, or libclang-rt-N-dev for clang-N), or compile with gcc");
}

int compiler_link(const struct compiler *compiler, const struct args *names)
{
    struct run_job job = {.name = "link"};
    struct args *argv = &job.argv;
    args_add_all(argv, &compiler->cc);
    if (compiler->options->is_static)
        target_add_static(compiler->options->target, argv);
    else
        args_add(argv, "-pie");
    args_add_all(argv, &compiler->cflags);
    args_add_all(argv, &compiler->options->compiler_args);
    args_add_all(argv, &compiler->link_flags);
    add_each(argv, link_defaults, COUNT(link_defaults));
    args_add_all(argv, &compiler->ldflags);
    add_objects(argv, names);
    args_add_format(argv, "%s/libdagger.a", compiler->places->library);
    args_add(argv, "-lm");
    args_add_all(argv, &compiler->options->linker_args);
    if (compiler->options->is_static)
        target_add_static_end(compiler->options->target, argv);
    int result = run_jobs(&job, 1, 1, "linking");
    if (result != 0)
        report_link(&job);
    run_job_release(&job);
    return result;
}

int compiler_join(const struct compiler *compiler, const struct args *names)
{
    struct args argv = ARGS_EMPTY;
    args_add_all(&argv, &compiler->cc);
    args_add(&argv, "-nostdlib");
    args_add(&argv, "-r");
    add_objects(&argv, names);
    args_add_all(&argv, &compiler->options->linker_args);
    return run_one("link", argv, "linking");
}
