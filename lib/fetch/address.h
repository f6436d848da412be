/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which addresses may be connected to: a feed's URL, a redirect or a name server must not
 * lead us into the network that we stand in. Depends on lib/base. */
#ifndef DGMI_ADDRESS_H
#define DGMI_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#include "dragoman.h"

/* Whether an address belongs to the public internet: neither private, loopback,
 * link-local, shared, multicast, reserved nor for documentation, also when it is an IPv4
 * address that an IPv6 one carries (mapped, compatible, NAT64, 6to4, Teredo). */
bool dgmi_address_public(const struct sockaddr *address);

/* Whether `allowed` ("no", "yes", or addresses and prefixes such as "10.1.0.0/16
 * fd00::/8" parted by white space or commas) or its being public permits the address. */
bool dgmi_address_allowed(const struct sockaddr *address, const char *allowed);

/* ARG, naming the part, if `allowed` cannot be understood. */
dgm_status dgmi_allowed_check(const char *allowed, dgm_error *err);

/* The address as text, without its port. Returns out. */
char *dgmi_address_text(const struct sockaddr *address, char *out, size_t size);

#endif
