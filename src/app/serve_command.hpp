// `keystead serve` and `keystead demo`: run until a signal, and say on stdout when they are ready.
#pragma once

#include "app/command_line.hpp"

namespace keystead::app {

// Both give the exit status. The demo without --data uses a folder of its own and removes it at the
// end.
int run_serve(CommandLine const& line, ServeCommand const& command);
int run_demo(CommandLine const& line, DemoCommand const& command);

}  // namespace keystead::app
