namespace Bitacora.Storage.Cassandra;

/// <summary>A table on one node. Cassandra gives latencies in whole milliseconds, of the last minutes mostly.</summary>
/// <param name="Name">The table.</param>
/// <param name="DiskMebibytes">On disk, in whole MiB.</param>
/// <param name="LargestPartitionMebibytes">Its largest partition, as of the last compactions, in whole MiB.</param>
/// <param name="Writes">Writes that this node took as a replica since it started.</param>
/// <param name="LocalWriteP99Milliseconds">99 of 100 writes to this replica took at most so long.</param>
/// <param name="CoordinatedWrites">Writes that clients sent to this node since it started.</param>
/// <param name="CoordinatorWriteP99Milliseconds">99 of 100 of those took at most so long, the other replicas included.</param>
public sealed record TableReport(
    string Name, long DiskMebibytes, long LargestPartitionMebibytes, long Writes, double LocalWriteP99Milliseconds,
    long CoordinatedWrites, double CoordinatorWriteP99Milliseconds);
