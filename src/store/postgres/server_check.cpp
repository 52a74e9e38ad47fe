#include "store/postgres/server_check.hpp"

namespace keystead::store::postgres {
namespace {

using Grade = Finding::Grade;

constexpr char kPolicy[] = "tenant_wall";
constexpr char kSeen[] =
    "(tenant = current_setting('keystead.tenant')::uuid"
    " AND (environment = current_setting('keystead.environment')"
    " OR current_setting('keystead.environment') = '*'))";
constexpr char kWritten[] =
    "(tenant = current_setting('keystead.tenant')::uuid"
    " AND environment = current_setting('keystead.environment'))";
// The same as the server writes it.
constexpr char kSeenAsKept[] =
    "((tenant = (current_setting('keystead.tenant'::text))::uuid)"
    " AND ((environment = current_setting('keystead.environment'::text))"
    " OR (current_setting('keystead.environment'::text) = '*'::text)))";
constexpr char kWrittenAsKept[] =
    "((tenant = (current_setting('keystead.tenant'::text))::uuid)"
    " AND (environment = current_setting('keystead.environment'::text)))";

// A policy counts as ours if it is for every command and every role, and lets pass what ours does.
constexpr char kSelectWalls[] =
    "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, c.relowner = u.oid,"
    "  (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid),"
    "  (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*'"
    "    AND p.polpermissive AND p.polroles = '{0}' AND pg_get_expr(p.polqual, p.polrelid) = $2"
    "    AND pg_get_expr(p.polwithcheck, p.polrelid) = $3)"
    " FROM pg_class c JOIN pg_roles u ON u.rolname = current_user"
    " WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)"
    "  AND c.relkind IN ('r', 'p') AND left(c.relname, 2) = 'c_' ORDER BY 1";

// The first minor version of each major one that keeps statistics behind row-level security.
int first_safe(int major) {
  switch (major) {
    case 15: return 14;
    case 16: return 10;
    case 17: return 6;
    default: return 0;
  }
}

std::string setting(Connection& connection, std::string_view name) {
  Statement statement = connection.prepare("SELECT current_setting($1)");
  if (!statement.bind(name).next()) throw Broken("a setting is missing");
  return std::string(statement.text(0));
}

Finding check_wall(Statement const& row) {
  std::string table(row.text(0));
  if (!row.boolean(1)) return {Grade::bad, table + ": row-level security is not forced"};
  if (!row.boolean(2)) return {Grade::bad, table + ": the table belongs to another role"};
  if (row.integer(3) != 1 || row.integer(4) != 1) {
    return {Grade::bad, table + ": its policies are not the one that Keystead made"};
  }
  return {Grade::good, table + ": row-level security is forced"};
}

}  // namespace

Finding check_version(int version) {
  int major = version / 10'000, minor = version % 10'000;
  std::string name = "PostgreSQL " + std::to_string(major) + "." + std::to_string(minor);
  if (major < 15) return {Grade::bad, name + " is too old; 15.14 or later is needed"};
  if (minor >= first_safe(major)) return {Grade::good, name};
  return {
      Grade::bad,
      name + " lets statistics tell of rows behind row-level security (CVE-2025-8713); " +
          std::to_string(major) + "." + std::to_string(first_safe(major)) + " or later is needed"
  };
}

Finding check_role(Connection& connection) {
  Statement statement = connection.prepare(
      "SELECT current_user, r.rolname FROM pg_roles r WHERE (r.rolsuper OR r.rolbypassrls)"
      " AND (pg_has_role(session_user, r.oid, 'MEMBER') OR pg_has_role(current_user, r.oid, "
      "'MEMBER'))"
      " ORDER BY r.rolname <> current_user LIMIT 1"
  );
  if (!statement.next()) return {Grade::good, "row-level security holds for our role"};
  std::string self(statement.text(0)), strong(statement.text(1));
  return {
      Grade::bad,
      "the role " + self + " is " +
          (self == strong ? "" : "a member of " + strong + ", which is ") +
          "a superuser or has BYPASSRLS, so row-level security does not hold for it"
  };
}

Finding check_encoding(Connection& connection) {
  std::string encoding = setting(connection, "server_encoding");
  if (encoding == "UTF8") return {Grade::good, "the database is encoded in UTF-8"};
  return {Grade::bad, "the database is encoded in " + encoding + ", and has to be in UTF8"};
}

void refuse_unsafe(Connection& connection) {
  auto refuse = [&](Finding const& finding) {
    if (finding.grade == Grade::bad) throw Broken(connection.name() + ": " + finding.text);
  };
  refuse(check_version(connection.server_version()));
  refuse(check_role(connection));
  refuse(check_encoding(connection));
}

std::vector<Finding> check_walls(Connection& connection) {
  std::vector<Finding> findings;
  Statement tables = connection.prepare(kSelectWalls);
  tables.bind(kSchema, kSeenAsKept, kWrittenAsKept);
  while (tables.next()) findings.push_back(check_wall(tables));
  return findings;
}

std::string wall_sql(std::string const& table) {
  std::string alter = "; ALTER TABLE " + table;
  return "CREATE POLICY " + std::string(kPolicy) + " ON " + table + " USING " + kSeen +
         " WITH CHECK " + kWritten + alter + " ENABLE ROW LEVEL SECURITY" + alter +
         " FORCE ROW LEVEL SECURITY";
}

std::vector<Finding> check_settings(Connection& connection) {
  std::vector<Finding> findings;
  for (char const* name : {"fsync", "full_page_writes", "synchronous_commit"}) {
    if (setting(connection, name) != "off") continue;
    findings.push_back({Grade::warning, std::string(name) + " is off: a commit can be lost"});
  }
  Statement address = connection.prepare(
      "SELECT inet_server_addr() IS NULL OR inet_server_addr() << '127.0.0.0/8' OR"
      " inet_server_addr() = '::1'"
  );
  bool is_local = address.next() && address.boolean(0);
  if (!is_local && !connection.is_encrypted()) {
    findings.push_back(
        {Grade::warning, "the connection is not encrypted; add sslmode=verify-full to the URL"}
    );
  }
  return findings;
}

std::vector<Finding> inspect(Url const& url) {
  std::vector<Finding> findings;
  try {
    Connection connection(url);
    findings.push_back(check_version(connection.server_version()));
    findings.push_back(check_role(connection));
    findings.push_back(check_encoding(connection));
    for (auto& each : check_walls(connection)) findings.push_back(std::move(each));
    for (auto& each : check_settings(connection)) findings.push_back(std::move(each));
  } catch (Broken const& broken) {
    findings.push_back({Grade::bad, broken.what()});
  }
  return findings;
}

}  // namespace keystead::store::postgres
