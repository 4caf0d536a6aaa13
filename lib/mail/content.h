#pragma once
// What a part's header says of its content.

#include "skeleton.h"

#include <string_view>

namespace beredd::mail {

// `otherwise` is the type of a part that names none: text/plain, in a digest message/rfc822.
Content content_of(const HeaderSlice& header, std::string_view otherwise, Defects& defects);

// The boundary that the type names, also where its parameters are a wreck. Empty: none.
std::string boundary_of(const HeaderSlice& header, const Content& content);

}  // namespace beredd::mail
