#include "desk_house.h"

namespace beredd::beredctl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Asking = DeskModel::Asking;
using View = DeskModel::View;

void type(DeskModel& model, std::string_view text) {
  for (const char c : text) EXPECT_THAT(model.press(letter(std::string(1, c))), IsEmpty());
}

TEST(DeskModel, BeginsWithItsDesksQueue) {
  EXPECT_THAT(told(DeskModel("support", {}).begin()), ElementsAre("queue ?limit=500&desk=support"));
  EXPECT_THAT(told(DeskModel("", {}).begin()), ElementsAre("queue ?limit=500"));
}

TEST(DeskModel, MovesWithinTheQueue) {
  DeskModel model = open_desk();
  model.press(letter("k"));
  EXPECT_EQ(model.chosen(), 0u);
  model.press(letter("j"));
  model.press(key(Key::down));
  model.press(key(Key::down));
  EXPECT_EQ(model.chosen(), 2u);
  model.press(letter("g"));
  EXPECT_EQ(model.chosen(), 0u);
  model.press(key(Key::end));
  EXPECT_EQ(model.chosen(), 2u);
  model.press(key(Key::page_up));
  EXPECT_EQ(model.chosen(), 0u);
}

TEST(DeskModel, StaysOnItsTicketWhenOthersComeAndGo) {
  DeskModel model = open_desk();
  model.press(letter("j"));
  auto queue = desk_queue();
  queue.insert(queue.begin(), desk_ticket(1045, "new", "Dag"));
  model.loaded(queue);
  EXPECT_EQ(model.queue()[model.chosen()].id, 1043u);
  queue.erase(queue.begin() + 2);
  model.loaded(queue);
  EXPECT_LT(model.chosen(), queue.size());
  model.loaded(std::vector<api::Ticket>());
  EXPECT_EQ(model.chosen(), 0u);
  model.press(key(Key::down));
  EXPECT_THAT(model.press(key(Key::enter)), IsEmpty());
  EXPECT_EQ(model.words(), "There is no ticket here.");
}

TEST(DeskModel, KeepsTheChosenOneInSight) {
  DeskModel model("", {});
  std::vector<api::Ticket> queue;
  for (std::uint64_t id = 1; id <= 100; ++id) queue.push_back(desk_ticket(id, "x", "y"));
  model.resize({24, 80});
  model.loaded(queue);
  model.press(letter("G"));
  EXPECT_EQ(model.queue_top(), 80u);
  model.press(key(Key::page_up));
  EXPECT_EQ(model.chosen(), 79u);
  EXPECT_EQ(model.queue_top(), 79u);
  model.resize({10, 80});
  model.press(letter("G"));
  EXPECT_EQ(model.queue_top(), 94u);
}

TEST(DeskModel, OpensATicketAndTheNextOne) {
  DeskModel model = open_desk();
  EXPECT_THAT(told(model.press(key(Key::enter))), ElementsAre("ticket 1044"));
  model.loaded(desk_conversation());
  EXPECT_EQ(model.view(), View::ticket);
  EXPECT_THAT(told(model.press(letter("n"))), ElementsAre("ticket 1043"));
  EXPECT_THAT(told(model.press(letter("p"))), ElementsAre("ticket 1044"));
  EXPECT_THAT(told(model.press(letter("p"))), IsEmpty());
  model.press(letter("n"));
  model.press(letter("n"));
  EXPECT_THAT(told(model.press(letter("n"))), IsEmpty());
  EXPECT_EQ(model.words(), "This is the last one.");
  EXPECT_THAT(told(model.press(letter("q"))), ElementsAre("queue ?limit=500&desk=support"));
  EXPECT_EQ(model.view(), View::queue);
  EXPECT_THAT(told(model.press(letter("q"))), ElementsAre("quit"));
}

TEST(DeskModel, ScrollsNoFurtherThanTheEnd) {
  DeskModel model = open_desk();
  model.resize({8, 80});
  model.press(key(Key::enter));
  model.loaded(desk_conversation());
  model.press(letter("k"));
  EXPECT_EQ(model.top(), 0u);
  model.press(letter(" "));
  EXPECT_EQ(model.top(), 4u);
  model.press(letter("G"));
  EXPECT_EQ(model.top(), ticket_height(desk_conversation(), 80) - 4);
  model.press(letter("j"));
  EXPECT_EQ(model.top(), ticket_height(desk_conversation(), 80) - 4);
  model.resize({24, 80});
  EXPECT_EQ(model.top(), 0u);
}

