// SPDX-License-Identifier: Apache-2.0
// Operation codes and operands: Python's Lib/pickletools.py.
#include "import/pickle_reader.hpp"

#include "import/invalid_model.hpp"
#include "import/pickle_globals.hpp"
#include "import/pickle_limits.hpp"

#include <bit>
#include <string>

namespace speciesnet::pickle {
namespace {

std::string name_of(const Global& global) {
    return printable(global.module) + "." + printable(global.name);
}

double big_endian_double(std::string_view bytes) {
    std::uint64_t bits = 0;
    for (const char byte : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(byte);
    }
    return std::bit_cast<double>(bits);
}

}  // namespace

NodeId Reader::read() {
    constexpr unsigned char stop = '.';
    for (std::size_t operations = 0; operations < most_operations; ++operations) {
        const auto operation = bytes_.number<std::uint8_t>();
        if (operation == stop) {
            const NodeId result = pop();
            if (!stack_.empty() || !marks_.empty()) {
                invalid_model("the pickle ends with values left over");
            }
            return result;
        }
        execute(operation);
    }
    invalid_model("the pickle has more than " + std::to_string(most_operations) + " operations");
}

void Reader::execute(unsigned char operation) {
    if (execute_constant(operation) || execute_container(operation) ||
        execute_reference(operation)) {
        return;
    }
    switch (operation) {
        case 0x80:  // PROTO
            if (const auto protocol = bytes_.number<std::uint8_t>(); protocol < 2 || protocol > 5) {
                invalid_model("pickle protocol " + std::to_string(protocol) + " is not supported");
            }
            break;
        case 0x95:  // FRAME: a hint for readers of streams
            bytes_.skip(8);
            break;
        case '(':  // MARK
            marks_.push_back(stack_.size());
            break;
        case '0':  // POP
            pop();
            break;
        case '1':  // POP_MARK
            pop_to_mark();
            break;
        case '2':  // DUP
            push(top());
            break;
        default:
            invalid_model("pickle operation " + std::to_string(operation) + " is not supported");
    }
}

bool Reader::execute_constant(unsigned char operation) {
    switch (operation) {
        case 'N':  // NONE
            make(None{});
            return true;
        case 0x88:  // NEWTRUE
            make(true);
            return true;
        case 0x89:  // NEWFALSE
            make(false);
            return true;
        case 'J':  // BININT
            make(std::int64_t{static_cast<std::int32_t>(bytes_.number<std::uint32_t>())});
            return true;
        case 'K':  // BININT1
            make(std::int64_t{bytes_.number<std::uint8_t>()});
            return true;
        case 'M':  // BININT2
            make(std::int64_t{bytes_.number<std::uint16_t>()});
            return true;
        case 0x8a:  // LONG1
            make_long(bytes_.take(bytes_.number<std::uint8_t>()));
            return true;
        case 0x8b:  // LONG4
            make_long(bytes_.take(bytes_.number<std::uint32_t>()));
            return true;
        case 'G':  // BINFLOAT
            make(big_endian_double(bytes_.take(8)));
            return true;
        case 'U':   // SHORT_BINSTRING
        case 0x8c:  // SHORT_BINUNICODE
            make_text(bytes_.number<std::uint8_t>());
            return true;
        case 'T':  // BINSTRING
        case 'X':  // BINUNICODE
            make_text(bytes_.number<std::uint32_t>());
            return true;
        case 0x8d:  // BINUNICODE8
            make_text(bytes_.number<std::uint64_t>());
            return true;
        case 'C':  // SHORT_BINBYTES
            make(Bytes{bytes_.take(bytes_.number<std::uint8_t>())});
            return true;
        case 'B':  // BINBYTES
            make(Bytes{bytes_.take(bytes_.number<std::uint32_t>())});
            return true;
        case 0x8e:  // BINBYTES8
            make(Bytes{bytes_.take(bytes_.number<std::uint64_t>())});
            return true;
        default:
            return false;
    }
}

bool Reader::execute_container(unsigned char operation) {
    switch (operation) {
        case ']':   // EMPTY_LIST
        case 0x8f:  // EMPTY_SET: a set is read as a list
            make(List{});
            return true;
        case 'l':   // LIST
        case 0x91:  // FROZENSET
            make(List{pop_to_mark()});
            return true;
        case ')':  // EMPTY_TUPLE
            make(Tuple{});
            return true;
        case 't':  // TUPLE
            make(Tuple{pop_to_mark()});
            return true;
        case 0x85:  // TUPLE1
        case 0x86:  // TUPLE2
        case 0x87:  // TUPLE3
            make(Tuple{pop_items(operation - 0x84U)});
            return true;
        case '}':  // EMPTY_DICT
            make(Dict{});
            return true;
        case 'd':  // DICT
            make_dict(pop_to_mark());
            return true;
        case 'a':  // APPEND
            append(pop_items(1));
            return true;
        case 'e':   // APPENDS
        case 0x90:  // ADDITEMS
            append(pop_to_mark());
            return true;
        case 's':  // SETITEM
            set_items(pop_items(2));
            return true;
        case 'u':  // SETITEMS
            set_items(pop_to_mark());
            return true;
        default:
            return false;
    }
}

bool Reader::execute_reference(unsigned char operation) {
    switch (operation) {
        case 'c': {  // GLOBAL
            const auto module = bytes_.line();
            make_global({module, bytes_.line()});
            return true;
        }
        case 0x93: {  // STACK_GLOBAL
            const auto names = pop_items(2);
            const auto* module = std::get_if<std::string_view>(&nodes_[names[0]]);
            const auto* name = std::get_if<std::string_view>(&nodes_[names[1]]);
            if (module == nullptr || name == nullptr) {
                invalid_model("the pickle names a global with a value that is not a string");
            }
            make_global({*module, *name});
            return true;
        }
        case 'R':     // REDUCE
        case 0x81: {  // NEWOBJ
            const auto call = pop_items(2);
            make_object(call[0], call[1]);
            return true;
        }
        case 'b':  // BUILD
            set_state(pop());
            return true;
        case 'Q':  // BINPERSID
            make_reference(pop());
            return true;
        case 'q':  // BINPUT
            remember(bytes_.number<std::uint8_t>());
            return true;
        case 'r':  // LONG_BINPUT
            remember(bytes_.number<std::uint32_t>());
            return true;
        case 0x94:  // MEMOIZE
            remember(memo_.size());
            return true;
        case 'h':  // BINGET
            recall(bytes_.number<std::uint8_t>());
            return true;
        case 'j':  // LONG_BINGET
            recall(bytes_.number<std::uint32_t>());
            return true;
        default:
            return false;
    }
}

void Reader::make(Node node) {
    push(static_cast<NodeId>(nodes_.size()));
    nodes_.push_back(std::move(node));
}

NodeId Reader::top() const {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) {
        invalid_model("the pickle uses a value that does not exist");
    }
    return stack_.back();
}

