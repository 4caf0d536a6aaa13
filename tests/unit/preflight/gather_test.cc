// Gathering asks at once what can be asked at once, and knows when to stop.

#include "beredd/preflight/gather.h"

#include "scripted_resolver.h"
#include "simulation.h"
#include "stage.h"

namespace beredd::preflight {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Not;
using Script = simulation::ScriptedResolver::Script;

class Gather : public testing::Test {
 protected:
  Gather() {
    subject = Stage().subject;
    say("example.org", RecordType::mx, {"10 mx1.example.org", "20 mx2.example.org"});
    say("mx1.example.org", RecordType::a, {"192.0.2.1"});
    say("mx2.example.org", RecordType::a, {"192.0.2.2"});
    say("_smtp._tls.example.org", RecordType::txt, {"v=TLSRPTv1; rua=mailto:tls@reports.example"});
  }
  void say(const std::string& name, RecordType type, std::vector<std::string> records,
           base::Duration delay = 100ms) {
    resolver.say(name, type, Script{std::move(records), delay});
  }
  io::Task<base::Result<std::string>> fetch(std::string domain) {
    fetched.push_back(domain);
    co_return page;
  }
  std::vector<std::string> codes() {
    const World around{resolver,
                       [this](std::string domain, base::Duration) { return fetch(domain); },
                       world.clock()};
    const base::Instant start = world.clock().now();
    const auto findings =
        world.run(gather_and_judge(world.executor(), subject, around), std::chrono::minutes(5));
    took = world.clock().now() - start;
    std::vector<std::string> codes;
    EXPECT_TRUE(findings.has_value());
    if (!findings) return codes;
    for (const Finding& finding : *findings) codes.push_back(finding.code);
    return codes;
  }

  simulation::World world{7};
  simulation::ScriptedResolver resolver{world.timers(), world.executor()};
  Subject subject;
  base::Result<std::string> page = base::transient(base::Code::unreachable, "no route to host");
  std::vector<std::string> fetched;
  base::Duration took{};
};

TEST_F(Gather, FindsNothingWhereAllIsWell) {
  EXPECT_THAT(codes(), IsEmpty());
  EXPECT_THAT(fetched, IsEmpty()) << "no record announced a policy";
}

TEST_F(Gather, AsksAtOnceWhatDoesNotDependOnAnAnswer) {
  codes();
  EXPECT_THAT(resolver.most_at_once, Ge(4));
  EXPECT_LT(took, 1s);
}

TEST_F(Gather, AsksEachQuestionOnce) {
  codes();
  std::vector<std::string> mx;
  std::copy_if(resolver.asked.begin(), resolver.asked.end(), std::back_inserter(mx),
               [](const std::string& name) { return name == "_smtp._tls.example.org"; });
  EXPECT_EQ(mx.size(), 1U);
}

TEST_F(Gather, FetchesAPolicyThatIsAnnounced) {
  say("_mta-sts.example.org", RecordType::txt, {"v=STSv1; id=1"});
  page = Stage::policy_text("enforce", "mx1.example.org");
  EXPECT_THAT(codes(), ElementsAre("sts_left_out"));
  EXPECT_THAT(fetched, ElementsAre("example.org"));
}

TEST_F(Gather, SaysThatAPolicyCannotBeFetched) {
  say("_mta-sts.example.org", RecordType::txt, {"v=STSv1; id=1"});
  EXPECT_THAT(codes(), ElementsAre("sts_unfetched"));
}

TEST_F(Gather, DoesNotWaitLongForAServerThatIsSilent) {
  say("_smtp._tls.example.org", RecordType::txt, {}, 10min);
  EXPECT_THAT(codes(), ElementsAre("unanswered"));
  EXPECT_LT(took, 6s);
}

TEST_F(Gather, EndsInItsTimeWhereEveryAnswerIsSlow) {
  std::string from = "example.org";
  for (int n = 0; n < 9; ++n) {
    const std::string next = "s" + std::to_string(n) + ".example.net";
    say(from, RecordType::txt, {"v=spf1 include:" + next + " -all"}, 4s);
    from = next;
  }
  subject.smarthost = "203.0.113.5";
  EXPECT_THAT(codes(), Contains("unanswered"));
  EXPECT_LE(took, 25s);
  EXPECT_THAT(resolver.asked, Not(Contains("s8.example.net")));
}

TEST_F(Gather, TellsADomainThatCannotBeLookedUpFromOneThatHasNothing) {
  resolver.say("example.org", RecordType::mx, Script{{}, 0s, true});
  EXPECT_THAT(codes(), ElementsAre("mx_unknown"));
}

}  // namespace
}  // namespace beredd::preflight
