#pragma once
// What the tests of the SMTP target share: a world, a primary in it, and parcels.

#include "primary.h"

#include <gtest/gtest.h>

#include "beredd/remote/smtp_target.h"

namespace beredd::remote {

struct TargetTest : testing::Test {
  using Kind = io::Handover::Kind;

  simulation::World world{7};
  io::Address at{"in.primary.test", 25};
  Primary primary{world, at};
  std::unique_ptr<io::Connector> connector = world.network().connector();
  simulation::TlsContext tls;
  std::unique_ptr<io::Target> target;
  std::unique_ptr<io::TargetSession> session;
  std::vector<std::pair<std::size_t, io::Handover>> fates;

  base::Status open(smtp::TlsPolicy policy = smtp::TlsPolicy::off) {
    SmtpTargetOptions options;
    options.at = at;
    options.helo = "mx2.example";
    options.tls = policy;
    target = smtp_target(options, *connector, &tls);
    auto opened = world.run(target->open(world.executor()));
    if (!opened) return base::bug("opening never ended");
    if (!*opened) return std::move(*opened).error();
    session = std::move(**opened);
    return {};
  }

  // A parcel of the given chunks, with a trace before them.
  static io::Parcel parcel(int number,
                           std::vector<std::string> chunks = {"Subject: x\r\n\r\nhi\r\n"}) {
    io::Parcel made;
    made.id = base::MessageId(static_cast<std::uint64_t>(number));
    made.envelope.reverse_path = mail::Mailbox{"customer" + std::to_string(number), "a.example"};
    made.envelope.forward_paths.push_back(mail::Mailbox{"support", "b.example"});
    made.trace = "Received: from a.example by mx2.example\r\n";
    made.trace_id = "4f1c2a9b." + std::to_string(number);
    std::size_t size = 0;
    for (const std::string& chunk : chunks) size += chunk.size();
    made.size = base::Bytes(size);
    made.chunks = static_cast<std::uint32_t>(chunks.size());
    made.chunk = [chunks = std::move(chunks)](std::uint32_t i) -> base::Result<std::string> {
      return chunks[i];
    };
    return made;
  }

  // Hands over and returns the fates; each index must come once and in order.
  std::vector<io::Handover> hand_over(std::vector<io::Parcel> parcels) {
    fates.clear();
    const std::size_t count = parcels.size();
    EXPECT_TRUE(world.run(until_done(std::move(parcels))).has_value());
    EXPECT_EQ(fates.size(), count);
    std::vector<io::Handover> given;
    for (std::size_t i = 0; i < fates.size(); ++i) {
      EXPECT_EQ(fates[i].first, i);
      given.push_back(fates[i].second);
    }
    return given;
  }
  io::Handover hand_over_one(io::Parcel one) {
    std::vector<io::Parcel> parcels;
    parcels.push_back(std::move(one));
    auto given = hand_over(std::move(parcels));
    return given.empty() ? io::Handover{Kind::deferred, "nothing came", true} : given.front();
  }
  io::LookUpResult look_up(io::Parcel one) {
    return world.run(session->look_up(std::move(one)))
        .value_or(io::LookUpResult{io::LookUp::failed, "nothing came"});
  }
  void finish() { EXPECT_TRUE(world.run(until_finished()).has_value()); }

 private:
  io::Task<bool> until_done(std::vector<io::Parcel> parcels) {
    std::function<void(std::size_t, io::Handover)> done = [this](std::size_t i, io::Handover fate) {
      fates.emplace_back(i, std::move(fate));
    };
    co_await session->hand_over(std::move(parcels), std::move(done));
    co_return true;
  }
  io::Task<bool> until_finished() {
    co_await session->finish();
    co_return true;
  }
};

}  // namespace beredd::remote