NodeId Reader::pop() {
    const NodeId node = top();
    stack_.pop_back();
    return node;
}

std::vector<NodeId> Reader::pop_items(std::size_t count) {
    std::vector<NodeId> items(count);
    for (std::size_t i = count; i > 0; --i) {
        items[i - 1] = pop();
    }
    return items;
}

std::vector<NodeId> Reader::pop_to_mark() {
    if (marks_.empty()) {
        invalid_model("the pickle collects values without a mark");
    }
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    marks_.pop_back();
    std::vector<NodeId> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    return items;
}

// Only the magic number of legacy files is longer; it is kept as bytes.
void Reader::make_long(std::string_view digits) {
    if (digits.size() > sizeof(std::uint64_t)) {
        return make(Bytes{digits});
    }
    auto value = ByteReader::little_endian<std::uint64_t>(digits);
    const std::size_t bits = 8 * digits.size();
    if (bits > 0 && bits < 64 && ((value >> (bits - 1)) & 1U) != 0) {
        value |= ~std::uint64_t{0} << bits;
    }
    make(static_cast<std::int64_t>(value));
}

void Reader::make_text(std::uint64_t size) {
    make(bytes_.take(size));
}

void Reader::make_dict(std::vector<NodeId> keys_and_values) {
    make(Dict{});
    set_items(keys_and_values);
}

