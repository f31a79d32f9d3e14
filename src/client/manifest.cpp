// The manifest of a folder, as JSON.
#include "client/manifest.hpp"

#include <nlohmann/json.hpp>

#include <tuple>

#include "client/file_name.hpp"
#include "client/messages.hpp"

namespace vidyo_cdr {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

Json OrNull(const std::optional<std::string> &text) { return text ? Json(*text) : Json(nullptr); }

std::optional<std::string> OptText(const Json &object, const char *key) {
  const Json &value = object.at(key);
  return value.is_null() ? std::nullopt : std::optional(value.get<std::string>());
}

Json ToJson(const Request &request) {
  return {{"system_identifier", request.system_identifier},
          {"database", request.database},
          {"role", request.role},
          {"time_zone", request.time_zone},
          {"start_time", OrNull(request.start_time)},
          {"end_time", OrNull(request.end_time)},
          {"tenants", request.tenants},
          {"each_tenant", request.each_tenant},
          {"profile", request.profile},
          {"delimiter", request.delimiter},
          {"header", request.has_header},
          {"gzip", request.is_gzipped}};
}

Request RequestFrom(const Json &json) {
  Request request;
  request.system_identifier = json.at("system_identifier").get<std::string>();
  request.database = json.at("database").get<std::string>();
  request.role = json.at("role").get<std::string>();
  request.time_zone = json.at("time_zone").get<std::string>();
  request.start_time = OptText(json, "start_time");
  request.end_time = OptText(json, "end_time");
  request.tenants = json.at("tenants").get<std::vector<std::string>>();
  request.each_tenant = json.at("each_tenant").get<bool>();
  request.profile = json.at("profile").get<std::string>();
  request.delimiter = json.at("delimiter").get<std::string>();
  request.has_header = json.at("header").get<bool>();
  request.is_gzipped = json.at("gzip").get<bool>();
  return request;
}

Json ToJson(const Origin &origin) {
  return {{"host", origin.host},
          {"port", origin.port},
          {"server_version", origin.server_version},
          {"extension_version", origin.extension_version},
          {"client_version", origin.client_version},
          {"snapshot", origin.snapshot},
          {"time", origin.time}};
}

Origin OriginFrom(const Json &json) {
  Origin origin;
  origin.host = json.at("host").get<std::string>();
  origin.port = json.at("port").get<std::string>();
  origin.server_version = json.at("server_version").get<std::string>();
  origin.extension_version = json.at("extension_version").get<std::string>();
  origin.client_version = json.at("client_version").get<std::string>();
  origin.snapshot = json.at("snapshot").get<std::string>();
  origin.time = json.at("time").get<std::string>();
  return origin;
}

Json ToJson(const FileEntry &file) {
  Json json = {{"name", file.name},
               {"state", file.written ? "written" : "pending"},
               {"tenant", OrNull(file.tenant)},
               {"start_time", OrNull(file.start_time)},
               {"end_time", OrNull(file.end_time)},
               {"records", file.written ? file.written->records : file.expected_records}};
  if (file.written) {
    json["open_calls"] = file.written->open_calls;
    json["bytes"] = file.written->bytes;
    json["sha256"] = file.written->sha256;
    json["snapshot"] = file.written->snapshot;
    json["time"] = file.written->time;
  }
  return json;
}

FileEntry FileFrom(const Json &json) {
  FileEntry file;
  file.name = json.at("name").get<std::string>();
  if (!IsRangeFileName(file.name)) {
    throw Error("\"" + file.name + "\" is not the name of an exported file");
  }
  file.tenant = OptText(json, "tenant");
  file.start_time = OptText(json, "start_time");
  file.end_time = OptText(json, "end_time");
  file.expected_records = json.at("records").get<int64_t>();
  if (json.at("state") == "written") {
    WrittenFile written;
    written.records = file.expected_records;
    written.open_calls = json.at("open_calls").get<int64_t>();
    written.bytes = json.at("bytes").get<int64_t>();
    written.sha256 = json.at("sha256").get<std::string>();
    written.snapshot = json.at("snapshot").get<std::string>();
    written.time = json.at("time").get<std::string>();
    file.written = written;
  }
  return file;
}

}  // namespace

bool operator==(const Request &one, const Request &other) {
  const auto all = [](const Request &request) {
    return std::tie(request.system_identifier, request.database, request.role, request.time_zone,
                    request.start_time, request.end_time, request.tenants, request.each_tenant,
                    request.profile, request.delimiter, request.has_header, request.is_gzipped);
  };
  return all(one) == all(other);
}

std::string FormatManifest(const Manifest &manifest) {
  Json files = Json::array();
  for (const FileEntry &file : manifest.files) {
    files.push_back(ToJson(file));
  }
  const Json json = {{"format", kFormat},
                     {"origin", ToJson(manifest.origin)},
                     {"request", ToJson(manifest.request)},
                     {"files", files}};
  // Texts of a database that checks no encoding may be no UTF-8.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Manifest ParseManifest(const std::string &text) {
  try {
    const Json json = Json::parse(text);
    if (json.at("format") != kFormat) {
      throw Error("it is of a format that this version of export_cdr does not know");
    }
    Manifest manifest;
    manifest.origin = OriginFrom(json.at("origin"));
    manifest.request = RequestFrom(json.at("request"));
    for (const Json &file : json.at("files")) {
      manifest.files.push_back(FileFrom(file));
    }
    return manifest;
  } catch (const Json::exception &exception) {
    throw Error(exception.what());
  }
}

}  // namespace vidyo_cdr
