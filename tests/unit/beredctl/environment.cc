// Golden text wants one time zone and an encoding that knows Unicode.

#include <clocale>
#include <ctime>

#include <gtest/gtest.h>
#include <stdlib.h>

namespace {

class Place final : public testing::Environment {
 public:
  void SetUp() override {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    std::setlocale(LC_CTYPE, "C.UTF-8");
  }
};

[[maybe_unused]] const auto* const kPlace = testing::AddGlobalTestEnvironment(new Place);

}  // namespace
