"""The web page of the store: `jwgraph serve`. Needs the extra `web`."""