TEST(DeskModel, KeepsItsPlaceWhenTheTicketChanges) {
  DeskModel model = open_desk();
  model.resize({8, 80});
  model.press(key(Key::enter));
  model.loaded(desk_conversation());
  model.press(letter(" "));
  EXPECT_THAT(told(model.changed()), ElementsAre("queue ?limit=500&desk=support", "ticket 1044"));
  model.loaded(desk_conversation());
  EXPECT_EQ(model.top(), 4u);
}

TEST(DeskModel, InTheQueueAsksForTheQueueAlone) {
  EXPECT_THAT(told(open_desk().changed()), ElementsAre("queue ?limit=500&desk=support"));
}

TEST(DeskModel, ActsThroughBeredctlsOwnCommands) {
  DeskModel model = open_desk();
  EXPECT_THAT(told(model.press(letter("r"))), ElementsAre("talk ticket reply 1044"));
  EXPECT_THAT(told(model.press(letter("N"))), ElementsAre("talk ticket note 1044"));
  model.press(letter("a"));
  EXPECT_EQ(model.asking(), Asking::assignee);
  type(model, "cecilia");
  EXPECT_THAT(told(model.press(key(Key::enter))), ElementsAre("run ticket assign 1044 cecilia"));
  model.press(letter("c"));
  EXPECT_THAT(told(model.press(key(Key::enter))), ElementsAre("run ticket state 1044 closed"));
  model.press(letter("s"));
  type(model, "pending  --until 2d");
  EXPECT_THAT(told(model.press(key(Key::enter))),
              ElementsAre("run ticket state 1044 pending --until 2d"));
}

TEST(DeskModel, HasNoKeyForWhatThereIsNoCommandFor) {
  DeskModel model = open_desk({});
  for (const char* one : {"r", "N", "a", "c", "s"}) {
    EXPECT_THAT(model.press(letter(one)), IsEmpty());
    EXPECT_EQ(model.asking(), Asking::nothing);
  }
}

TEST(DeskModel, DoesNothingWhenAQuestionIsLeft) {
  DeskModel model = open_desk();
  model.press(letter("c"));
  EXPECT_THAT(model.press(key(Key::escape)), IsEmpty());
  EXPECT_EQ(model.asking(), Asking::nothing);
  model.press(letter("a"));
  EXPECT_THAT(model.press(key(Key::enter)), IsEmpty());
}

TEST(DeskModel, TakesBackWholeCharacters) {
  DeskModel model = open_desk();
  model.press(letter("a"));
  model.press(letter("å"));
  model.press(letter("\xf0\x9f\x94\xa5"));
  EXPECT_EQ(model.typed(), "å\xf0\x9f\x94\xa5");
  model.press(key(Key::backspace));
  EXPECT_EQ(model.typed(), "å");
  model.press(key(Key::backspace));
  model.press(key(Key::backspace));
  EXPECT_EQ(model.typed(), "");
}

TEST(DeskModel, SearchesAndSortsByWhatIsDue) {
  DeskModel model = open_desk();
  model.press(letter("/"));
  type(model, "on fire");
  EXPECT_THAT(told(model.press(key(Key::enter))),
              ElementsAre("queue ?limit=500&desk=support&search=on%20fire"));
  EXPECT_THAT(told(model.press(letter("d"))),
              ElementsAre("queue ?limit=500&desk=support&search=on%20fire&sort=due"));
  model.press(letter("/"));
  for (int n = 0; n < 10; ++n) model.press(key(Key::backspace));
  EXPECT_THAT(told(model.press(key(Key::enter))),
              ElementsAre("queue ?limit=500&desk=support&sort=due"));
}

TEST(DeskModel, HelpGoesAwayWithAnyKey) {
  DeskModel model = open_desk();
  model.press(letter("?"));
  EXPECT_EQ(model.view(), View::help);
  EXPECT_THAT(model.press(letter("q")), IsEmpty());
  EXPECT_EQ(model.view(), View::queue);
}

TEST(DeskModel, DrawsAnewWhenAsked) {
  DeskModel model = open_desk();
  EXPECT_THAT(told(model.press(key(Key::redraw))), ElementsAre("redraw"));
}

}  // namespace
}  // namespace beredd::beredctl
