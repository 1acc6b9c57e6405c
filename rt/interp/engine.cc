#include "engine.h"

#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

#include <wabt/binary-reader.h>
#include <wabt/error.h>
#include <wabt/interp/binary-reader-interp.h>

#include "engine_access.h"

using namespace wabt::interp;

namespace
{

/* What the stacks hold at most. A frame of compiled code takes 16 bytes at least, so that 16 MiB of
 * stack have no more frames; a local or operand takes 16 bytes here, and there often none. */
constexpr size_t FRAMES_MAX = size_t{1} << 20;
constexpr size_t VALUES_MAX = size_t{1} << 24;
/* Between two looks at the stack of values no more than these are pushed. */
constexpr size_t VALUES_MARGIN = size_t{1} << 20;
constexpr size_t VALUES_A_CALL = 1024; /* parameters and results have a limit of 1000 */

/* How many frames at either end of a stack are kept of one that will be unwound. */
constexpr size_t KEPT = 32;

constexpr size_t OBJECTS_AT_FIRST_COLLECTION = 100000;

/* An active data segment: written here, because it needs its memory's first pages. */
struct Segment {
    size_t index;
    wabt::Index memory;
    FuncDesc offset;
};

/* An imported function. */
struct Import {
    size_t number; /* of the host's calls */
    std::string name;
    wabt::interp::ValueTypes params;
};

/* The functions of a stack, innermost first: of a deep one only the ends. */
struct Trace {
    std::vector<size_t> inner, outer; /* object numbers */
    size_t count = 0;
};

struct Engine {
    engine_module module;
    engine_host host;
    Store store;
    Thread thread;
    Module::Ptr loaded;
    Instance::Ptr instance;
    Trap::Ptr trap;
    std::vector<Segment> segments;
    std::vector<u64> initial_pages;
    size_t steps_at_once = 1;
    size_t next_collection = OBJECTS_AT_FIRST_COLLECTION;
    Trace thrown;
    std::string message;

    Engine(const engine_module &given, const engine_host &calls, const wabt::Features &features)
        : module(given), host(calls), store(features), thread(store)
    {
    }

    std::vector<Frame> &frames()
    {
        return thread.*member(access::Frames{});
    }
    std::vector<Value> &values()
    {
        return thread.*member(access::Values{});
    }

