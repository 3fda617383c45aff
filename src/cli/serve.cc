// SPDX-License-Identifier: Apache-2.0
// landfall serve, landfall openapi.
#include "server/serve.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/cli.h"
#include "exchange/mail.h"
#include "server/openapi.h"

namespace landfall::cli {

void AddServe(CLI::App& app, int& exit_code) {
  struct Options {
    std::vector<std::string> ledgers;
    std::string listen = "127.0.0.1:8080";
    int threads = 2;
    bool follow = false;
    std::string smtp, mail_from, origin;
    bool publish_log = false;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* serve = app.add_subcommand("serve", "Serve ledgers over HTTP until SIGTERM or SIGINT");
  serve->add_option("LEDGER", options->ledgers, "Ledgers: folders or postgresql://…")->required();
  serve
      ->add_option("--listen", options->listen,
                   "Address and port, port 0 lets the system choose; or unix:PATH, a socket for a proxy in front")
      ->capture_default_str();
  serve->add_option("--threads", options->threads, "Threads that read and write sockets")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  serve->add_flag("--follow", options->follow, "Serve reads only, following the server that writes the same ledger");
  CLI::Option* smtp = serve->add_option("--smtp", options->smtp,
                                        "Address and port of a mail relay; sends daily digests to who asked for them");
  CLI::Option* from = serve->add_option("--mail-from", options->mail_from, "The sender's address of these mails");
  smtp->needs(from);
  from->needs(smtp);
  serve->add_option("--origin", options->origin,
                    "Where people open the pages, for links in mails and papers: https://…");
  serve->add_flag("--publish-log", options->publish_log,
                  "Anybody may fetch the log (leaves, tiles, checkpoint) under /log/CODE/");
  serve->callback([options, &exit_code] {
    auto listen = server::ParseListenAddress(options->listen);
    if (!listen) {
      exit_code = PrintRefusal(listen.error());
      return;
    }
    server::ServeOptions serve_options{options->ledgers, listen->address, listen->port, options->threads,
                                       [](std::string_view line) { fmt::print(stderr, "{}\n", line); }};
    serve_options.follow = options->follow;
    serve_options.publish_log = options->publish_log;
    while (options->origin.ends_with('/')) options->origin.pop_back();
    serve_options.origin = options->origin;
    if (!options->smtp.empty()) {
      auto relay = server::ParseHostAndPort(options->smtp);
      if (!relay) {
        exit_code = PrintRefusal(relay.error());
        return;
      }
      if (Status good = exchange::CheckMailAddress(options->mail_from); !good) {
        exit_code = PrintRefusal(good.error());
        return;
      }
      serve_options.mail =
          server::MailerOptions{{relay->address, relay->port}, options->mail_from, options->origin, {}};
    }
    if (Status served = server::ServeUntilSignal(serve_options); !served) exit_code = PrintRefusal(served.error());
  });
  CLI::App* openapi = app.add_subcommand("openapi", "Print the OpenAPI description of the HTTP API");
  openapi->callback([] { fmt::print("{}\n", server::OpenApiDocument()); });
}

}  // namespace landfall::cli
