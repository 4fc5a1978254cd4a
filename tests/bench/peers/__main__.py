"""`python -m tests.bench.peers`; a process of a peer starts without what only the measuring one needs."""

from __future__ import annotations

if __name__ == "__main__":
    from tests.bench.peers.run import main

    main()
