#include "answers.h"
#include "handlers.h"

namespace beredd::control {

Answer show_config(const Services& services, Call) {
  const config::Config& config = *services.context.config;
  co_return answer(api::ConfigView{config.file.string(), config::show(config)});
}

}  // namespace beredd::control
