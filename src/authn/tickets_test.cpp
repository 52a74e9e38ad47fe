#include "authn/tickets.hpp"

#include <gtest/gtest.h>

#include "authn/test_installation.hpp"

namespace keystead::authn {
namespace {

class TicketsTest : public testing::Test {
 protected:
  TestInstallation installation;
  Tickets tickets{
      installation.digester, installation.store->once(), installation.clock, installation.random
  };
  domain::UserId user = domain::UserId::mint(installation.random);
};

TEST_F(TicketsTest, AreGoodOnceForTheirPurposeAndTheirUser) {
  auto ticket = tickets.issue(TicketPurpose::add_passkey, user);
  EXPECT_EQ(tickets.read(ticket, TicketPurpose::add_passkey), user);
  EXPECT_EQ(tickets.read(ticket, TicketPurpose::add_passkey), user) << "reading ends nothing";
  EXPECT_FALSE(tickets.redeem(ticket, TicketPurpose::second_step));
  EXPECT_EQ(tickets.redeem(ticket, TicketPurpose::add_passkey), user);
  EXPECT_FALSE(tickets.redeem(ticket, TicketPurpose::add_passkey));
  auto free = tickets.issue(TicketPurpose::sign_in_with_passkey, {});
  EXPECT_EQ(tickets.redeem(free, TicketPurpose::sign_in_with_passkey), std::nullopt);
}

TEST_F(TicketsTest, AreGoodForAsLongAsWhatTheyHoldToIsAsItWas) {
  auto ticket = tickets.issue(TicketPurpose::second_step, user, "the password's hash");
  auto held = [&](std::string text) {
    return [this, text = std::move(text)](domain::UserId const& asked) {
      EXPECT_EQ(asked, user);
      return text;
    };
  };
  EXPECT_EQ(tickets.read(ticket, TicketPurpose::second_step, held("the password's hash")), user);
  EXPECT_FALSE(tickets.read(ticket, TicketPurpose::second_step, held("another")));
  EXPECT_FALSE(tickets.redeem(ticket, TicketPurpose::second_step, held("another")));
  EXPECT_FALSE(tickets.read(ticket, TicketPurpose::second_step));
}

TEST_F(TicketsTest, AreOverAfterFiveMinutes) {
  auto ticket = tickets.issue(TicketPurpose::second_step, user);
  installation.clock.advance(std::chrono::milliseconds(299'999));
  EXPECT_TRUE(tickets.read(ticket, TicketPurpose::second_step));
  installation.clock.advance(std::chrono::milliseconds(1));
  EXPECT_FALSE(tickets.read(ticket, TicketPurpose::second_step));
  EXPECT_FALSE(tickets.redeem(ticket, TicketPurpose::second_step));
}

TEST_F(TicketsTest, CannotBeForged) {
  auto ticket = tickets.issue(TicketPurpose::second_step, user);
  for (std::size_t i = 0; i < ticket.size(); ++i) {
    auto changed = ticket;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tickets.read(changed, TicketPurpose::second_step)) << i;
  }
  for (auto const& other : {std::string(), ticket + "A", ticket + "=", std::string(96, 'A')}) {
    EXPECT_FALSE(tickets.read(other, TicketPurpose::second_step));
  }
  KeyDigester elsewhere({{1, Secret(std::string(32, 'z'))}});
  Tickets others(elsewhere, installation.store->once(), installation.clock, installation.random);
  EXPECT_FALSE(others.read(ticket, TicketPurpose::second_step));
}

}  // namespace
}  // namespace keystead::authn
