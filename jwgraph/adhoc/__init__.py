"""Ad-hoc Cypher: the gate that allows reading only, and the run of one statement."""
