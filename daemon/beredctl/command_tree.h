#pragma once
// The tree of commands, as CLI11 has it; each group of them is grown in a file of its own. Only
// arguments.cc and those files see CLI11: it costs 8 seconds to compile.

#include "command.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <CLI/CLI.hpp>
#pragma GCC diagnostic pop

namespace beredd::beredctl {

inline constexpr std::uint64_t kMostListed = 100'000;
inline constexpr std::uint64_t kLargestId = std::uint64_t{1} << 62;

// Builds the tree of commands; each leaf, when it is the one, leaves its value in `chosen`.
class Tree {
 public:
  explicit Tree(Command& chosen) : chosen_(chosen) {}

  void grow(CLI::App& app);

 private:
  static CLI::App& group(CLI::App& parent, const std::string& name, const std::string& help) {
    CLI::App* app = parent.add_subcommand(name, help);
    app->require_subcommand(1);
    return *app;
  }

  // The value lives as long as the tree, because CLI11 writes into it.
  template <typename T>
  std::pair<std::shared_ptr<T>, CLI::App*> leaf(CLI::App& parent, const std::string& name,
                                                const std::string& help) {
    auto value = std::make_shared<T>();
    CLI::App* app = parent.add_subcommand(name, help);
    app->callback([this, value] { chosen_ = *value; });
    return {value, app};
  }

  static void add_limit(CLI::App& app, std::uint64_t& limit) {
    app.add_option("--limit", limit, "At most so many")
        ->check(CLI::Range(std::uint64_t{1}, kMostListed));
  }

  // CLI11 would read -1 as a very large number.
  static void add_id(CLI::App& app, const std::string& name, std::uint64_t& id,
                     const std::string& help = {}) {
    app.add_option(name, id, help)->required()->check(CLI::Range(std::uint64_t{1}, kLargestId));
  }

  // --- command_tree_ticket.cc
  void grow_ticket(CLI::App& tickets);
  void grow_actions(CLI::App& tickets);
  void grow_regrouping(CLI::App& tickets);
  void grow_bulk(CLI::App& tickets);
  void grow_sharing(CLI::App& tickets);
  static void add_ids(CLI::App& app, TicketIds& ids);
  std::pair<std::shared_ptr<ChangeTickets>, CLI::App*> change_leaf(CLI::App& tickets,
                                                                   const char* name,
                                                                   const char* help);
  static void check_bulk(const BulkChange& bulk);

  // --- command_tree_letter.cc
  void grow_letter(CLI::App& tickets, LetterKind kind, const std::string& name,
                   const std::string& help);
  void grow_outgoing(CLI::App& outgoing);
  void grow_notices(CLI::App& app);
  static void add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                           const std::string& help);

  // --- command_tree_people.cc
  void grow_people(CLI::App& app);

  // --- command_tree_primary.cc
  void grow_failover(CLI::App& failover);
  void grow_check(CLI::App& checks);
  void grow_handback(CLI::App& handback);
  void grow_quarantine(CLI::App& quarantine);

  // --- arguments.cc
  void grow_message(CLI::App& messages);
  void grow_config(CLI::App& config);
  void grow_sandbox(CLI::App& app);

  Command& chosen_;
};

}  // namespace beredd::beredctl
