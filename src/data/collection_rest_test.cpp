#include "data/collection_rest.hpp"

#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "codec/json.hpp"
#include "data/test_stores.hpp"

namespace keystead::data {
namespace {

namespace json = boost::json;

constexpr std::string_view kAbsentId = "0190a5d0-0000-7000-8000-000000000000";

using RestFunction = decltype(&list_rows);

// What one call sends; the body's type is JSON unless a test says otherwise.
struct Sent {
  std::string_view id = {};
  std::string_view query = {};
  std::string_view body = {};
  std::vector<http::Header> headers = {{"content-type", "application/json"}};
};

class CollectionRest : public testing::Test {
 protected:
  // "200 {…}", or the text of the failure.
  std::string call(RestFunction function, Sent const& sent, domain::Permit const& permit) {
    http::Request request;
    request.query = sent.query;
    request.body = sent.body;
    request.headers = sent.headers;
    response.reset();
    auto store = stores.open(permit);
    auto done = function(permit, store, {stores.tasks(), request, sent.id}, response);
    if (done) return std::to_string(response.status) + " " + response.body;
    failure = done.error().code;
    EXPECT_TRUE(response.body.empty() && response.header_text().empty() && response.status == 200)
        << "a failure leaves the response alone";
    return done.error().public_text;
  }
  std::string call(RestFunction function, Sent const& sent) {
    return call(function, sent, stores.permit_a());
  }

  json::object body() const { return codec::parse_json(response.body).value().as_object(); }
  std::string create(std::string_view members) {
    std::string answer = call(create_row, {.body = members});
    return answer.starts_with("201") ? std::string(body().at("id").as_string()) : answer;
  }

