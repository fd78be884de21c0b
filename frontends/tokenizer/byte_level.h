// GPT-2's way to write a token's bytes as text, used by tokenizer.json, vocab.json and merges.txt: each byte
// is one character. Printable bytes of Latin-1 stand for themselves, the other 68 for U+0100, U+0101, ... in
// their order.
#pragma once
#include <string>
#include <string_view>

namespace weft {

// All 256 bytes in the order of their characters: the order of Hugging Face's alphabet, hence of its ids.
std::string ByteLevelAlphabet();
std::string ToByteLevel(std::string_view bytes);
// False if `text` holds a character that stands for no byte, or is not UTF-8.
bool FromByteLevel(std::string_view text, std::string* bytes);

}  // namespace weft
