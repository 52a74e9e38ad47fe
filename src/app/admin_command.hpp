// The administration commands: asked of the running server through its socket when there is one,
// done here when there is none.
#pragma once

#include "app/command_line.hpp"

namespace keystead::app {

// The act and its arguments as app/administration takes them; nothing for a command that is no act
// of administration.
struct AdminAct {
  std::string name;
  boost::json::object arguments;
};
std::optional<AdminAct> admin_act_of(Command const& command);

// Prints the outcome to stdout, or one line to stderr. Gives the exit status.
int run_admin_act(CommandLine const& line, AdminAct act);

}  // namespace keystead::app