    void take(ModuleDesc desc);
    bool instantiate();
    bool make_memory(size_t index);
    bool write_segment(const Segment &segment);
    Ref import(const ImportType &type);
    wabt::Result call(const Import &import, const Values &params, Values &results, Trap::Ptr *out);
    bool room_for_frames();
    RunResult steps(u64 count, u64 *done);
    void tidy();
    Trace trace_of_frames();
    bool run(Ref function, const u64 *arguments, u64 *out, u64 *instructions);
};

Engine *engine;

/* Memories whose room beyond their size is fresh from the kernel: zero, and never written. */
std::vector<const Buffer *> fresh;

/* malloc() takes so much from the kernel for itself, and gives it back as it was to nobody else. */
constexpr size_t FRESH_FROM = size_t{64} << 20;

/* Changes what wabt is not to do, or does wrong, before it sees it as a module. */
void Engine::take(ModuleDesc desc)
{
    size_t most = 0;
    for (FuncDesc &function : desc.funcs) {
        u32 locals = function.locals.empty() ? 0 : function.locals.back().end;
        if (locals > most)
            most = locals;
        for (HandlerDesc &handler : function.handlers) {
            /* wabt looks for the address after a call, which may be the first of a try that
             * follows; and it forgets the locals that are below the operands when it cuts the
             * stack. */
            handler.try_start_offset++;
            handler.values += locals;
        }
    }
    steps_at_once = VALUES_MARGIN / (most + VALUES_A_CALL);
    desc.starts.clear();
    for (size_t i = 0; i < desc.datas.size(); i++) {
        DataDesc &data = desc.datas[i];
        if (data.mode != SegmentMode::Active)
            continue;
        segments.push_back(Segment{i, data.memory_index, data.init_func});
        data.mode = SegmentMode::Passive;
    }
    for (MemoryDesc &memory : desc.memories) {
        wabt::Limits &limits = memory.type.limits;
        initial_pages.push_back(limits.initial);
        limits.initial = 0;
        if (limits.max > module.max_pages)
            limits.max = module.max_pages;
    }
    for (TableDesc &table : desc.tables) {
        wabt::Limits &limits = table.type.limits;
        if (limits.max > module.max_elements)
            limits.max = module.max_elements;
    }
    loaded = Module::New(store, std::move(desc));
}

/* A number as the engine has it and as the host has it, by its type. */
u64 bits_of(const Value &value, wabt::Type type)
{
    return type == wabt::Type::I64 || type == wabt::Type::F64 ? value.Get<u64>() : value.Get<u32>();
}

Value value_of(u64 bits, wabt::Type type)
{
    return type == wabt::Type::I64 || type == wabt::Type::F64 ? Value::Make(bits)
                                                              : Value::Make(static_cast<u32>(bits));
}

wabt::Result Engine::call(const Import &import, const Values &params, Values &results,
                          Trap::Ptr *out)
{
    u64 arguments[DAGGER_IMPORT_PARAMETERS] = {};
    for (size_t i = 0; i < params.size() && i < DAGGER_IMPORT_PARAMETERS; i++)
        arguments[i] = bits_of(params[i], import.params[i]);
    engine_call given = {import.number, import.name.c_str(), arguments, nullptr, 0};
    if (module.memory != ENGINE_NONE) {
        Memory::Ptr memory{store, instance->memories()[module.memory]};
        given.memory = memory->UnsafeData();
        given.size = memory->ByteSize();
    }
    uint32_t result = 0;
    const char *words = host.call(&given, &result);
    if (words != nullptr) {
        *out = Trap::New(store, words);
        return wabt::Result::Error;
    }
    if (!results.empty())
        results[0].Set<u32>(result);
    return wabt::Result::Ok;
}

Ref Engine::import(const ImportType &type)
{
    size_t number = 0;
    while (number < host.call_count && type.name != host.calls[number].name)
        number++;
    const FuncType &signature = *wabt::cast<FuncType>(type.type.get());
    Import import{number, type.name, signature.params};
    auto callback = [this, import](Thread &, const Values &params, Values &results,
                                   Trap::Ptr *out) { return call(import, params, results, out); };
    return HostFunc::New(store, signature, callback).ref();
}

/* Room for all the memory may become, so that it never moves and growing allocates nothing: address
 * space only, as much of it as there is. */
bool Engine::make_memory(size_t index)
{
    constexpr size_t page = 65536;
    Memory::Ptr memory{store, instance->memories()[index]};
    wabt::Limits &limits = (memory.get()->*member(access::TypeOfMemory{})).limits;
    Buffer &data = memory.get()->*member(access::MemoryData{});
    u64 initial = initial_pages[index], pages = limits.max > initial ? limits.max : initial;
    for (;;) {
        try {
            data.reserve(pages * page);
            break;
        } catch (const std::exception &) {
            if (pages == initial)
                return false;
            pages = pages / 2 > initial ? pages / 2 : initial;
        }
    }
    limits.max = pages;
    if (pages * page >= FRESH_FROM)
        fresh.push_back(&data);
    return Succeeded(memory->Grow(initial));
}

bool Engine::write_segment(const Segment &segment)
{
    Values offset;
    auto function = DefinedFunc::New(store, instance.ref(), segment.offset);
    if (Failed(function->Call(store, {}, offset, &trap)))
        return false;
    Memory::Ptr memory{store, instance->memories()[segment.memory]};
    DataSegment &data = instance->datas()[segment.index];
    if (Failed(memory->Init(offset[0].Get<u32>(), data, 0, data.size()))) {
        trap = Trap::New(store, "out of bounds memory access: data segment");
        return false;
    }
    data.Drop();
    return true;
}

bool Engine::instantiate()
{
    RefVec imports;
    for (const ImportType &type : loaded->import_types())
        imports.push_back(import(type));
    instance = Instance::Instantiate(store, loaded.ref(), imports, &trap);
    if (!instance)
        return false;
    for (size_t i = 0; i < initial_pages.size(); i++)
        if (!make_memory(i))
            throw std::bad_alloc();
    for (const Segment &segment : segments)
        if (!write_segment(segment))
            return false;
    return true;
}

Trace Engine::trace_of_frames()
{
    Trace trace;
    const std::vector<Frame> &all = frames();
    trace.count = all.size();
    for (size_t i = 0; i < all.size() && i < KEPT; i++)
        trace.inner.push_back(all[all.size() - 1 - i].func.index);
    for (size_t i = all.size() < KEPT ? all.size() : KEPT; i > 0; i--)
        trace.outer.push_back(all[i - 1].func.index);
    return trace;
}

/* What goes wrong if nobody looks for long. No list of references is needed: what they refer to are
 * functions, which the instance keeps. */
void Engine::tidy()
{
    (thread.*member(access::References{})).clear();
    if (module.exceptions && store.object_count() > next_collection) {
        store.Collect();
        next_collection = store.object_count() * 2 + OBJECTS_AT_FIRST_COLLECTION;
    }
}

/* wabt takes the frames that fit for all there may be. One instruction makes two at most. */
bool Engine::room_for_frames()
{
    std::vector<Frame> &all = frames();
    if (all.capacity() - all.size() >= 2)
        return true;
    if (all.capacity() >= FRAMES_MAX)
        return false;
    all.reserve(all.capacity() * 2);
    return true;
}

/* Up to `count` instructions; `*done` counts them. Ok: there are more. */
RunResult Engine::steps(u64 count, u64 *done)
{
    constexpr auto step = member(access::Step{});
    const std::vector<Frame> &active = frames();
    RunResult result = RunResult::Ok;
    u64 left = count;
    while (left > 0 && result == RunResult::Ok) {
        if (active.capacity() - active.size() < 2 && !room_for_frames()) {
            trap = Trap::New(store, "call stack exhausted");
            result = RunResult::Trap;
            break;
        }
        if (module.exceptions) {
            Istream::Offset at = active.back().offset;
            wabt::Opcode op = active.back().mod->desc().istream.Read(&at).op;
            if (op == wabt::Opcode::Throw || op == wabt::Opcode::Rethrow)
                thrown = trace_of_frames();
        }
        result = (thread.*step)(&trap);
        left--;
    }
    *done += count - left;
    return result;
}

bool Engine::run(Ref function, const u64 *arguments, u64 *out, u64 *instructions)
{
    DefinedFunc::Ptr defined{store, function};
    thrown = Trace();
    const auto &params = defined->type().params, &results = defined->type().results;
    for (size_t i = 0; i < params.size(); i++)
        values().push_back(value_of(arguments[i], params[i]));
    RunResult result = (thread.*member(access::PushCall{}))(*defined, &trap);
    while (result == RunResult::Ok) {
        result = steps(steps_at_once, instructions);
        tidy();
        if (result == RunResult::Ok && host.is_over()) {
            trap = Trap::New(store, "stopped");
            result = RunResult::Trap;
        }
        if (result == RunResult::Ok && values().size() > VALUES_MAX) {
            trap = Trap::New(store, "call stack exhausted");
            result = RunResult::Trap;
        }
    }
    if (result == RunResult::Exception)
        trap = Trap::New(store, "uncaught exception");
    if (result != RunResult::Return)
        return false;
    for (size_t i = results.size(); i > 0; i--) {
        out[i - 1] = bits_of(values().back(), results[i - 1]);
        values().pop_back();
    }
    return true;
}

/* Does the work and turns every ending into an outcome. */
template <typename Work> engine_outcome outcome_of(Work work)
{
    engine_outcome outcome = {ENGINE_RETURNED, ""};
    try {
        if (work())
            return outcome;
        outcome.ending = ENGINE_TRAPPED;
        engine->message = engine->trap ? engine->trap->message() : "unknown";
        outcome.message = engine->message.c_str();
    } catch (const std::exception &) {
        outcome.ending = ENGINE_FAILED;
        outcome.message = "out of memory";
    }
    return outcome;
}

} // namespace

