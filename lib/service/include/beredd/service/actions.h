#pragma once
// What staff do to tickets by hand. Each action is one transaction, with a journal entry for each
// ticket that it touches: all of it happens, or nothing.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "beredd/io/task.h"
#include "beredd/service/context.h"
#include "beredd/ticket/changes.h"

namespace beredd::service {

// A ticket as somebody saw it: `if_updated` is what its `updated` must still be.
struct Seen {
  base::TicketId ticket;
  std::optional<base::Instant> if_updated = {};
};

struct ChangeOrder {
  std::vector<Seen> tickets;
  ticket::Changes changes;
  std::string who;
  bool bulk = false;      // kept for undo(), as that of more than one ticket always is
  bool take_over = true;  // false: a ticket that another person has is not taken from them
};

struct NoteOrder {
  std::vector<base::TicketId> tickets;
  std::string text;
  std::string who;
};

struct MergeOrder {
  std::vector<Seen> tickets;  // go up in `into`
  base::TicketId into;
  std::string who;
  std::string why = {};
};

struct SplitOrder {
  Seen ticket;
  base::MessageId message;
  std::string who;
  std::string why = {};
};

struct Undone {
  std::string what;  // what was undone, in words
  base::Instant at{};
  std::vector<base::TicketId> tickets;
  struct Left {
    base::TicketId ticket;
    std::string why;
  };
  std::vector<Left> left;  // that others changed since, or that went up in others
};

// Any strand. Errors of all: permanent/invalid, /not_found, /conflict; they name every ticket (of
// many, the first few) that stands in the way, and nothing was done. Of the store.
class Actions {
 public:
  static constexpr std::size_t kMostTickets = 10'000;  // at once
  static constexpr std::size_t kMostMoved = 5'000;     // messages of a ticket that goes up
  static constexpr std::size_t kLongestNote = 256 * 1024;

  // `postponed` is told when a ticket is to open by itself at a time. It may be empty.
  Actions(Context& context, std::function<void()> postponed);

  // The tickets as they are now; of two numbers of one ticket once.
  io::Task<base::Result<std::vector<ticket::Ticket>>> change(ChangeOrder order);
  // Takes back the last bulk action of `who`, once. Errors: permanent/not_found: there is none.
  io::Task<base::Result<Undone>> undo(std::string who);
  // The same text to each of them: a message each, in the order asked for.
  io::Task<base::Result<std::vector<base::MessageId>>> note(NoteOrder order);
  // The ticket that is left.
  io::Task<base::Result<ticket::Ticket>> merge(MergeOrder order);
  // The new ticket, which the message, its copies and what of them waits are in. The two are
  // linked. permanent/conflict also when the message is all that the ticket has.
  io::Task<base::Result<ticket::Ticket>> split(SplitOrder order);

 private:
  Context& context_;
  std::function<void()> postponed_;
};

}  // namespace beredd::service