  TestStores stores;
  http::Response response;
  Code failure = Code::internal;
};

TEST_F(CollectionRest, PostAnswersWithTheRowAndItsPlace) {
  std::string id = create(R"({"title":"a"})");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.find("Location"), "/api/v1/tasks/" + id);
  std::string created = response.body;
  EXPECT_EQ(call(get_row, {.id = id}), "200 " + created);
  EXPECT_EQ(response.content_type, "application/json");
}

TEST_F(CollectionRest, PatchChangesOnlyWhatWasSent) {
  std::string id = create(R"({"title":"a","due":"2026-11-22","count":1})");
  call(update_row, {.id = id, .body = R"({"due":null,"status":"done"})"});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(body().at("title"), json::value("a"));
  EXPECT_EQ(body().at("due"), json::value(nullptr));
  EXPECT_EQ(body().at("status"), json::value("done"));
  EXPECT_EQ(body().at("count"), json::value(1));
  EXPECT_EQ(
      call(update_row, {.id = id, .body = R"({"title":null,"colour":1})"}),
      "title: required, so it cannot be null; colour: no such field; nearest: color"
  );
}

TEST_F(CollectionRest, DeleteLeavesNothing) {
  std::string id = create(R"({"title":"a"})");
  EXPECT_EQ(call(delete_row, {.id = id}), "204 ");
  EXPECT_TRUE(response.content_type.empty());
  call(get_row, {.id = id});
  EXPECT_EQ(failure, Code::not_found);
  failure = Code::internal;
  call(delete_row, {.id = id});
  EXPECT_EQ(failure, Code::not_found);
}

TEST_F(CollectionRest, GetListsFilteredSortedAndPaged) {
  create(R"({"title":"a","count":2})");
  create(R"({"title":"b","count":1})");
  create(R"({"title":"c","count":3,"status":"done"})");
  call(list_rows, {.query = "status=open&sort=count&limit=1"});
  ASSERT_EQ(body().at("items").as_array().size(), 1u);
  EXPECT_EQ(body().at("items").at(0).at("title"), json::value("b"));
  std::string query = "status=open&sort=count&limit=1&cursor=";
  query += body().at("next_cursor").as_string();
  call(list_rows, {.query = query});
  EXPECT_EQ(body().at("items").at(0).at("title"), json::value("a"));
  EXPECT_FALSE(body().contains("next_cursor"));
  EXPECT_EQ(
      call(list_rows, {.query = "count=x&colour=red"}),
      "count: not an integer; colour: no such parameter; nearest: color"
  );
  EXPECT_EQ(failure, Code::invalid_request);
}

TEST_F(CollectionRest, ABodyMustBeDeclaredAsJson) {
  std::string id = create(R"({"title":"a"})");
  std::vector<std::vector<http::Header>> const refused = {
      {},
      {{"content-type", ""}},
      {{"content-type", "text/plain"}},
      {{"content-type", "application/x-www-form-urlencoded"}},
      {{"content-type", "application/jsonp"}},
      {{"content-type", "text/plain; application/json"}},
      {{"content-type", "application/json"}, {"content-type", "application/json"}},
  };
  for (auto const& headers : refused) {
    for (auto function : {&create_row, &update_row}) {
      EXPECT_EQ(
          call(function, {.id = id, .body = R"({"title":"b"})", .headers = headers}),
          "the body must be application/json"
      );
      EXPECT_EQ(failure, Code::unsupported_media_type);
    }
  }
  for (auto type :
       {"application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"}) {
    EXPECT_TRUE(
        call(
            create_row, {.body = R"({"title":"b"})", .headers = {{"Content-Type", type}}}
        ).starts_with("201 ")
    ) << type;
  }
  Sent patch{.id = id, .body = "{}", .headers = {{"Content-Type", "application/merge-patch+json"}}};
  EXPECT_TRUE(call(update_row, patch).starts_with("200 "));
  EXPECT_EQ(call(create_row, patch), "the body must be application/json");
}

TEST_F(CollectionRest, Attack84ABodyIsStrictJson) {
  EXPECT_EQ(
      call(create_row, {.body = R"({"title":"a","title":"b"})"}), "duplicate member name at byte 19"
  );
  for (auto body : {"", "{", "{}{}", "{\"title\":\"\\ud800\"}", "{'title':'a'}"}) {
    call(create_row, {.body = body});
    EXPECT_EQ(failure, Code::invalid_request) << body;
    failure = Code::internal;
  }
  for (auto body : {"[]", "null", "\"a\"", "1"}) {
    EXPECT_EQ(call(create_row, {.body = body}), "the body must be a JSON object") << body;
  }
}

TEST_F(CollectionRest, APathThatIsNoIdIsNotFound) {
  for (std::string_view id : {"1", "", "tasks", "%27", "0190A5D0-0000-7000-8000-000000000000"}) {
    for (auto function : {&get_row, &update_row, &delete_row}) {
      failure = Code::internal;
      call(function, {.id = id, .body = R"({"title":"b"})"});
      EXPECT_EQ(failure, Code::not_found) << id;
    }
  }
}

TEST_F(CollectionRest, Attack150ARowOfAnotherTenantIsNotFound) {
  std::string id = create(R"({"title":"a"})");
  for (auto function : {&get_row, &update_row, &delete_row}) {
    failure = Code::internal;
    std::string answer = call(function, {.id = id, .body = R"({"title":"b"})"}, stores.permit_b());
    EXPECT_EQ(failure, Code::not_found);
    Sent nobodys{.id = kAbsentId, .body = R"({"title":"b"})"};
    EXPECT_EQ(answer, call(function, nobodys, stores.permit_b()));
    nobodys.id = "no-id-at-all";
    EXPECT_EQ(answer, call(function, nobodys, stores.permit_b()));
  }
  EXPECT_EQ(call(list_rows, {}, stores.permit_b()), R"(200 {"items":[]})");
  call(get_row, {.id = id});
  EXPECT_EQ(body().at("title"), json::value("a"));
}

TEST_F(CollectionRest, Attack10ATenantMemberOrParameterIsRefused) {
  std::string id = create(R"({"title":"a"})");
  for (auto function : {&list_rows, &get_row, &create_row, &update_row, &delete_row}) {
    Sent sent{.id = id, .query = "tenant=b", .body = R"({"title":"b"})"};
    EXPECT_EQ(call(function, sent), "tenant: no such parameter");
    EXPECT_EQ(failure, Code::invalid_request);
  }
  for (auto function : {&create_row, &update_row}) {
    EXPECT_EQ(
        call(function, {.id = id, .body = R"({"title":"b","tenant":"b"})"}), "tenant: no such field"
    );
  }
}

TEST_F(CollectionRest, AUniqueFieldThatIsTakenIsAConflict) {
  create(R"({"title":"a","slug":"s"})");
  call(create_row, {.body = R"({"title":"b","slug":"s"})"});
  EXPECT_EQ(failure, Code::conflict);
}

}  // namespace
}  // namespace keystead::data
