#include "domain/rule.hpp"

#include <string>

#include <gtest/gtest.h>

namespace keystead::domain {
namespace {

TEST(Pattern, AStarStandsForAnyCharacters) {
  struct Case {
    std::string_view pattern, text;
    bool matches;
  };
  for (Case const& each : std::initializer_list<Case>{
           {"tasks_list", "tasks_list", true},
           {"tasks_list", "tasks_lists", false},
           {"tasks_list", "Tasks_list", false},
           {"tasks_*", "tasks_", true},
           {"tasks_*", "tasks_create", true},
           {"tasks_*", "task_create", false},
           {"*_create", "tasks_create", true},
           {"*_create", "tasks_create_all", false},
           {"*.*", "tasks.create", true},
           {"*.*", "tasks_create", false},
           {"a*b*c", "a-b-b-c", true},
           {"a*b*c", "a-c-b", false},
           {"**", "", true},
           {"*", "", true},
           {"", "", true},
           {"", "a", false},
           {"a?", "ab", false},
           {"a.c", "abc", false},
       }) {
    EXPECT_EQ(matches_pattern(each.pattern, each.text), each.matches)
        << each.pattern << " " << each.text;
  }
}

// Were every star tried at every place, this would not end.
TEST(Pattern, ManyStarsCostNoMoreThanOne) {
  std::string pattern;
  for (int i = 0; i < 60; ++i) pattern += "*a";
  EXPECT_FALSE(matches_pattern(pattern + "b", std::string(500, 'a')));
}

}  // namespace
}  // namespace keystead::domain
