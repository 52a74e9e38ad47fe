// What every ControlStore must do with what waits for a person.
#pragma once

#include "store/audit_contract.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

inline domain::AuthorizationRequest make_request() {
  domain::AuthorizationRequest request;
  request.digest = make_digest();
  request.parameters = R"({"client_id":"kc_1"})";
  request.expires_at = at(9000);
  return request;
}

inline domain::DeviceCode make_device() {
  domain::DeviceCode device;
  device.digest = make_digest();
  device.user_code = make_digest();
  device.pepper_version = 3;
  device.client = domain::ClientId("kc_1");
  device.scopes = {"mcp:read"};
  device.resources = {"https://keystead.example/mcp"};
  device.address = "203.0.113.7";
  device.created_at = at(1000);
  device.expires_at = at(60'000);
  return device;
}

TEST_P(ControlStoreContract, Attack53ARequestIsKeptHereAndTakenOnce) {
  using Kind = domain::AuthorizationRequest::Kind;
  auto& waiting = store->authorizations();
  auto request = make_request();
  ASSERT_TRUE(waiting.add_request(request));
  EXPECT_EQ(code_of(waiting.add_request(request)), Code::conflict);
  EXPECT_EQ(
      waiting.find_request(request.digest, Kind::shown, at(8999))->parameters, request.parameters
  );
  EXPECT_FALSE(waiting.find_request(request.digest, Kind::pushed, at(2000)));
  EXPECT_FALSE(waiting.find_request(request.digest, Kind::shown, at(9000)));
  EXPECT_FALSE(waiting.take_request(request.digest, Kind::pushed, at(2000)));
  int taken = count_of_64([&] {
    return store->authorizations().take_request(request.digest, Kind::shown, at(2000)).has_value();
  });
  EXPECT_EQ(taken, 1);
  auto pushed = make_request();
  pushed.kind = Kind::pushed;
  ASSERT_TRUE(waiting.add_request(pushed));
  EXPECT_TRUE(waiting.find_request(pushed.digest, Kind::pushed, at(2000)));
  EXPECT_EQ(waiting.reap_authorizations(at(8999)), 0u);
  EXPECT_EQ(waiting.reap_authorizations(at(9000)), 1u);
}

TEST_P(ControlStoreContract, APushedRequestIsShownOnce) {
  using Kind = domain::AuthorizationRequest::Kind;
  auto& waiting = store->authorizations();
  auto pushed = make_request();
  pushed.kind = Kind::pushed;
  ASSERT_TRUE(waiting.add_request(pushed));
  auto shown = make_request();
  EXPECT_EQ(code_of(waiting.show_request(pushed.digest, shown, at(9000))), Code::not_found);
  EXPECT_EQ(code_of(waiting.show_request(shown.digest, shown, at(2000))), Code::not_found);
  int won = count_of_64([&] {
    return store->authorizations().show_request(pushed.digest, shown, at(2000)).has_value();
  });
  EXPECT_EQ(won, 1);
  EXPECT_FALSE(waiting.find_request(pushed.digest, Kind::pushed, at(2000)));
  EXPECT_TRUE(waiting.find_request(shown.digest, Kind::shown, at(2000)));
}

TEST_P(ControlStoreContract, WhatCannotBeShownStaysPushed) {
  using Kind = domain::AuthorizationRequest::Kind;
  auto& waiting = store->authorizations();
  auto pushed = make_request();
  pushed.kind = Kind::pushed;
  auto shown = make_request();
  ASSERT_TRUE(waiting.add_request(pushed));
  ASSERT_TRUE(waiting.add_request(shown));
  EXPECT_EQ(code_of(waiting.show_request(pushed.digest, shown, at(2000))), Code::conflict);
  EXPECT_TRUE(waiting.find_request(pushed.digest, Kind::pushed, at(2000)));
}

TEST_P(ControlStoreContract, ADeviceIsApprovedOnceAndTakesItsGrantOnce) {
  using Answer = PolledDevice::Answer;
  auto& waiting = store->authorizations();
  auto device = make_device();
  ASSERT_TRUE(waiting.add_device(device));
  EXPECT_EQ(code_of(waiting.add_device(device)), Code::conflict);
  domain::Issuer const issuer{{}, device.resources}, other{{}, {"https://x.example/t/1/mcp"}};
  bool is_wanted = true;
  auto poll = [&](Time now, std::string client = "kc_1", bool elsewhere = false) {
    return waiting.poll_device(
        device.digest,
        domain::ClientId(std::move(client)),
        elsewhere ? other : issuer,
        make_refresh_token(make_grant()),
        [&](auto const&) { return is_wanted; },
        std::chrono::seconds(5),
        now,
        make_entry("device.redeem")
    );
  };
  EXPECT_EQ(poll(at(2000))->answer, Answer::pending);
  EXPECT_EQ(poll(at(6999))->answer, Answer::too_soon);
  EXPECT_EQ(poll(at(7000))->answer, Answer::pending);
  EXPECT_EQ(code_of(poll(at(2000), "kc_2")), Code::not_found) << "another client's";
  EXPECT_EQ(code_of(poll(at(2000), "kc_1", true)), Code::not_found) << "another issuer's";

  auto shown = waiting.find_device(device.user_code, at(2000));
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->scopes, device.scopes);
  EXPECT_EQ(shown->resources, device.resources);
  EXPECT_EQ(shown->address, device.address);
  auto grant = make_grant();
  ASSERT_TRUE(waiting.decide_device(device.user_code, grant, at(8000), make_entry("approve")));
  EXPECT_EQ(
      code_of(waiting.decide_device(device.user_code, {}, at(8000), make_entry())), Code::not_found
  );
  EXPECT_FALSE(waiting.find_device(device.user_code, at(8000)));
  EXPECT_EQ(code_of(poll(at(12'000), "kc_1", true)), Code::not_found) << "and it is not taken";
  is_wanted = false;
  EXPECT_EQ(poll(at(12'000))->answer, Answer::unwanted)
      << "nor is it taken by who does not want it";
  is_wanted = true;
  int won = count_of_64([&] {
    auto polled = poll(at(12'000));
    return polled && polled->answer == Answer::approved && polled->grant->id == grant.id;
  });
  EXPECT_EQ(won, 1);
  EXPECT_TRUE(store->grants().find_grant(grant.id)->last_used_at);
  EXPECT_EQ(events_of(*store).back(), "device.redeem");
}

TEST_P(ControlStoreContract, ADeviceThatWasDeniedIsTold) {
  auto& waiting = store->authorizations();
  auto device = make_device(), late = make_device();
  for (auto const& each : {device, late}) ASSERT_TRUE(waiting.add_device(each));
  ASSERT_TRUE(waiting.decide_device(device.user_code, {}, at(2000), make_entry("deny")));
  auto poll = [&](domain::DeviceCode const& each, Time now) {
    domain::Issuer const issuer{{}, each.resources};
    return waiting.poll_device(
        each.digest,
        each.client,
        issuer,
        {},
        [](auto const&) { return true; },
        std::chrono::seconds(5),
        now,
        make_entry()
    );
  };
  EXPECT_EQ(poll(device, at(3000))->answer, PolledDevice::Answer::denied);
  EXPECT_EQ(poll(late, at(60'000))->answer, PolledDevice::Answer::over);
  auto decided = waiting.decide_device(late.user_code, make_grant(), at(60'000), make_entry());
  EXPECT_EQ(code_of(decided), Code::not_found);
  EXPECT_EQ(waiting.reap_authorizations(at(60'000)), 2u);
}

}  // namespace keystead::store
