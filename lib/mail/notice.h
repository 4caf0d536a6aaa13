#pragma once
// What a person should be told of a mail that its own text does not say.

#include "body.h"
#include "defects.h"
#include "skeleton.h"

#include <string>

namespace beredd::mail {

// Lines to stand below the text: an invitation summarised (RFC 5545), an attachment that is kept
// elsewhere (RFC 2046 §5.2.3), and a piece of a longer mail (§5.2.2). Signatures and encryption
// (RFC 1847, RFC 3156, RFC 8551) are named in `defects`.
std::string notices_of(const Skeleton& skeleton, const Body& body, Defects& defects);

// Takes the armour of a text that is clear-signed in itself (RFC 9580 §7) away, and says so; the
// same of text that is encrypted stays as it stands.
std::string without_pgp_armour(std::string text, Defects& defects);

}  // namespace beredd::mail
