#include "daemon.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "beredd/base/log.h"
#include "beredd/store/lmdb_store.h"
#include "beredd/vault/key.h"

namespace beredd::daemon {

using base::Result;
using base::Status;

namespace {

// Of the low-water mark; twice the reserve must fit below it, see store/reserve.h.
constexpr std::uint64_t kReserveShare = 4;
constexpr base::Bytes kMostReserve = base::mebibytes(16);
// Of the low-water mark, too: bursts of mail go into the log, and small disks have small ones.
constexpr std::uint64_t kLogShare = 4;
constexpr base::Bytes kLeastLog = base::mebibytes(4);
constexpr base::Bytes kMostLog = base::mebibytes(64);

// The configured key, or the store's own, which is made at the first start.
Result<vault::Key> master_key(const config::Node& node, base::Random& random) {
  if (node.key_file) return vault::read_key(*node.key_file);
  const auto own = node.state / "master.key";
  auto key = vault::read_key(own);
  if (key || key.error().code != base::Code::not_found) return key;
  if (std::filesystem::exists(node.state / "data.mdb")) {
    return base::permanent(
        base::Code::not_found,
        fmt::format("{}: there is a store, but its key is gone; restore the key from "
                    "where it is kept apart, or move the store away",
                    own.string()));
  }
  base::log_warning(
      "made a master key at {}: it lies beside the data that it seals; keep a copy elsewhere, "
      "and use node.key_file to keep it apart",
      own.string());
  return vault::create_key(own, random);
}

}  // namespace

Status Daemon::open_store() {
  std::error_code code;
  std::filesystem::create_directories(config_->node.state, code);
  if (code) {
    return base::permanent(base::Code::io,
                           fmt::format("{}: the state directory cannot be made: {}",
                                       config_->node.state.string(), code.message()));
  }
  std::filesystem::permissions(config_->node.state, std::filesystem::perms::owner_all, code);
  auto key = master_key(config_->node, random_);
  if (!key) return key.error();
  store::LmdbOptions options;
  options.directory = config_->node.state;
  options.map_size = config_->node.map_size;
  options.reserve =
      std::min(kMostReserve, base::Bytes(config_->node.low_water.count() / kReserveShare));
  options.intake_log =
      std::clamp(base::Bytes(config_->node.low_water.count() / kLogShare), kLeastLog, kMostLog);
  auto store = store::open_lmdb(options, *key, random_);
  if (!store) return store.error();
  store_ = std::move(*store);
  search_key_ = std::make_unique<vault::Key>(vault::derive(*key, "search"));
  writer_ = std::make_unique<store::Writer>(*store_, store::WriterLimits{}, metrics_);
  committer_ = io::group_committer(*writer_);
  return {};
}

}  // namespace beredd::daemon
