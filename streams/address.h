/* Which addresses are not on the public Internet: where a connection would reach this machine, the
 * network it stands in or the cloud that runs it, instead of what a URL's name promises.
 *
 * Asked of the address that is connected to and not of a name or its spelling, which a resolver may
 * turn into any address, and each time into another.
 */
#ifndef DAGGER_STREAMS_ADDRESS_H
#define DAGGER_STREAMS_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

/* True for all but public unicast addresses: for loopback, private, link-local, unique-local,
 * shared (CGNAT), unspecified, multicast and reserved ones (IANA's special-purpose registries, RFC
 * 6890), and for addresses at which clouds tell machines about themselves. Of IPv4 addresses within
 * IPv6 ones (mapped, NAT64's 64:ff9b::/96, 6to4) the IPv4 address counts; Teredo is never public. A
 * family that is neither, or an address cut short, is private. */
bool dagger_address_is_private(const struct sockaddr *address, size_t len);

#endif
