"""Networks, filters, pixels and the store of weights."""
