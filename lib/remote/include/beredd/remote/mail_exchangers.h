#pragma once
// Where a domain takes its mail (RFC 5321 §5): the names of its hosts, best first.

#include <string>
#include <vector>

#include "beredd/base/random.h"
#include "beredd/base/result.h"
#include "beredd/io/resolver.h"

namespace beredd::remote {

// What an MX answer means for us, without a question asked: the hosts in order of preference,
// shuffled among equals; ourselves (`own_name`) left out, with all that is not better than we are
// (§5.1). Records that cannot be read are passed by. Empty `records` give an empty list: the domain
// itself is the host, if it has an address. Errors: permanent/refused: the domain takes no mail (a
// null MX, RFC 7505; 5.1.10). transient/conflict: we are the best host ourselves, and the mail
// would come back to us.
base::Result<std::vector<std::string>> exchangers_of(const std::string& domain,
                                                     const std::vector<std::string>& records,
                                                     const std::string& own_name,
                                                     base::Random& random);

// Asks for MX, and where there is none for the addresses of the domain itself. Aliases are followed
// by the resolver. An address literal ("[192.0.2.7]") is its own host. Errors, beside those above:
// permanent/not_found (neither MX nor address: 5.1.2); transient/* (DNS has no answer now, a forged
// one too).
io::Task<base::Result<std::vector<std::string>>> find_exchangers(io::Resolver& resolver,
                                                                 std::string domain,
                                                                 std::string own_name,
                                                                 base::Random& random);

}  // namespace beredd::remote
