/* The members of wabt's classes that the engine needs and wabt has no way to: an explicit
 * instantiation may name private members (C++17, 13.9.2), so that this is C++ as it is written
 * down, though nothing that wabt promises. Included by engine.cc only. */
#ifndef DAGGER_RT_INTERP_ENGINE_ACCESS_H
#define DAGGER_RT_INTERP_ENGINE_ACCESS_H

#include <wabt/interp/interp.h>

namespace access
{

using wabt::interp::Buffer;
using wabt::interp::DefinedFunc;
using wabt::interp::Frame;
using wabt::interp::Memory;
using wabt::interp::MemoryType;
using wabt::interp::RunResult;
using wabt::interp::Thread;
using wabt::interp::Trap;
using wabt::interp::Value;

/* member(NAME{}) is the pointer to the member. */
template <typename Name, typename Name::type pointer> struct Open {
    friend constexpr typename Name::type member(Name)
    {
        return pointer;
    }
};

#define ACCESS(Name, pointer, ...)                                                                 \
    struct Name {                                                                                  \
        using type = __VA_ARGS__;                                                                  \
        friend constexpr type member(Name);                                                        \
    };                                                                                             \
    template struct Open<Name, pointer>

using PushCallType = RunResult (Thread::*)(const DefinedFunc &, Trap::Ptr *);
using StepType = RunResult (Thread::*)(Trap::Ptr *);

ACCESS(Frames, &Thread::frames_, std::vector<Frame> Thread::*);
ACCESS(Values, &Thread::values_, std::vector<Value> Thread::*);
ACCESS(References, &Thread::refs_, std::vector<wabt::interp::u32> Thread::*);
ACCESS(PushCall, &Thread::PushCall, PushCallType);
ACCESS(Step, &Thread::StepInternal, StepType);
ACCESS(MemoryData, &Memory::data_, Buffer Memory::*);
ACCESS(TypeOfMemory, &Memory::type_, MemoryType Memory::*);

#undef ACCESS

} // namespace access

#endif
