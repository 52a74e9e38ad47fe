// The configuration file as a list of fields: key, member, meaning, bounds. The reader, the
// complaint about an unknown key and the JSON Schema are all made from these functions, so a new
// field is one member in config.hpp and one line here.
#pragma once

#include <cstdint>

#include "app/config/describe_keys.hpp"
#include "app/config/describe_policy.hpp"
#include "app/config/field_kinds.hpp"

namespace keystead::app {

template <class V>
void describe(V& v, ServiceConfig& c) {
  v.field(
      "name",
      c.name,
      "Short name of the service, as MCP clients see it.",
      Rule{.min = 1, .max = 100}
  );
  v.field("title", c.title, "Name for people to read.", Rule{.max = 200});
  v.field("url", c.url, "Public address of the service; made from the listen address if absent.");
  v.field(
      "instructions",
      c.instructions,
      "What an MCP client tells its model about this service.",
      Rule{.max = 16'384}
  );
}

template <class V>
void describe(V& v, TlsConfig& c) {
  v.field(
      "certificate",
      c.certificate,
      "PEM file: the certificate and its chain.",
      Rule{.required = true}
  );
  v.field("key", c.key, "PEM file: the private key.", Rule{.required = true});
}

template <class V>
void describe(V& v, ListenConfig& c) {
  v.field("address", c.address, "IP address and port to listen on; port 0 takes a free one.");
  v.field("tls", c.tls, "Serve TLS 1.2 and 1.3 from these files; plain HTTP if absent.");
}

template <class V>
void describe(V& v, DeadlinesConfig& c) {
  v.field("header", c.header, "For a request's head, from its first byte.");
  v.field("body", c.body, "For a request's body.");
  v.field("idle", c.idle, "How long a connection may wait for its next request.");
  v.field("write", c.write, "For a response to be taken by the client.");
  v.field("drain", c.drain, "For requests under way when the server is asked to stop.");
}

template <class V>
void describe(V& v, RingConfig& c) {
  v.field(
      "keys_max",
      c.keys_max,
      "Keys that are answered from memory.",
      Rule{.min = 1, .max = 100'000'000}
  );
  v.field(
      "negative_max",
      c.negative_max,
      "Unknown keys that are remembered as unknown.",
      Rule{.min = 0, .max = 10'000'000}
  );
  v.field("negative_ttl", c.negative_ttl, "How long an unknown key is remembered.");
}

template <class V>
void describe(V& v, LimitsConfig& c) {
  v.field("body", c.body, "Size of a request's body.");
  v.field("header", c.header, "Size of a request's head: request line and header fields.");
  v.field(
      "header_count", c.header_count, "Header fields of a request.", Rule{.min = 1, .max = 1'000}
  );
  v.field("connections", c.connections, "Open connections.", Rule{.min = 1, .max = 1'000'000});
  v.field(
      "connections_per_address",
      c.connections_per_address,
      "Open connections from one address.",
      Rule{.min = 1, .max = 1'000'000}
  );
  v.field(
      "io_threads",
      c.io_threads,
      "Threads that serve connections; 0 for one on each core.",
      Rule{.min = 0, .max = 256}
  );
  v.field(
      "workers",
      c.workers,
      "Threads for requests that touch the database.",
      Rule{.min = 1, .max = 256}
  );
  v.field(
      "worker_queue",
      c.worker_queue,
      "Requests that may wait for a worker; beyond that the answer is 503.",
      Rule{.min = 1, .max = 100'000}
  );
  v.field(
      "tenant_files",
      c.tenant_files,
      "Tenants' databases that are kept open.",
      Rule{.min = 1, .max = 10'000}
  );
  v.field("deadlines", c.deadlines, "How long each step of a request may take.");
  v.field("ring", c.ring, "The memory of keys that were seen.");
}

template <class V>
void describe(V& v, LogConfig& c) {
  v.field("level", c.level, "The least severe events that are logged.");
  v.field("requests", c.requests, "Which requests are logged.");
}

template <class V>
void describe(V& v, FieldForm& c) {
  v.field("type", c.type, "text, integer, number, boolean, date or datetime; with ! if required.");
  v.field(
      "choices", c.choices, "The values of a choice, instead of a type.", Rule{.min = 1, .max = 200}
  );
  v.field("required", c.required, "Whether each row must have a value.");
  v.field("unique", c.unique, "Whether no two rows of a tenant may have the same value.");
  v.field("default", c.default_value, "The value of a new row that names none.");
  v.field("max", c.max, "Most bytes of a text.", Rule{.min = 1, .max = 1'048'576});
  v.field(
      "description",
      c.description,
      "What the field means, for people and models.",
      Rule{.max = 1'000}
  );
}

template <class V>
void describe(V& v, ToolForm& c) {
  v.field(
      "do",
      c.operation,
      "What the tool does: list, get, create, update, delete, or propose, which shows what create "
      "would make and writes nothing.",
      Rule{.required = true}
  );
  v.field("title", c.tool.title, "Name for people to read.", Rule{.max = 200});
  v.field(
      "description", c.tool.description, "What the tool is for, for models.", Rule{.max = 4'000}
  );
  v.field(
      "where",
      c.where,
      "Only for list and get: values that rows must have, which no caller can lift."
  );
  v.field(
      "require",
      c.tool.require,
      "Only for list: fields whose value the caller must give, as arguments of those names.",
      Rule{.min = 1, .max = 63}
  );
  v.field(
      "optional",
      c.tool.optional,
      "Only for list: fields whose value the caller may give in the same way.",
      Rule{.min = 1, .max = 63}
  );
  v.field(
      "by",
      c.tool.by,
      "Only for get: the unique field that the row is looked for by; its id if absent.",
      Rule{.min = 1, .max = 63}
  );
  v.field(
      "argument",
      c.tool.argument,
      "Only for get: what its argument is called; id, or the name of the field, if absent.",
      Rule{.min = 1, .max = 63}
  );
  v.field(
      "scope",
      c.tool.scope,
      "Scope that the tool needs; the collection's if absent, and propose reads.",
      Rule{.min = 1, .max = 128}
  );
}

template <class V>
void describe(V& v, CollectionConfig& c) {
  domain::Collection& collection = c.collection;
  v.field(
      "description",
      collection.description,
      "What a row is, for people and models.",
      Rule{.max = 1'000}
  );
  v.field(
      "fields",
      Fields{collection.fields},
      "Fields by name: a type such as text, text! (required), or a list of choices, or a map that "
      "spells it out.",
      Rule{.required = true}
  );
  v.field(
      "read",
      collection.read_scope,
      "Scope that reading needs; any key of the tenant if absent.",
      Rule{.min = 1, .max = 128}
  );
  v.field(
      "write",
      collection.write_scope,
      "Scope that writing needs; any key of the tenant if absent.",
      Rule{.min = 1, .max = 128}
  );
  v.field(
      "tools",
      CollectionTools{collection.fields, collection.tools},
      "MCP tools by name, each with what it does or a map that spells it out; NAME_list, NAME_get, "
      "NAME_create, NAME_update and NAME_delete if absent."
  );
  v.field("rest", collection.rest, "Whether it is a REST resource.");
  v.field("samples", Samples{collection.fields, c.samples}, "Rows that the demo begins with.");
}

template <class V>
void describe(V& v, McpConfig& c) {
  v.field(
      "paths",
      c.paths,
      "Paths of the endpoint; the first is told to people.",
      Rule{.min = 1, .max = 200}
  );
  v.field(
      "page_size", c.page_size, "Tools on one page of tools/list.", Rule{.min = 1, .max = 1'000}
  );
  v.field(
      "open",
      c.open,
      "Whether initialize, ping and server/discover are answered without a credential."
  );
  v.field(
      "resource_metadata",
      c.resource_metadata,
      "Whether challenges point to a document of RFC 9728, which is served then."
  );
}

template <class V>
void describe(V& v, Config& c) {
  v.field("service", c.service, "What this service is called, and where it is reached.");
  v.field(
      "tenant",
      c.tenant,
      "The product's word for a tenant, or two words from the outer level to the inner."
  );
  v.field("keys", c.keys, "API keys and their scopes.");
  v.field("listen", c.listen, "Where the server listens.");
  v.field("limits", c.limits, "Bounds on what one caller, or all of them, can take.");
  v.field("log", c.log, "What goes to the log, one JSON object on a line of stderr.");
  v.field("origins", c.origins, "Browser origins that may call; that of service.url if absent.");
  v.field(
      "collections", ByName<CollectionConfig>{c.collections}, "What a tenant's data looks like."
  );
  v.field("tools", c.tools, "Built-in tools to switch on.", Rule{.min = 1, .max = 64});
  v.field("mcp", c.mcp, "The MCP endpoint.");
  v.field("denials", Denials{c.denials}, "How each refusal is worded, by its name.");
  v.field("rate_limits", c.rate_limits, "How many tool calls are allowed in how much time.");
  v.field(
      "rules", Rules{c.rules}, "What is decided about tools beyond their scopes, in this order."
  );
  v.field("audit", c.audit, "What the audit log records.");
  v.field("verify", c.verify, "The answer to other gateways, who ask whether a request may pass.");
  v.field(
      "oauth",
      c.oauth,
      "The authorization server of OAuth 2.1 for MCP clients; there is none if absent, and keys "
      "are all that is taken."
  );
  v.field("issuers", ByName<IssuerConfig>{c.issuers}, "Sign-ins that the product has already.");
  v.field("sign_in", c.sign_in, "How people sign in here.");
  v.field("mail", c.mail, "How invitations and links to reset a password are sent.");
  v.field("leak_reports", c.leak_reports, "Who may report keys that were found in public.");
  v.field(
      "trusted_proxies",
      c.trusted_proxies,
      "Proxies whose X-Forwarded-For is believed; nobody's if absent."
  );
}

// A visitor that does nothing, to ask whether a type is described at all.
struct NoVisitor {
  template <class T>
  void field(std::string_view, T&&, std::string_view, Rule const& = {}) {}
};

template <class T>
concept Described = requires(NoVisitor& v, T& value) { describe(v, value); };

}  // namespace keystead::app
