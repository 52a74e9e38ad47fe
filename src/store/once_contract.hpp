// What every ControlStore must do with one-time links and the events of others.
#pragma once

#include "store/audit_contract.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

TEST_P(ControlStoreContract, ALinkComesBackAsItWasAdded) {
  auto tenant = add_tenant();
  auto link = make_link(domain::LinkPurpose::invitation);
  link.tenant = tenant.id;
  link.role = domain::Role::admin;
  auto& once = store->once();
  ASSERT_TRUE(once.add_link(link, make_entry("user.invite")));
  auto found = once.find_link(link.digest, link.purpose, at(8999));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->digest, link.digest);
  EXPECT_EQ(found->pepper_version, 3);
  EXPECT_EQ(found->purpose, domain::LinkPurpose::invitation);
  EXPECT_EQ(found->user, std::nullopt);
  EXPECT_EQ(found->email, "ada@example.com");
  EXPECT_EQ(found->tenant, tenant.id);
  EXPECT_EQ(found->role, domain::Role::admin);
  EXPECT_EQ(found->created_at, at(1000));
  EXPECT_EQ(found->expires_at, at(9000));
  EXPECT_FALSE(found->used_at);
  EXPECT_EQ(code_of(once.add_link(link, make_entry())), Code::internal) << "the same again";
  EXPECT_THAT(events_of(*store), testing::Contains("user.invite"));
}

TEST_P(ControlStoreContract, Attack73ALinkIsRedeemedOnceAndForItsPurpose) {
  auto user = add_user("ada@example.com");
  auto link = make_link(domain::LinkPurpose::verify_email, user.id);
  auto& once = store->once();
  ASSERT_TRUE(once.add_link(link, make_entry()));
  auto redeem = [&](domain::LinkPurpose purpose, Time now) {
    return once.redeem_link(link.digest, purpose, now, make_entry("link.redeem"));
  };
  EXPECT_EQ(code_of(redeem(domain::LinkPurpose::reset, at(2000))), Code::not_found);
  EXPECT_EQ(code_of(redeem(domain::LinkPurpose::invitation, at(2000))), Code::not_found);
  EXPECT_EQ(code_of(redeem(link.purpose, at(9000))), Code::not_found) << "over";
  auto redeemed = redeem(link.purpose, at(2000));
  ASSERT_TRUE(redeemed);
  EXPECT_EQ(redeemed->user, user.id);
  EXPECT_EQ(redeemed->used_at, at(2000));
  EXPECT_EQ(code_of(redeem(link.purpose, at(2000))), Code::not_found);
  EXPECT_FALSE(once.find_link(link.digest, link.purpose, at(2000)));
  EXPECT_EQ(events_of(*store).back(), "link.redeem");
}

TEST_P(ControlStoreContract, OfManyWhoRedeemALinkAtOnceOneSucceeds) {
  auto user = add_user("ada@example.com");
  auto link = make_link(domain::LinkPurpose::reset, user.id);
  ASSERT_TRUE(store->once().add_link(link, make_entry()));
  int redeemed = count_of_64([&] {
    return store->once().redeem_link(link.digest, link.purpose, at(2000), make_entry()).has_value();
  });
  EXPECT_EQ(redeemed, 1);
}

TEST_P(ControlStoreContract, ANewLinkTakesThePlaceOfTheOneBefore) {
  auto a = add_tenant("a"), b = add_tenant("b");
  auto user = add_user("ada@example.com");
  auto& once = store->once();
  auto add_link = [&](domain::OneTimeLink link) {
    EXPECT_TRUE(once.add_link(link, make_entry()));
    return link;
  };
  auto is_good = [&](domain::OneTimeLink const& link) {
    return once.find_link(link.digest, link.purpose, at(2000)).has_value();
  };
  auto invite = [&](domain::Tenant const& tenant) {
    auto link = make_link(domain::LinkPurpose::invitation);
    link.tenant = tenant.id;
    return add_link(link);
  };
  auto first = add_link(make_link(domain::LinkPurpose::reset, user.id));
  auto verify = add_link(make_link(domain::LinkPurpose::verify_email, user.id));
  auto second = add_link(make_link(domain::LinkPurpose::reset, user.id));
  auto into_a = invite(a), into_b = invite(b), again = invite(a);
  EXPECT_FALSE(is_good(first));
  EXPECT_FALSE(is_good(into_a));
  for (auto const& link : {verify, second, into_b, again}) EXPECT_TRUE(is_good(link));
  ASSERT_TRUE(store->remove_tenant(b.id, make_entry()));
  EXPECT_FALSE(is_good(into_b)) << "an invitation into nowhere";
}

TEST_P(ControlStoreContract, ALinkThatLeadsNowhereIsRefused) {
  auto& once = store->once();
  auto code = [&](domain::OneTimeLink const& link) {
    return code_of(once.add_link(link, make_entry()));
  };
  auto link = make_link(domain::LinkPurpose::invitation);
  link.tenant = make_tenant("nobody").id;
  EXPECT_EQ(code(link), Code::not_found);
  EXPECT_EQ(code(make_link(domain::LinkPurpose::reset, make_user().id)), Code::not_found);
  link = make_link(domain::LinkPurpose::invitation);
  for (auto const& email : {"", "ada", "Ada@example.com"}) {
    link.email = email;
    EXPECT_EQ(code(link), Code::invalid_request) << email;
  }
  auto used = make_link(domain::LinkPurpose::invitation);
  ASSERT_TRUE(once.add_link(used, make_entry()));
  ASSERT_TRUE(once.redeem_link(used.digest, used.purpose, at(2000), make_entry()));
  EXPECT_EQ(code(used), Code::conflict) << "a digest that was used comes to life no more";
}

