"""The core of the Chalice tools: manifest, configuration, resource kinds, graph, hooks of plugins."""
