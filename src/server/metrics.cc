// SPDX-License-Identifier: Apache-2.0
#include "server/metrics.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

namespace landfall::server {
namespace {

struct Text {
  std::string out;

  void Head(std::string_view name, std::string_view type, std::string_view help) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  void One(std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
    Head(name, type, help);
    out += fmt::format("{} {}\n", name, value);
  }
};

void AppendLatency(Text& text, const Metrics& m) {
  constexpr std::string_view kName = "landfall_http_request_seconds";
  text.Head(kName, "histogram", "From a complete request to its answer given to the kernel.");
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < m.latency_buckets.size(); ++i) {
    count += m.latency_buckets[i];
    const std::string bound =
        i < Metrics::kLatencyBoundsUs.size() ? fmt::format("{:g}", Metrics::kLatencyBoundsUs[i] / 1e6) : "+Inf";
    text.out += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", kName, bound, count);
  }
  text.out +=
      fmt::format("{}_sum {:.6f}\n{}_count {}\n", kName, static_cast<double>(m.latency_sum_us) / 1e6, kName, count);
}

void AppendLedgers(Text& text, std::span<const LedgerMetrics> ledgers) {
  const auto each = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
    text.Head(name, type, help);
    for (const LedgerMetrics& ledger : ledgers)
      text.out += fmt::format("{}{{ledger=\"{}\"}} {}\n", name, ledger.code, value(ledger));
  };
  const auto each_witnessed = [&](std::string_view name, std::string_view help, auto value) {
    text.Head(name, "gauge", help);
    for (const LedgerMetrics& ledger : ledgers)
      if (ledger.witnessed)
        text.out += fmt::format("{}{{ledger=\"{}\"}} {}\n", name, ledger.code, value(*ledger.witnessed));
  };
  each("landfall_entries", "gauge", "Records in the ledger.", [](const auto& l) { return l.entries; });
  each("landfall_writer_stopped", "gauge", "1 when the writer gave up.",
       [](const auto& l) { return l.stopped ? 1 : 0; });
  each("landfall_behind_entries", "gauge", "Records seen in the store that are not taken in yet.",
       [](const auto& l) { return l.standing.behind; });
  each("landfall_checked_seconds", "gauge", "Since the store was last seen to hold nothing more than is taken in.",
       [](const auto& l) {
         return fmt::format("{:.3f}", std::chrono::duration<double>(l.standing.checked_ago).count());
       });
  each("landfall_stale", "gauge", "1 for a follower that could not look for some seconds.",
       [](const auto& l) { return l.standing.stale() ? 1 : 0; });
  each_witnessed("landfall_unwitnessed_entries",
                 "Records that no witness has cosigned, of a ledger that has witnesses.",
                 [](const auto& w) { return w.behind; });
  each_witnessed("landfall_cosigned_timestamp_seconds", "When a witness cosigned last; 0 for never.",
                 [](const auto& w) { return w.posix_seconds; });
  each("landfall_commands_total", "counter", "Commands that came in.", [](const auto& l) { return l.stats.commands; });
  each("landfall_commits_total", "counter", "Transactions of the store.",
       [](const auto& l) { return l.stats.commits; });
  each("landfall_entries_written_total", "counter", "Records written since the start.",
       [](const auto& l) { return l.stats.entries; });
  each("landfall_reader_wait_seconds_total", "counter", "What the writer waited for readers.",
       [](const auto& l) { return fmt::format("{:.9f}", static_cast<double>(l.stats.reader_wait_ns_total) / 1e9); });
  each("landfall_reader_wait_seconds_max", "gauge", "The longest of these waits.",
       [](const auto& l) { return fmt::format("{:.9f}", static_cast<double>(l.stats.reader_wait_ns_max) / 1e9); });
}

}  // namespace

std::uint64_t ResidentBytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t pages = 0, resident = 0;
  if (!(in >> pages >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string PrometheusText(const Metrics& m, std::span<const LedgerMetrics> ledgers, std::size_t workers_queued) {
  Text text;
  text.Head("landfall_http_answers_total", "counter", "Answers by class of status.");
  for (std::size_t c = 2; c < m.answers_by_class.size(); ++c)
    text.out += fmt::format("landfall_http_answers_total{{class=\"{}xx\"}} {}\n", c, m.answers_by_class[c]);
  AppendLatency(text, m);
  text.One("landfall_http_bytes_in_total", "counter", "Bytes received.", m.bytes_in);
  text.One("landfall_http_bytes_out_total", "counter", "Bytes sent.", m.bytes_out);
  text.One("landfall_http_connections_total", "counter", "Connections accepted.", m.connections_accepted);
  text.One("landfall_http_connections_refused_total", "counter", "Connections refused.", m.connections_refused);
  text.One("landfall_http_timeouts_total", "counter", "Requests and answers cut for being slow.", m.timeouts);
  text.One("landfall_http_connections", "gauge", "Open connections.", m.live_connections);
  text.One("landfall_http_requests", "gauge", "Requests that wait for their answer.", m.live_requests);
  text.One("landfall_http_streams", "gauge", "Open event streams.", m.live_streams);
  text.One("landfall_workers_queued", "gauge", "Work that waits for a worker.", workers_queued);
  text.One("process_resident_memory_bytes", "gauge", "Memory of the process.", ResidentBytes());
  AppendLedgers(text, ledgers);
  return std::move(text.out);
}

}  // namespace landfall::server
