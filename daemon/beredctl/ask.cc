#include "ask.h"

#include <istream>
#include <iterator>
#include <ostream>

#include "beredd/base/text.h"

namespace beredd::beredctl {

base::Result<bool> confirm(Session& session, std::string_view question) {
  if (session.in == nullptr || !session.person) {
    return base::permanent(base::Code::refused,
                           "nobody is there to be asked; --yes does it without a question");
  }
  session.err << question << " [y/N] " << std::flush;
  std::string line;
  if (!std::getline(*session.in, line)) return false;
  const std::string answer = base::lower(base::trim(line));
  return answer == "y" || answer == "yes";
}

std::string typed(Session& session, std::string_view what) {
  if (session.in == nullptr) return {};
  if (session.person) session.err << what << "; end it with Ctrl-D on a line of its own:\n";
  return {std::istreambuf_iterator<char>(*session.in), {}};
}

}  // namespace beredd::beredctl
