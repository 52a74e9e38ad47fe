// What every ControlStore must do with clients.
#pragma once

#include "store/audit_contract.hpp"
#include "store/control_store_fixture.hpp"

namespace keystead::store {

inline std::string render(domain::Client const& client) {
  auto time = [](std::optional<Time> const& value) {
    return value ? std::to_string(value->time_since_epoch().count()) : std::string("-");
  };
  std::string line = client.id.text() + " '" + client.name + "' " +
                     std::string(name_of(client.origin)) + " " + std::string(name_of(client.auth)) +
                     " v" + std::to_string(client.pepper_version) + " [";
  for (auto const& uri : client.redirect_uris) line += uri + ",";
  for (auto type : client.grant_types) line += std::string(name_of(type)) + ",";
  for (auto const& scope : client.scopes) line += scope + ",";
  line += "] " + client.jwks + " " + client.metadata + " " + client.address + " ";
  line += client.tenant ? client.tenant->text() : "-";
  if (client.secret) {
    for (unsigned char byte : *client.secret) line += " " + std::to_string(byte);
  }
  return line + " " + time(client.created_at) + " " + time(client.last_used_at) + " " +
         time(client.fresh_until) + (client.is_key_bound ? " key bound" : "");
}

TEST_P(ControlStoreContract, AClientComesBackAsItWasAdded) {
  auto client = make_client();
  auto& clients = store->clients();
  ASSERT_TRUE(clients.add_client(client, make_entry("client.register")));
  ASSERT_TRUE(clients.find_client(client.id));
  EXPECT_EQ(render(*clients.find_client(client.id)), render(client));
  EXPECT_EQ(code_of(clients.add_client(client, make_entry())), Code::conflict);
  EXPECT_FALSE(clients.find_client(domain::ClientId("KC_1"))) << "compared byte by byte";

  auto full = make_client("https://app.example/client.json");
  full.origin = domain::ClientOrigin::metadata_document;
  full.auth = domain::ClientAuth::private_key_jwt;
  full.secret = make_digest();
  full.is_key_bound = true;
  full.tenant = add_tenant().id;
  full.scopes = {"mcp:read"};
  full.jwks = R"({"keys":[]})";
  full.metadata = R"({"client_uri":"https://app.example"})";
  full.last_used_at = at(2000);
  full.fresh_until = at(3000);
  ASSERT_TRUE(clients.add_client(full, make_entry()));
  EXPECT_EQ(render(*clients.find_client(full.id)), render(full));
  EXPECT_EQ(clients.list_clients().size(), 2u);
  EXPECT_EQ(events_of(*store).front(), "client.register");
  ASSERT_TRUE(store->remove_tenant(*full.tenant, make_entry()));
  EXPECT_FALSE(clients.find_client(full.id)) << "it acted there by itself";
}

TEST_P(ControlStoreContract, AClientThatCannotBeKeptIsRefused) {
  auto code = [&](domain::Client const& client) {
    return code_of(store->clients().add_client(client, make_entry()));
  };
  auto client = make_client("");
  EXPECT_EQ(code(client), Code::invalid_request);
  client = make_client(std::string(513, 'a'));
  EXPECT_EQ(code(client), Code::invalid_request);
  client = make_client();
  client.redirect_uris = {"https://a.example/ https://b.example/"};
  EXPECT_EQ(code(client), Code::invalid_request) << "it would come back as two";
  client = make_client();
  client.name = "\xff";
  EXPECT_EQ(code(client), Code::invalid_request);
  client = make_client();
  client.tenant = make_tenant("nobody").id;
  EXPECT_EQ(code(client), Code::not_found);
}

TEST_P(ControlStoreContract, AClientIsToldAnewButKeepsItsFirstDay) {
  auto& clients = store->clients();
  auto client = make_client();
  ASSERT_TRUE(clients.put_client(client, make_entry()));
  clients.note_client_use(client.id, at(5000));
  clients.note_client_use(client.id, at(4000));
  auto changed = client;
  changed.name = "Other";
  changed.redirect_uris = {"https://other.example/"};
  changed.created_at = at(7000);
  ASSERT_TRUE(clients.put_client(changed, make_entry("client.change")));
  changed.created_at = at(1000);
  changed.last_used_at = at(5000);
  EXPECT_EQ(render(*clients.find_client(client.id)), render(changed));
  EXPECT_EQ(events_of(*store).back(), "client.change");
}

TEST_P(ControlStoreContract, Attack62WhoRegisteredIsCountedAndTheUnusedAreReaped) {
  auto& clients = store->clients();
  auto unused = make_client("kc_unused"), used = make_client("kc_used");
  auto granted = make_client("kc_granted"), ours = make_client("kc_ours");
  granted.address = "198.51.100.1";
  ours.origin = domain::ClientOrigin::configured;
  for (auto const& client : {unused, used, granted, ours}) {
    ASSERT_TRUE(clients.add_client(client, make_entry()));
  }
  EXPECT_EQ(clients.count_registered("", at(999)), 3u);
  EXPECT_EQ(clients.count_registered("203.0.113.7", at(999)), 2u);
  EXPECT_EQ(clients.count_registered("203.0.113.7", at(1000)), 0u);
  clients.note_client_use(used.id, at(5000));
  add_grant(make_grant("kc_granted"));
  EXPECT_EQ(clients.reap_clients(at(1000), at(5000)), 0u);
  EXPECT_EQ(clients.reap_clients(at(1001), at(5000)), 1u);
  EXPECT_FALSE(clients.find_client(unused.id));
  EXPECT_EQ(clients.reap_clients(at(1001), at(5001)), 1u);
  EXPECT_EQ(clients.list_clients().size(), 2u) << "what has a grant, and what is ours";
}

TEST_P(ControlStoreContract, Attack62WhoPublishesADocumentIsCountedAndReapedAlike) {
  auto& clients = store->clients();
  auto document = [](std::string_view name) {
    auto client = make_client("https://app.example/" + std::string(name));
    client.origin = domain::ClientOrigin::metadata_document;
    return client;
  };
  auto unused = document("unused"), used = document("used"), granted = document("granted");
  for (auto const& client : {unused, used, granted, make_client("kc_registered")}) {
    ASSERT_TRUE(clients.add_client(client, make_entry()));
  }
  EXPECT_EQ(clients.count_documents(at(999)), 3u);
  EXPECT_EQ(clients.count_documents(at(1000)), 0u);
  EXPECT_EQ(clients.count_registered("", at(999)), 1u);
  clients.note_client_use(used.id, at(5000));
  add_grant(make_grant(granted.id.text()));
  EXPECT_EQ(clients.reap_clients(at(1001), at(5000)), 2u) << "the unused, and who registered";
  EXPECT_EQ(clients.reap_clients(at(1001), at(5001)), 1u) << "what nobody has a grant of any more";
  EXPECT_TRUE(clients.find_client(granted.id));
  EXPECT_EQ(clients.count_documents(at(999)), 1u);
}

TEST_P(ControlStoreContract, WithAClientItsGrantsEnd) {
  auto& clients = store->clients();
  auto client = make_client();
  ASSERT_TRUE(clients.add_client(client, make_entry()));
  auto grant = add_grant(make_grant("kc_1")), other = add_grant(make_grant("kc_2"));
  auto child = make_grant("kc_2");
  child.parent = grant.id;
  add_grant(child);
  auto ended = clients.remove_client(client.id, at(2000), make_entry("client.remove"));
  ASSERT_TRUE(ended);
  EXPECT_THAT(*ended, testing::UnorderedElementsAre(grant.id, child.id));
  EXPECT_FALSE(is_living(child));
  EXPECT_TRUE(is_living(other));
  EXPECT_EQ(code_of(clients.remove_client(client.id, at(2000), make_entry())), Code::not_found);
  EXPECT_EQ(events_of(*store).back(), "client.remove");
}

}  // namespace keystead::store
