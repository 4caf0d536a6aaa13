// The desk's screens as text. Those in docs/desk.md are these.

#include "desk_house.h"
#include "print.h"

#include <fstream>
#include <sstream>

namespace beredd::beredctl {
namespace {

std::string page() {
  std::ifstream in(std::string(BEREDD_SOURCE_DIR) + "/docs/desk.md");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// In the page a screen stands between lines of ```, as wide as it is.
void expect_in_page(const std::string& screen) {
  EXPECT_NE(page().find("```\n" + screen + "```\n"), std::string::npos)
      << "docs/desk.md has no such screen:\n"
      << screen;
}

std::string shown(const DeskModel& model) { return text_of(screen_of(model, kNow)); }

DeskModel in_ticket() {
  DeskModel model = open_desk();
  model.press(key(Key::enter));
  model.loaded(desk_conversation());
  return model;
}

TEST(DeskView, OfTheQueueStandsInTheManual) { expect_in_page(shown(open_desk())); }
TEST(DeskView, OfATicketStandsInTheManual) { expect_in_page(shown(in_ticket())); }
TEST(DeskView, OfHelpStandsInTheManual) {
  DeskModel model = open_desk();
  model.press(letter("?"));
  expect_in_page(shown(model));
}
TEST(Lists, StandInTheManual) {
  Style style;
  style.now = kNow;
  expect_in_page("$ beredctl ticket list\n" + tickets_text(desk_queue(), style));
  const std::vector<api::ServiceEvent> events = {
      {311, 1044, "warning", "first answer", clock_at("2026-11-22T23:00:00Z"), {}, {}},
      {318, 1044, "breach", "first answer", clock_at("2026-11-23T00:07:00Z"), {}, {}}};
  expect_in_page("$ beredctl events\n" + events_text(events, style));
}

TEST(DeskView, ShowsTheQueue) {
  const std::string text = shown(open_desk());
  EXPECT_EQ(text.substr(0, text.find('\n')),
            " support  3 tickets  1 overdue  1 due soon                   helpdesk: fallback");
  EXPECT_NE(text.find("\n  1044 new     2h 10m late"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  1043 open    in 32m 40s"), std::string::npos) << text;
}

TEST(DeskView, IsNeverWiderOrHigherThanItsTerminal) {
  for (const Size size : {Size{24, 80}, Size{4, 20}, Size{5, 40}, Size{60, 200}, Size{24, 79}}) {
    for (DeskModel model : {open_desk(), in_ticket()}) {
      model.resize(size);
      for (const char* pressed : {"", "?", "q", "/"}) {
        if (*pressed != '\0') model.press(letter(pressed));
        const Screen screen = screen_of(model, kNow);
        EXPECT_EQ(screen.lines.size(), size.rows);
        for (const Line& line : screen.lines) {
          std::size_t width = 0;
          for (const Piece& piece : line.pieces) width += display_width(piece.text);
          // The columns of the queue do not shrink below what can be read; the terminal cuts them.
          if (size.columns >= 79) {
            EXPECT_LE(width, size.columns);
          }
        }
      }
    }
  }
}

TEST(DeskView, MakesHostileSubjectsHarmless) {
  DeskModel model("", {});
  model.resize({24, 80});
  const std::string zalgo =
      "Z\xcc\xb4\xcc\xb5\xcc\xb6\xcc\xb7\xcc\xb8\xcd\x80\xcd\x81"
      "algo";
  model.loaded(std::vector<api::Ticket>{desk_ticket(1, "\x1b]0;owned\x07\x1b[2J gone",
                                                    "\x9b"
                                                    "31m"),
                                        desk_ticket(2, "right \xe2\x80\xae to left", "a\r\nb"),
                                        desk_ticket(3, "漢字漢字漢字漢字漢字漢字漢字漢字", "日本"),
                                        desk_ticket(4, zalgo, "x")});
  const std::string text = shown(model);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    EXPECT_TRUE(byte >= 0x20 || c == '\n') << text;
  }
  EXPECT_NE(text.find("\\x1b]0;owned\\x07"), std::string::npos) << text;
  EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 24);
}

TEST(DeskView, MakesHostileBodiesHarmless) {
  DeskModel model = in_ticket();
  api::Ticket ticket = desk_conversation();
  ticket.messages->front().text = "a\x1b[31mred\rover\n\tindented\n";
  model.loaded(ticket);
  const std::string text = shown(model);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_NE(text.find("a\\x1b[31mred\\rover\n    indented\n"), std::string::npos) << text;
}

TEST(DeskView, SaysThatTheDaemonIsAway) {
  DeskModel model = open_desk();
  model.set_connected(false);
  EXPECT_NE(shown(model).find("NOT CONNECTED"), std::string::npos);
}

TEST(DeskView, AsksBelowTheList) {
  DeskModel model = open_desk();
  model.press(letter("a"));
  for (const char* c : {"å", "s"}) model.press(letter(c));
  const Screen screen = screen_of(model, kNow);
  EXPECT_EQ(screen.cursor_row, 22u);
  EXPECT_EQ(screen.cursor_column, 13u);
  EXPECT_NE(text_of(screen).find("\nAssign to: ås\n"), std::string::npos);
}

TEST(DeskView, HintsAtNothingThatCannotBeDone) {
  const std::string text = shown(open_desk({}));
  EXPECT_EQ(text.find("answer "), std::string::npos) << text;
  EXPECT_EQ(text.find("assign"), std::string::npos) << text;
}

TEST(DeskView, PaintsWhatIsLateRedAndWhatIsNearYellow) {
  const Screen screen = screen_of(open_desk(), kNow);
  const auto paint_of_due = [&](std::size_t row) { return screen.lines[row].pieces[2].paint; };
  EXPECT_EQ(paint_of_due(2), Paint::bad);
  EXPECT_EQ(paint_of_due(3), Paint::doubtful);
  EXPECT_EQ(paint_of_due(4), Paint::plain);
  EXPECT_TRUE(screen.lines[2].reversed);
  EXPECT_FALSE(screen.lines[3].reversed);
}

TEST(Wrapping, BreaksWhereWordsEnd) {
  EXPECT_THAT(wrapped("one two three", 7), testing::ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("one two three", 8), testing::ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("onetwothree", 4), testing::ElementsAre("onet", "woth", "ree"));
  EXPECT_THAT(wrapped("", 4), testing::ElementsAre(""));
  EXPECT_THAT(wrapped("a\n\nb", 4), testing::ElementsAre("a", "", "b"));
  EXPECT_THAT(wrapped("漢字漢字", 5), testing::ElementsAre("漢字", "漢字"));
  EXPECT_THAT(wrapped(" lead", 3), testing::ElementsAre(" le", "ad"));
}

}  // namespace
}  // namespace beredd::beredctl
