#pragma once
// What senders mean by the names of charsets that they write.

#include <string>
#include <string_view>

namespace beredd::mail {

// The charset that `label`, in any case and spelling, is taken for: a name of ICU's or iconv's in
// lower case. The vendors' supersets stand for the standards (as the WHATWG has them): nobody who
// writes iso-8859-1 means its C1 controls. Empty for labels that name nothing: "x-unknown", "8bit".
std::string meant_by(std::string_view label);

// Whether `name` is one of the charsets that ICU does not know and the C library's iconv does. Only
// these are asked of iconv: what else a mail names must not make it look for files.
bool is_of_iconv(std::string_view name);

// Loads iconv's modules for all of these, so that converting opens no file afterwards.
void load_iconv();

}  // namespace beredd::mail
