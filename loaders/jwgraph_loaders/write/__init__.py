"""Write records to the store, in batches, one transaction each."""