/* wabt fills what a memory grows by with zeros. That would touch, for a guest that only might need
 * it, up to 4 GiB that are zero already. What is beyond a memory's size is filled by nothing else.
 */
extern "C" void *__real_memset(void *to, int byte, size_t size);
extern "C" void *__wrap_memset(void *to, int byte, size_t size);

extern "C" void *__wrap_memset(void *to, int byte, size_t size)
{
    constexpr size_t worth_it = 65535; /* a page, less the byte that is filled in another way */
    const uint8_t *begin = static_cast<const uint8_t *>(to);
    if (byte == 0 && size >= worth_it)
        for (const Buffer *memory : fresh)
            if (begin >= memory->data() + memory->size() &&
                begin < memory->data() + memory->capacity())
                return to;
    return __real_memset(to, byte, size);
}

int engine_load(const engine_module *module, const engine_host *host, const char **message)
{
    static std::string text;
    try {
        wabt::Features features;
        features.set_multi_memory_enabled(module->multi_memory);
        features.set_extended_const_enabled(module->extended_const);
        features.set_exceptions_enabled(module->exceptions);
        wabt::ReadBinaryOptions options(features, nullptr, false, true, false);
        wabt::Errors errors;
        ModuleDesc desc;
        wabt::Result read =
            ReadBinaryInterp("guest", module->bytes, module->size, options, &errors, &desc);
        if (Succeeded(read)) {
            engine = new Engine(*module, *host, features);
            engine->take(std::move(desc));
            return 0;
        }
        text = errors.empty() ? "not valid" : errors[0].message;
    } catch (const std::exception &) {
        text = "out of memory";
    }
    *message = text.c_str();
    return -1;
}

