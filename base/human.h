// Numbers as people read them.
#pragma once
#include <cstdint>
#include <string>

namespace weft {

std::string HumanCount(double count);       // "999", "0.25", "12.3k", "22.7M", "1.24G", "3.00T": three digits
std::string GroupedDigits(int64_t count);   // "22,696,448"
std::string HumanBytes(double bytes);       // "512 B", "1.50 KiB", "29.1 MiB", "4.00 GiB"
std::string HumanDuration(double seconds);  // "0:07", "12:34", "1:02:03", "2d 03:04:05"; "?" if not finite

}  // namespace weft
