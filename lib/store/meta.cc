#include "meta.h"

#include "upgrade.h"

#include "beredd/base/digest.h"
#include "beredd/vault/hash_chain.h"

namespace beredd::store {
namespace {

constexpr std::string_view kVersionKey = "version";
constexpr std::string_view kInstanceKey = "instance";
constexpr std::string_view kCheckKey = "check";
constexpr std::string_view kOpensKey = "opens";
constexpr std::string_view kCountersKey = "counters";
constexpr std::string_view kCheckText = "beredd";
constexpr std::size_t kInstanceBytes = 4;
// An opening's numbers are opens ‖ 40 bits, so this many openings have numbers of their own.
constexpr std::uint64_t kMaxOpens = (std::uint64_t{1} << 24) - 1;

base::Error damaged(std::string_view key) {
  return base::permanent(base::Code::corrupt,
                         "the row \"" + std::string(key) + "\" of table meta is damaged");
}

base::Result<std::uint64_t> number(const Tables& tables, std::string_view key) {
  std::optional<std::string_view> row = tables.get(Table::meta, key);
  if (!row || row->size() != 8) return damaged(key);
  return u64_at(*row, 0);
}

void make(Tables& tables, base::Random& random) {
  std::array<std::byte, kInstanceBytes> instance{};
  random.fill(instance);
  tables.put(Table::meta, kVersionKey, KeyBytes().u64(kVersion));
  tables.put(Table::meta, kInstanceKey,
             {reinterpret_cast<const char*>(instance.data()), instance.size()});
  tables.put(Table::meta, kOpensKey, KeyBytes().u64(0));
  tables.put_sealed(Table::meta, kCheckKey, kCheckText);
  put_counters(tables, Counters{0, 0, 0, vault::chain_start()});
}

base::Status check_key(const Tables& tables) {
  base::Result<std::optional<std::string>> check = tables.get_sealed(Table::meta, kCheckKey);
  if (check && !*check) return damaged(kCheckKey);
  if (!check || **check != kCheckText) {
    return base::permanent(base::Code::corrupt,
                           "the key given is not the master key of this store: point "
                           "node.key_file at the key it was made with");
  }
  return {};
}

base::Status upgrade_to_ours(Tables& tables) {
  base::Result<std::uint64_t> version = number(tables, kVersionKey);
  if (!version) return version.error();
  if (*version == kVersion) return {};
  auto from = static_cast<std::uint32_t>(std::min<std::uint64_t>(*version, UINT32_MAX));
  if (base::Status status = upgrade(tables, from, kVersion, upgrade_steps()); !status) {
    return status;
  }
  tables.put(Table::meta, kVersionKey, KeyBytes().u64(kVersion));
  return tables.status();
}

}  // namespace

base::Result<Identity> open_meta(Tables& tables, base::Random& random) {
  if (!tables.has(Table::meta, kVersionKey)) {
    if (tables.rows(Table::meta) + tables.rows(Table::messages) > 0) return damaged(kVersionKey);
    make(tables, random);
  }
  // The version first: a newer one may keep its key check elsewhere. The key before the upgrade,
  // which needs it.
  base::Result<std::uint64_t> version = number(tables, kVersionKey);
  if (!version) return version.error();
  if (*version <= kVersion) {
    if (base::Status status = check_key(tables); !status) return status.error();
  }
  if (base::Status status = upgrade_to_ours(tables); !status) return status.error();
  base::Result<std::uint64_t> opens = number(tables, kOpensKey);
  if (!opens) return opens.error();
  if (*opens >= kMaxOpens) {
    return base::permanent(base::Code::unsupported, "the store was opened too often");
  }
  std::optional<std::string_view> instance = tables.get(Table::meta, kInstanceKey);
  if (!instance || instance->size() != kInstanceBytes) return damaged(kInstanceKey);
  Identity identity{base::to_hex(std::as_bytes(std::span(*instance))), *opens + 1};
  tables.put(Table::meta, kOpensKey, KeyBytes().u64(identity.opens));
  if (base::Status status = tables.status(); !status) return status.error();
  return identity;
}

base::Result<Counters> read_counters(const Tables& tables) {
  base::Result<std::optional<std::string>> record = tables.get_sealed(Table::meta, kCountersKey);
  if (!record) return record.error();
  if (!*record) return damaged(kCountersKey);
  return decode_counters(**record);
}

void put_counters(Tables& tables, const Counters& counters) {
  tables.put_sealed(Table::meta, kCountersKey, encode(counters));
}

}  // namespace beredd::store
