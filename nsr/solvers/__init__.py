"""Back ends: one file each, a registry, routing, and the strategies built on them."""
