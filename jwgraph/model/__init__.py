"""The model: vocabulary of the graph, records that loaders yield, columns of answers."""
