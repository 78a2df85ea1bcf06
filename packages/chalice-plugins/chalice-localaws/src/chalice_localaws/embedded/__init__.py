"""The server process of an embedded AWS: moto keeps the state, our data plane runs what was deployed."""
