#include "text.h"

#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>

#include <wabt/binary-writer.h>
#include <wabt/error-formatter.h>
#include <wabt/ir.h>
#include <wabt/stream.h>
#include <wabt/validator.h>
#include <wabt/wast-lexer.h>
#include <wabt/wast-parser.h>

namespace
{

/* More than can be run, so that a refusal comes from our reader, with a remedy. */
wabt::Features features()
{
    wabt::Features all;
    all.enable_exceptions();
    all.enable_extended_const();
    all.enable_memory64();
    all.enable_multi_memory();
    all.enable_relaxed_simd();
    all.enable_tail_call();
    all.enable_threads();
    return all;
}

int hand_out(const void *bytes, size_t size, uint8_t **out, size_t *out_size)
{
    *out = static_cast<uint8_t *>(std::malloc(size ? size : 1));
    *out_size = *out ? size : 0;
    if (*out)
        std::memcpy(*out, bytes, size);
    return *out ? 0 : -1;
}

} // namespace

int text_parse(const char *name, const uint8_t *text, size_t size, uint8_t **out, size_t *out_size)
{
    *out = nullptr;
    *out_size = 0;
    try {
        wabt::Errors errors;
        std::unique_ptr<wabt::Module> module;
        auto lexer = wabt::WastLexer::CreateBufferLexer(name, text, size, &errors);
        wabt::WastParseOptions options(features());
        bool good = Succeeded(ParseWatModule(lexer.get(), &module, &errors, &options)) &&
                    Succeeded(ValidateModule(module.get(), &errors, features()));
        wabt::MemoryStream stream;
        if (good) {
            wabt::WriteBinaryOptions how;
            how.features = features();
            how.write_debug_names = true;
            good = Succeeded(WriteBinaryModule(&stream, module.get(), how));
        }
        if (good) {
            const auto &bytes = stream.output_buffer().data;
            return hand_out(bytes.data(), bytes.size(), out, out_size);
        }
        auto lines = lexer->MakeLineFinder();
        std::string message = FormatErrorsToString(errors, wabt::Location::Type::Text, lines.get());
        hand_out(message.data(), message.size(), out, out_size);
    } catch (const std::exception &) {
    }
    return -1;
}