engine_outcome engine_instantiate(void)
{
    return outcome_of([] { return engine->instantiate(); });
}

engine_outcome engine_run(uint32_t index, const uint64_t *arguments, uint64_t *results,
                          uint64_t *instructions)
{
    return outcome_of([=] {
        u64 done = 0;
        bool returned = engine->run(engine->instance->funcs()[index], arguments, results, &done);
        *instructions += done;
        return returned;
    });
}

static Global::Ptr fuel_global()
{
    return Global::Ptr{engine->store, engine->instance->globals()[engine->module.fuel_global]};
}

int64_t engine_fuel_left(void)
{
    return static_cast<int64_t>(fuel_global()->UnsafeGet<u64>());
}

void engine_set_fuel(uint64_t left)
{
    fuel_global()->UnsafeSet(Value::Make(left));
}

void engine_frames(void (*frame)(void *argument, uint32_t function), void *argument)
{
    if (!engine->instance)
        return;
    const RefVec &functions = engine->instance->funcs();
    std::unordered_map<size_t, uint32_t> numbers;
    for (size_t i = engine->loaded->import_types().size(); i < functions.size(); i++)
        numbers.emplace(functions[i].index, static_cast<uint32_t>(i));
    Trace trace = engine->frames().empty() ? engine->thrown : engine->trace_of_frames();
    for (size_t i = 0; i < trace.count; i++) {
        size_t from_outermost = trace.count - 1 - i;
        size_t object = i < trace.inner.size() ? trace.inner[i]
                        : from_outermost < trace.outer.size()
                            ? trace.outer[trace.outer.size() - 1 - from_outermost]
                            : trace.inner.back();
        auto found = numbers.find(object);
        if (found != numbers.end())
            frame(argument, found->second);
    }
}

uint64_t engine_memory_size(void)
{
    if (!engine || !engine->instance || engine->module.memory == ENGINE_NONE)
        return 0;
    return Memory::Ptr
    {
        engine->store, engine->instance->memories()[engine->module.memory]
        } -> ByteSize();
}
