#pragma once
// What the listeners of every family share.

#include "socket_stream.h"

#include <functional>
#include <memory>

#include <boost/asio/basic_socket_acceptor.hpp>

#include "beredd/io/network.h"

namespace beredd::io {

using StreamAcceptor =
    boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol, Executor>;

// `clean_up` runs once, after the listener was closed.
std::unique_ptr<Listener> make_listener(StreamAcceptor acceptor, Address local, Homes homes,
                                        std::function<void()> clean_up);

}  // namespace beredd::io
