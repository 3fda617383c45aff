// SPDX-License-Identifier: Apache-2.0
#include "server/http_exchange.h"

namespace landfall::server {

void EventStreamState::Wake() { exchange_.Wake(); }

bool Responder::Send(Response response) const { return exchange_->Answer(std::move(response)); }
bool Responder::abandoned() const { return exchange_->abandoned.load(std::memory_order_relaxed); }
EventStream Responder::Stream(std::vector<Field> headers) const {
  // The handle keeps the whole exchange; its last copy closes the stream.
  std::shared_ptr<Exchange> exchange = exchange_;
  if (!exchange->Open(std::move(headers))) return {};
  EventStreamState* stream = &exchange->stream;
  return EventStream(std::shared_ptr<EventStreamState>(
      stream, [exchange = std::move(exchange)](EventStreamState* state) { state->Close(); }));
}

bool EventStream::Send(std::string_view event, std::string_view id, std::string_view data) const {
  if (!state_) return false;
  std::string text;
  text.reserve(event.size() + id.size() + data.size() + 32);
  const auto append_field = [&text](std::string_view name, std::string_view value) {
    text += name;
    for (const char c : value)
      if (c != '\r' && c != '\n' && c != '\0') text += c;
    text += '\n';
  };
  if (!event.empty()) append_field("event: ", event);
  if (!id.empty()) append_field("id: ", id);
  while (true) {  // A reader joins the lines again with '\n'.
    const std::size_t end = data.find('\n');
    append_field("data: ", data.substr(0, end));
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + 1);
  }
  text += '\n';
  return state_->Send(text);
}
void EventStream::Close() const {
  if (state_) state_->Close();
}
bool EventStream::closed() const { return !state_ || state_->closed(); }

}  // namespace landfall::server
