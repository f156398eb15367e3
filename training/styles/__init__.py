"""Styles that learn: banks, feed-forward networks, and the studies beside the papers' figures."""
