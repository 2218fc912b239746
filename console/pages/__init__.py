"""One module a page: a router, its queries, its templates."""
