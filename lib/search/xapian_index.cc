#include "xapian_index.h"

#include "numbers.h"
#include "postings.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "beredd/vault/seal.h"

namespace beredd::search {

using base::Result;
using base::Status;

namespace {

constexpr std::string_view kVersion = "1";
constexpr int kAttempts = 5;  // of a reader whom the writer overtakes
constexpr Xapian::docid kMostTicket = 0xffff'fffe;

base::Error error_of(const Xapian::Error& error) {
  const std::string type = error.get_type();
  std::string detail = fmt::format("the search index: {}: {}", type, error.get_msg());
  const char* system = error.get_error_string();
  if (system != nullptr) detail += fmt::format(" ({})", system);
  if (type == "DatabaseCorruptError" || type == "DatabaseVersionError" ||
      type == "DatabaseNotFoundError" || type == "SerialisationError") {
    return base::permanent(base::Code::corrupt, std::move(detail));
  }
  const bool full = system != nullptr && std::string_view(system) == std::strerror(ENOSPC);
  return base::transient(full ? base::Code::store_full : base::Code::io, std::move(detail));
}

// Runs `work`, which throws what Xapian throws.
template <typename Work>
Status walled(Work work) {
  try {
    work();
    return {};
  } catch (const Xapian::Error& error) {
    return error_of(error);
  }
}

std::string check_of(const vault::Key& key) {
  const vault::Blind blind = vault::blind(key, "check");
  return {reinterpret_cast<const char*>(blind.data()), blind.size()};
}

vault::Key terms_key(const vault::Key& key, std::string_view salt) {
  return vault::derive(key, "terms", salt);
}

void set_position(Xapian::WritableDatabase& database, const Position& position) {
  database.set_metadata("last", numbers::written(position.last.value()));
  database.set_metadata("passed_over", numbers::written(position.passed_over));
  database.set_metadata("mark", position.mark);
}

Position position_of(const Xapian::Database& database) {
  Position position;
  const auto last = numbers::read<base::MessageId>(database.get_metadata("last"));
  if (last.size() != 1) throw Xapian::DatabaseCorruptError("it does not say how far it has come");
  position.last = last.front();
  position.passed_over = numbers::read<base::MessageId>(database.get_metadata("passed_over"));
  position.mark = database.get_metadata("mark");
  return position;
}

}  // namespace

Status XapianIndex::make(const std::filesystem::path& folder, const vault::Key& key,
                         base::Random& random) {
  std::string salt(16, '\0');
  random.fill(std::as_writable_bytes(std::span(salt)));
  return walled([&] {
    Xapian::WritableDatabase database(folder.string(),
                                      Xapian::DB_CREATE | Xapian::DB_BACKEND_GLASS);
    database.set_metadata("version", std::string(kVersion));
    database.set_metadata("salt", salt);
    database.set_metadata("check", check_of(terms_key(key, salt)));
    set_position(database, {});
    database.commit();
  });
}

Result<std::unique_ptr<Index>> XapianIndex::open(const std::filesystem::path& folder,
                                                 const vault::Key& key) {
  std::unique_ptr<Index> index;
  bool ours = false;
  const Status opened = walled([&] {
    Xapian::Database database(folder.string());
    vault::Key terms = terms_key(key, database.get_metadata("salt"));
    ours = database.get_metadata("version") == kVersion &&
           database.get_metadata("check") == check_of(terms);
    if (!ours) return;
    index = std::make_unique<XapianIndex>(folder, std::move(terms), position_of(database));
  });
  if (!opened) {
    // What cannot be opened, though it is there, is not worth a second try.
    return base::permanent(base::Code::corrupt, opened.error().detail);
  }
  if (!ours) {
    return base::permanent(base::Code::corrupt,
                           "the search index was written under another key, or by another version");
  }
  return index;
}

XapianIndex::XapianIndex(std::filesystem::path folder, vault::Key key, Position position)
    : folder_(std::move(folder)), key_(std::move(key)), position_(std::move(position)) {}

Position XapianIndex::position() const {
  const std::lock_guard lock(mutex_);
  return position_;
}

vault::Key XapianIndex::key() const { return vault::derive(key_, "hidden"); }

void XapianIndex::put(base::TicketId id, const Addition& addition) {
  const auto number = static_cast<Xapian::docid>(id.value());
  Xapian::Document document;
  std::vector<base::MessageId> messages;
  if (!addition.anew && number <= writable_->get_lastdocid()) {
    try {
      document = writable_->get_document(number);
      messages = numbers::read<base::MessageId>(document.get_data());
    } catch (const Xapian::DocNotFoundError&) {
      document = Xapian::Document();
    }
  }
  for (const Term term : addition.terms) document.add_boolean_term(numbers::term(term));
  messages.insert(messages.end(), addition.messages.begin(), addition.messages.end());
  std::sort(messages.begin(), messages.end());
  messages.erase(std::unique(messages.begin(), messages.end()), messages.end());
  document.set_data(numbers::written(messages));
  writable_->replace_document(number, document);
}

void XapianIndex::write(const Batch& batch) {
  if (!writable_) writable_.emplace(folder_.string(), Xapian::DB_OPEN);
  writable_->begin_transaction();
  for (const base::TicketId id : batch.erased) {
    if (id.value() > kMostTicket) continue;
    try {
      writable_->delete_document(static_cast<Xapian::docid>(id.value()));
    } catch (const Xapian::DocNotFoundError&) {
      continue;
    }
  }
  for (const auto& [id, addition] : batch.tickets) {
    if (id.value() <= kMostTicket) put(id, addition);
  }
  set_position(*writable_, batch.position);
  writable_->commit_transaction();
}

Status XapianIndex::apply(const Batch& batch) {
  Status written = walled([&] { write(batch); });
  if (!written) {
    // It may hold half of the batch; the files hold nothing of it.
    const Status closed = walled([&] { writable_.reset(); });
    if (!closed) return closed;
    return written;
  }
  const std::lock_guard lock(mutex_);
  position_ = batch.position;
  return {};
}

Status XapianIndex::compact() {
  const std::filesystem::path fresh = folder_.string() + ".new";
  const std::filesystem::path old = folder_.string() + ".old";
  std::error_code code;
  std::filesystem::remove_all(fresh, code);
  Status made = walled([&] {
    Xapian::Database(folder_.string()).compact(fresh.string(), Xapian::DBCOMPACT_NO_RENUMBER);
    writable_.reset();
  });
  if (!made) return made;
  const std::lock_guard lock(mutex_);
  readable_.reset();
  // A crash between the two leaves no index: it is made anew.
  std::filesystem::rename(folder_, old, code);
  if (!code) std::filesystem::rename(fresh, folder_, code);
  if (code) {
    return base::permanent(base::Code::corrupt,
                           fmt::format("the search index could not be replaced by its compacted "
                                       "self: {}",
                                       code.message()));
  }
  std::filesystem::remove_all(old, code);
  if (code) {
    return base::transient(base::Code::io, fmt::format("{}: {}", old.string(), code.message()));
  }
  return {};
}

// A snapshot lasts until the writer's second commit after it; then the query begins again.
template <typename Query>
auto XapianIndex::read(Query query) const
    -> Result<decltype(query(std::declval<Xapian::Database&>()))> {
  const std::lock_guard lock(mutex_);
  for (int attempt = 1;; ++attempt) {
    try {
      if (!readable_) readable_.emplace(folder_.string());
      readable_->reopen();
      return query(*readable_);
    } catch (const Xapian::DatabaseModifiedError& error) {
      if (attempt == kAttempts) return error_of(error);
    } catch (const Xapian::Error& error) {
      readable_.reset();
      return error_of(error);
    }
  }
}

Result<std::vector<base::TicketId>> XapianIndex::find(
    std::span<const std::vector<Term>> all_of) const {
  std::vector<TermSet> sets;
  for (const std::vector<Term>& any_of : all_of) {
    TermSet set;
    for (const Term term : any_of) set.push_back(numbers::term(term));
    sets.push_back(std::move(set));
  }
  return read([&](Xapian::Database& database) {
    std::vector<base::TicketId> tickets;
    for (const Xapian::docid id : documents_with(database, sets)) tickets.emplace_back(id);
    return tickets;
  });
}

Result<std::vector<base::TicketId>> XapianIndex::tickets(base::TicketId after,
                                                         std::size_t limit) const {
  return read([&](Xapian::Database& database) {
    std::vector<base::TicketId> tickets;
    if (after.value() >= kMostTicket) return tickets;
    auto at = database.postlist_begin("");
    const auto end = database.postlist_end("");
    if (at != end) at.skip_to(static_cast<Xapian::docid>(after.value() + 1));
    for (; at != end && tickets.size() < limit; ++at) tickets.emplace_back(*at);
    return tickets;
  });
}

Result<std::vector<base::MessageId>> XapianIndex::messages_of(base::TicketId id) const {
  return read([&](Xapian::Database& database) -> std::vector<base::MessageId> {
    if (!id || id.value() > kMostTicket) return {};
    try {
      const auto document = database.get_document(static_cast<Xapian::docid>(id.value()));
      return numbers::read<base::MessageId>(document.get_data());
    } catch (const Xapian::DocNotFoundError&) {
      return {};
    }
  });
}

base::Bytes XapianIndex::room() const {
  std::error_code code;
  const auto space = std::filesystem::space(folder_, code);
  return base::Bytes(code ? 0 : space.available);
}

}  // namespace beredd::search
