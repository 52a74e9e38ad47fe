// examples/demo.yaml as it was when the binary was built.
#pragma once

#include <string_view>

namespace keystead::app {

extern std::string_view const kDemoConfiguration;

}  // namespace keystead::app
