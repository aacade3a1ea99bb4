/* json_in.cc - JSON text to a flat list of events, by simdjson.  With number.cc the only C++ of the house: nothing
** thrown leaves this file, and nothing of ours is called from it. */
#include "base/json_in.h"
#include <new>
#define SIMDJSON_EXCEPTIONS 0 /* results as values; only memory can still throw */
#include <simdjson.h>
#include <vector>

namespace {

constexpr size_t KEEP_BYTES =
    8u << 20;  // one huge document must not hold a thread's memory for ever

struct reader {
    simdjson::dom::parser parser{};
    std::vector<json_event> events;
    size_t largest = 0;
};

const char *words_for(simdjson::error_code code) {
    switch (code) {
    case simdjson::TAPE_ERROR:
        return "the structure is broken (a bracket, comma, colon or value is missing or misplaced)";
    case simdjson::STRING_ERROR:
        return "a text has a wrong escape or a control character";
    case simdjson::T_ATOM_ERROR:
        return "a word beginning with t is not true";
    case simdjson::F_ATOM_ERROR:
        return "a word beginning with f is not false";
    case simdjson::N_ATOM_ERROR:
        return "a word beginning with n is not null";
    case simdjson::NUMBER_ERROR:
        return "a number is malformed or too large";
    case simdjson::UTF8_ERROR:
        return "the bytes are not UTF-8";
    case simdjson::EMPTY:
        return "there is nothing but blanks";
    case simdjson::UNESCAPED_CHARS:
        return "a text has a control character that is not escaped";
    case simdjson::UNCLOSED_STRING:
        return "a text is not closed with a quote";
    case simdjson::CAPACITY:
        return "it is larger than 4 GB";
    default:
        return "it is not valid JSON";
    }
}

json_event event(json_event_kind kind) {
    json_event e{};
    e.kind = kind;
    return e;
}

json_event text_event(json_event_kind kind, std::string_view s) {
    json_event e = event(kind);
    e.text = s.data();
    e.size = s.size();
    return e;
}

/* The kind has been asked before: the answer cannot be an error. */
template <class T> T value_of(simdjson::dom::element v) {
    T out{};
    return v.get(out) ? T{} : out;
}

json_event scalar(simdjson::dom::element v) {
    using simdjson::dom::element_type;
    json_event e{};
    switch (v.type()) {
    case element_type::INT64:
        e.kind = EVENT_INT;
        e.i = value_of<int64_t>(v);
        e.num = static_cast<double>(e.i);
        break;
    case element_type::UINT64:
        e.kind = EVENT_NUM;
        e.num = static_cast<double>(value_of<uint64_t>(v));
        break;
    case element_type::DOUBLE:
        e.kind = EVENT_NUM;
        e.num = value_of<double>(v);
        break;
    case element_type::STRING:
        return text_event(EVENT_TEXT, value_of<std::string_view>(v));
    case element_type::BOOL:
        e.kind = EVENT_BOOL;
        e.i = value_of<bool>(v);
        break;
    default:
        e.kind = EVENT_NULL;
    }
    return e;
}

/* Recursion no deeper than depth_max, which is 64. */
bool walk(std::vector<json_event> &out, simdjson::dom::element v, size_t depth_left) {
    simdjson::dom::array list;
    simdjson::dom::object object;
    if (!v.is_object() && !v.is_array()) {
        out.push_back(scalar(v));
        return true;
    }
    if (depth_left == 0) return false;
    if (!v.get(list)) {
        out.push_back(event(EVENT_ARRAY));
        for (auto child : list)
            if (!walk(out, child, depth_left - 1)) return false;
    } else if (!v.get(object)) {
        out.push_back(event(EVENT_OBJECT));
        for (auto field : object) {
            out.push_back(text_event(EVENT_KEY, field.key));
            if (!walk(out, field.value, depth_left - 1)) return false;
        }
    }
    out.push_back(event(EVENT_END));
    return true;
}

json_events_result read(reader &r, const char *text, size_t size, size_t depth_max) {
    json_events_result out{};
    r.events.clear();
    r.largest = size > r.largest ? size : r.largest;
    if (size > r.parser.capacity() || r.parser.max_depth() != depth_max + 2) {
        auto code = r.parser.allocate(size < 4096 ? 4096 : size, depth_max + 2);
        if (code)
            return out.wrong = words_for(code), out.no_memory = code == simdjson::MEMALLOC, out;
    }
    simdjson::dom::element root;
    auto code = r.parser.parse(text, size, true).get(root);
    out.no_memory = code == simdjson::MEMALLOC;
    out.too_deep = code == simdjson::DEPTH_ERROR || (!code && !walk(r.events, root, depth_max));
    if (out.too_deep)
        out.wrong = "it is nested too deeply";
    else if (code)
        out.wrong = words_for(code);
    out.events = r.events.data();
    out.n = r.events.size();
    return out;
}

}  // namespace

json_events_result json_events(const char *text, size_t size, size_t depth_max) {
    static thread_local reader mine;
    try {
        if (mine.largest > KEEP_BYTES) mine = reader{};
        return read(mine, text, size, depth_max);
    } catch (...) {
        json_events_result none{};
        none.wrong = "the machine has no memory left for it";
        none.no_memory = 1;
        return none;
    }
}
