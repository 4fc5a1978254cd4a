"""Neo4j in a container, for the tests that want it apart from the managed server."""
