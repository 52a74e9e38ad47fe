#include "store/data_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/test_folder.hpp"

namespace keystead::store {
namespace {

TEST(DataFolder, IsMadeForItsOwnerOnly) {
  TestFolder folder;
  auto data = folder.path() / "data";
  ASSERT_TRUE(DataFolder::open(data));
  EXPECT_EQ(mode_of(data), 0700u);
  EXPECT_EQ(mode_of(data / "lock"), 0600u);
}

TEST(DataFolder, Attack100ASecondHolderIsRefusedUntilTheFirstEnds) {
  TestFolder folder;
  auto data = folder.path() / "data";
  {
    auto first = DataFolder::open(data);
    ASSERT_TRUE(first);
    auto moved = std::move(*first);
    auto second = DataFolder::open(data);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Code::conflict);
    EXPECT_EQ(
        second.error().public_text,
        "the data folder " + data.string() + " is in use by process " + std::to_string(::getpid())
    );
  }
  EXPECT_TRUE(DataFolder::open(data));
}

TEST(DataFolder, Attack100AnotherProcessIsNamedAndItsDeathFreesTheFolder) {
  TestFolder folder;
  auto data = folder.path() / "data";
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto held = DataFolder::open(data);
    if (::write(ready[1], held ? "y" : "n", 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  EXPECT_EQ(::read(ready[0], &byte, 1), 1);
  auto refused = DataFolder::open(data);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);

  EXPECT_EQ(byte, 'y');
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().public_text, testing::HasSubstr("process " + std::to_string(child)));
  EXPECT_THAT(refused.error().public_text, testing::Not(testing::HasSubstr("\n")));
  EXPECT_TRUE(DataFolder::open(data));
}

TEST(DataFolder, AFolderThatOthersMayWriteIntoIsRefused) {
  TestFolder folder;
  ::chmod(folder.path().c_str(), 0777);
  auto refused = DataFolder::open(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid_request);
  EXPECT_EQ(mode_of(folder.path()), 0777u) << "it may be someone else's, so its mode is left alone";
}

TEST(DataFolder, APathThatCannotBeOneIsRefused) {
  TestFolder folder;
  write_file(folder.path() / "file", "");
  EXPECT_FALSE(DataFolder::open(folder.path() / "file"));
  EXPECT_FALSE(DataFolder::open(folder.path() / "no" / "parent"));
}

}  // namespace
}  // namespace keystead::store
