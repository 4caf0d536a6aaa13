#include "beredd/base/metrics.h"

#include <gtest/gtest.h>

namespace beredd::base {
namespace {

TEST(Metrics, WritesTheTextThatAScraperReads) {
  Metrics metrics;
  metrics.counter("beredd_accepted_total", "Mails accepted.", label("source", "smtp")).add(2);
  metrics.counter("beredd_accepted_total", "Mails accepted.", label("source", "imap")).add();
  metrics.gauge("beredd_queued", "Deliveries that wait.").set(-3);
  EXPECT_EQ(metrics.text(),
            "# HELP beredd_accepted_total Mails accepted.\n"
            "# TYPE beredd_accepted_total counter\n"
            "beredd_accepted_total{source=\"imap\"} 1\n"
            "beredd_accepted_total{source=\"smtp\"} 2\n"
            "# HELP beredd_queued Deliveries that wait.\n"
            "# TYPE beredd_queued gauge\n"
            "beredd_queued -3\n");
}

TEST(Metrics, ReturnsTheSameMetricForTheSameLabels) {
  Metrics metrics;
  Counter& first = metrics.counter("a_total", "A.", "x=\"1\"");
  for (int i = 0; i < 100; ++i) metrics.counter("a_total", "A.", label("y", std::to_string(i)));
  EXPECT_EQ(&metrics.counter("a_total", "another help", "x=\"1\""), &first);
  EXPECT_NE(&metrics.counter("a_total", "A."), &first);
}

TEST(Metrics, EscapesWhatWouldEndALineOrALabel) {
  EXPECT_EQ(label("primary", "a\"b\\c\nd"), "primary=\"a\\\"b\\\\c\\nd\"");
  Metrics metrics;
  metrics.gauge("g", "two\nlines \\ \"quoted\"");
  EXPECT_EQ(metrics.text(), "# HELP g two\\nlines \\\\ \"quoted\"\n# TYPE g gauge\ng 0\n");
}

TEST(Metrics, CountsFromManyThreads) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics] {
      for (int i = 0; i < 1'000; ++i) {
        metrics.counter("a_total", "A.").add();
        metrics.gauge("b", "B.").add(i % 2 == 0 ? 1 : -1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(metrics.counter("a_total", "A.").value(), 4'000U);
  EXPECT_EQ(metrics.gauge("b", "B.").value(), 0);
}

TEST(MetricsDeathTest, EndsTheProcessWhenOneNameHasTwoKinds) {
  Metrics metrics;
  metrics.counter("a_total", "A.");
  EXPECT_DEATH(metrics.gauge("a_total", "A."), "two kinds name=a_total");
}

}  // namespace
}  // namespace beredd::base
