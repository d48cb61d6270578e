// SPDX-License-Identifier: Apache-2.0
// The model, which a server loads in the background.
#include "model.hpp"

#include "child_process.hpp"
#include "refusal.hpp"
#include "status_of.hpp"

#include <cstdlib>

#include <doctest/doctest.h>

using namespace server;

TEST_CASE("a model whose thread cannot be started has failed, and requests get 503") {
    CHECK(exit_code_of([] {
              Log log;
              Model model("demo", {}, {}, log);
              if (!forbid_threads()) {
                  std::_Exit(2);
              }
              model.start();
              if (model.state() != Model::State::failed) {
                  std::_Exit(3);
              }
              model.start();  // Too early for another attempt.
              std::_Exit(status_of([&] { model.get(); }) == 503 ? 0 : 4);
          }) == 0);
}
