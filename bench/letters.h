#pragma once
// Support mail made up for measuring: conversations in four languages, with quotes and references.

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace beredd::bench {

// The raw bytes of letter `turn` (counted from 0) of conversation `number` with the desk
// at `to`: 2 to 6 KiB, CRLF.
std::string letter(std::uint64_t number, int turn, std::string_view to, std::mt19937_64& dice);

// Who writes in it.
std::string customer(std::uint64_t number);

}  // namespace beredd::bench
