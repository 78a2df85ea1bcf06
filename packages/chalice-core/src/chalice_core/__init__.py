"""The core of the Chalice tools: manifest, configuration, resource kinds, graph, and the hooks that plugins implement."""
