// What `ticket list --search` asks for, answered from an index on a real disk.

#include "control_house.h"

namespace beredd::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class TicketSearch : public ControlHouse {
 protected:
  TicketSearch() {
    services.indexing = &indexing_;
    indexing_.start();
  }
  ~TicketSearch() override {
    indexing_.stop();
    world.run_for(std::chrono::seconds(1));
  }

  // Takes a letter in, a second after the one before; it is searched for three seconds later.
  void take(const std::string& subject, const std::string& body) {
    take_in(letter(subject, body));
    indexing_.wake();
    world.run_for(std::chrono::seconds(3));
  }
  std::vector<std::uint64_t> found(const std::string& words) {
    std::vector<std::uint64_t> ids;
    for (const Json& ticket : get("/v1/tickets?search=" + words).json())
      ids.push_back(ticket["id"]);
    return ids;
  }

  service::Indexing indexing_{context,
                              *pool_,
                              {[this] {
                                 return search::open_index(
                                     folder_.path() / "search",
                                     vault::Key(std::array<std::byte, vault::Key::kSize>{}),
                                     world.random());
                               },
                               [this] { return search::discard_index(folder_.path() / "search"); }},
                              world.executor()};
};

TEST_F(TicketSearch, ListsNewestFirstWhatSaysAllWords) {
  take("printers", "They burn\r\n");
  take("invoice", "The printer's one\r\n");
  take("holiday", "Nothing else\r\n");
  EXPECT_THAT(found("printer"), ElementsAre(2, 1));
  EXPECT_THAT(found("printer invoices"), ElementsAre(2));
  EXPECT_THAT(found("printer holiday"), IsEmpty());
  EXPECT_THAT(found("ann@example.net"), ElementsAre(3, 2, 1));
}

TEST_F(TicketSearch, GoesTogetherWithTheOtherRestrictions) {
  take("printers", "They burn\r\n");
  take("printers", "They smoke\r\n");
  EXPECT_THAT(found("printer&limit=1"), ElementsAre(2));
  EXPECT_THAT(found("printer&state=new&custody=primary"), ElementsAre(2, 1));
  EXPECT_THAT(found("printer&state=closed"), IsEmpty());
  EXPECT_THAT(found("printer&desk=billing"), IsEmpty());
}

TEST_F(TicketSearch, PhrasesAreVerifiedInTheMails) {
  take("one", "the printer burns again\r\n");
  take("two", "again it burns, the printer\r\n");
  EXPECT_THAT(found("printer burns"), ElementsAre(2, 1));
  EXPECT_THAT(found("\"printer burns\""), ElementsAre(1));
  EXPECT_THAT(found("\"burn\""), IsEmpty());
}

TEST_F(TicketSearch, ABadQueryIs400InWords) {
  const Reply reply = get("/v1/tickets?search=\"open");
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.json()["error"], HasSubstr("never closed"));
}

TEST_F(TicketSearch, StatusSaysHowManyMailsItDoesNotKnow) {
  take("known", "yes\r\n");
  take_in(letter("unknown"));
  EXPECT_EQ(get("/v1/status").json()["unindexed"], 1);
  indexing_.wake();
  world.run_for(std::chrono::seconds(3));
  EXPECT_EQ(get("/v1/status").json()["unindexed"], 0);
}

}  // namespace
}  // namespace beredd::control