TEST_P(ControlStoreContract, Attack111ATenantsInvitationsAreItsOwn) {
  auto a = add_tenant("a"), b = add_tenant("b");
  auto& once = store->once();
  auto invite = [&](domain::Tenant const& tenant, std::string email, Time when) {
    auto link = make_link(domain::LinkPurpose::invitation);
    link.tenant = tenant.id;
    link.email = std::move(email);
    link.created_at = when;
    EXPECT_TRUE(once.add_link(link, make_entry()));
    return link;
  };
  auto emails_of = [&](domain::Tenant const& tenant, Time now) {
    std::vector<std::string> emails;
    for (auto const& link : once.list_invitations(tenant.id, now)) emails.push_back(link.email);
    return emails;
  };
  invite(a, "ada@example.com", at(1000));
  invite(a, "bob@example.com", at(2000));
  auto used = invite(a, "eve@example.com", at(3000));
  invite(b, "ada@example.com", at(1000));
  ASSERT_TRUE(once.redeem_link(used.digest, used.purpose, at(3000), make_entry()));
  EXPECT_THAT(emails_of(a, at(3000)), testing::ElementsAre("bob@example.com", "ada@example.com"));
  EXPECT_THAT(emails_of(a, at(9000)), testing::IsEmpty());
  auto withdraw = [&](std::string_view email) {
    return once.withdraw_invitation(a.id, email, make_entry("invitation.withdraw"));
  };
  EXPECT_TRUE(withdraw("ada@example.com"));
  EXPECT_EQ(events_of(*store).back(), "invitation.withdraw");
  EXPECT_EQ(code_of(withdraw("ada@example.com")), Code::not_found);
  EXPECT_EQ(code_of(withdraw("eve@example.com")), Code::not_found) << "it was used";
  EXPECT_THAT(emails_of(a, at(3000)), testing::ElementsAre("bob@example.com"));
  EXPECT_THAT(emails_of(b, at(3000)), testing::ElementsAre("ada@example.com"));
}

TEST_P(ControlStoreContract, OfManyWhoBringTheSameEventOneIsTheFirst) {
  WebhookEvent event{"issuer", "msg_1"};
  EXPECT_EQ(count_of_64([&] { return *store->once().note_event(event, at(1000)); }), 1);
  auto& once = store->once();
  EXPECT_TRUE(*once.note_event({"other", "msg_1"}, at(1000))) << "another sender's numbering";
  EXPECT_FALSE(*once.note_event(event, at(3000)));
  EXPECT_TRUE(*once.knows_event(event));
  EXPECT_FALSE(*once.knows_event({"issuer", "msg_2"}));
  EXPECT_FALSE(*once.knows_event({"issuer", "msg_2"})) << "asking leaves no mark";
  for (auto const& id : {std::string(), std::string(257, 'a'), std::string("a\0b", 3)}) {
    EXPECT_EQ(code_of(once.note_event({"issuer", id}, at(1000))), Code::invalid_request);
    EXPECT_EQ(code_of(once.knows_event({"issuer", id})), Code::invalid_request);
  }
}

TEST_P(ControlStoreContract, WhatIsOverIsReaped) {
  auto& once = store->once();
  auto used = make_link(domain::LinkPurpose::invitation), kept = used;
  kept.email = "grace@example.com";
  system_random().fill(kept.digest);
  kept.expires_at = at(9001);
  for (auto const& link : {used, kept}) ASSERT_TRUE(once.add_link(link, make_entry()));
  ASSERT_TRUE(once.redeem_link(used.digest, used.purpose, at(2000), make_entry()));
  ASSERT_TRUE(once.note_event({"issuer", "old"}, at(1000)));
  ASSERT_TRUE(once.note_event({"issuer", "new"}, at(2000)));
  EXPECT_EQ(once.reap_once(at(8999), at(1000)), 0u);
  EXPECT_EQ(once.reap_once(at(9000), at(2000)), 2u);
  EXPECT_TRUE(once.find_link(kept.digest, kept.purpose, at(2000)));
  EXPECT_FALSE(*once.note_event({"issuer", "new"}, at(2000)));
  EXPECT_TRUE(*once.note_event({"issuer", "old"}, at(1000)));
}

TEST_P(ControlStoreContract, EventsOfOneSourceAreReapedWithoutTheOthers) {
  auto& once = store->once();
  for (auto const* source : {"proofs", "issuer"}) {
    ASSERT_TRUE(*once.note_event({source, "old"}, at(1000)));
    ASSERT_TRUE(*once.note_event({source, "new"}, at(2000)));
  }
  EXPECT_EQ(once.reap_events("proofs", at(1000)), 0u);
  EXPECT_EQ(once.reap_events("proofs", at(2000)), 1u);
  EXPECT_FALSE(*once.knows_event({"proofs", "old"}));
  EXPECT_TRUE(*once.knows_event({"proofs", "new"}));
  EXPECT_TRUE(*once.knows_event({"issuer", "old"}));
}

}  // namespace keystead::store
