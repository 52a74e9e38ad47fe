// Users, sessions and links, for this room's tests.
#pragma once

#include <atomic>
#include <cstdlib>
#include <functional>
#include <list>
#include <string>
#include <thread>

#include "domain/identity.hpp"
#include "domain/one_time_link.hpp"
#include "domain/session.hpp"
#include "domain/user.hpp"
#include "store/test_keys.hpp"

namespace keystead::store {

// A local one where there is an address.
inline domain::User make_user(std::string email = "", std::string name = "Ada") {
  domain::User user;
  user.id = domain::UserId::mint(system_random());
  user.is_local = !email.empty();
  user.email = std::move(email);
  user.name = std::move(name);
  user.created_at = at(1000);
  return user;
}

inline domain::Identity make_identity(std::string subject) {
  return domain::Identity::make("https://issuer.example", std::move(subject)).value();
}

// From 1000, idle at 5000, over at 9000.
inline domain::Session make_session(domain::User const& user) {
  domain::Session session;
  session.id = domain::SessionId::mint(system_random());
  session.user = user.id;
  system_random().fill(session.digest);
  session.pepper_version = 3;
  session.created_at = session.last_seen_at = at(1000);
  session.idle_until = at(5000);
  session.expires_at = at(9000);
  session.signed_in_by = "password";
  session.address = "203.0.113.7";
  session.user_agent = "Mozilla/5.0";
  return session;
}

// Until 9000.
inline domain::OneTimeLink make_link(
    domain::LinkPurpose purpose, std::optional<domain::UserId> const& user = {}
) {
  domain::OneTimeLink link;
  system_random().fill(link.digest);
  link.pepper_version = 3;
  link.purpose = purpose;
  link.user = user;
  link.email = "ada@example.com";
  link.created_at = at(1000);
  link.expires_at = at(9000);
  return link;
}

// How often a race is run: a few times, or as often as KEYSTEAD_RACE_ROUNDS says.
inline int race_rounds() {
  auto const* rounds = std::getenv("KEYSTEAD_RACE_ROUNDS");
  return rounds ? std::atoi(rounds) : 10;
}

// How many of 64 threads that do it at once say yes.
inline int count_of_64(std::function<bool()> const& act) {
  std::atomic<int> count = 0;
  {
    std::list<std::jthread> threads;
    for (int thread = 0; thread < 64; ++thread) {
      threads.emplace_back([&] {
        if (act()) ++count;
      });
    }
  }
  return count;
}

}  // namespace keystead::store
