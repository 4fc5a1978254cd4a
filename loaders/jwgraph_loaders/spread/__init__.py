"""Read sources in many processes, of this machine or of a cluster, for the one writer."""