void Reader::append(const std::vector<NodeId>& items) {
    auto* list = std::get_if<List>(&nodes_[top()]);
    if (list == nullptr) {
        invalid_model("the pickle appends to something that is not a list");
    }
    list->items.insert(list->items.end(), items.begin(), items.end());
}

void Reader::set_items(const std::vector<NodeId>& keys_and_values) {
    auto* dict = std::get_if<Dict>(&nodes_[top()]);
    if (dict == nullptr || keys_and_values.size() % 2 != 0) {
        invalid_model("the pickle sets entries of something that is not a dict");
    }
    for (std::size_t i = 0; i < keys_and_values.size(); i += 2) {
        dict->items.emplace_back(keys_and_values[i], keys_and_values[i + 1]);
    }
}

void Reader::make_global(const Global& global) {
    if (!is_known(global)) {
        invalid_model("the pickle names " + name_of(global) +
                      ", which no model package needs; nothing was executed");
    }
    make(global);
}

void Reader::make_object(NodeId callee, NodeId arguments) {
    const auto* global = std::get_if<Global>(&nodes_[callee]);
    const auto* given = std::get_if<Tuple>(&nodes_[arguments]);
    if (global == nullptr || given == nullptr) {
        invalid_model("the pickle calls something that has no name");
    }
    if (is_ordered_dict(*global)) {
        if (!given->items.empty()) {
            invalid_model("the pickle makes an OrderedDict in a way that torch.save does not");
        }
        return make(Dict{});
    }
    if (is_getattr(*global)) {
        const auto* owner =
            given->items.empty() ? nullptr : std::get_if<Global>(&nodes_[given->items[0]]);
        if (owner == nullptr || *owner != torch_functions) {
            invalid_model("the pickle calls getattr on " +
                          (owner == nullptr ? "a value" : name_of(*owner)) +
                          ", which no model package needs; nothing was executed");
        }
    }
    make(Object{callee, arguments, std::nullopt});
}

// Legacy files store the source of each class as a reference: ("module", class, file, source). Only
// the class is needed.
void Reader::make_reference(NodeId key) {
    if (const auto* tuple = std::get_if<Tuple>(&nodes_[key]); tuple && tuple->items.size() == 4) {
        const auto* kind = std::get_if<std::string_view>(&nodes_[tuple->items[0]]);
        if (kind != nullptr && *kind == "module") {
            return push(tuple->items[1]);
        }
    }
    make(Persistent{key});
}

void Reader::set_state(NodeId state) {
    Node& node = nodes_[top()];
    if (auto* object = std::get_if<Object>(&node)) {
        if (object->state) {
            invalid_model("the pickle sets the state of an object twice");
        }
        object->state = state;
    } else if (!std::holds_alternative<Dict>(node)) {
        // The attributes of a dict (an OrderedDict may have some) do not matter for a network.
        invalid_model("the pickle sets the state of something that is not an object");
    }
}

void Reader::remember(std::uint64_t index) {
    if (index >= most_operations) {
        invalid_model("the pickle has memo index " + std::to_string(index));
    }
    if (index >= memo_.size()) {
        memo_.resize(static_cast<std::size_t>(index) + 1);
    }
    memo_[static_cast<std::size_t>(index)] = top();
}

void Reader::recall(std::uint64_t index) {
    if (index >= memo_.size() || !memo_[static_cast<std::size_t>(index)]) {
        invalid_model("the pickle recalls memo " + std::to_string(index) + ", which is empty");
    }
    push(*memo_[static_cast<std::size_t>(index)]);
}

}  // namespace speciesnet::pickle
