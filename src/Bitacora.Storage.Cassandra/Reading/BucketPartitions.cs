using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>The partitions of one bucket that may have records of one or more layers.</summary>
/// <param name="Layers">The layers, in their order: both where their layouts agree, so that one look into a partition is for both.</param>
/// <param name="Begin">When it begins, in units of 100 ns since 1970.</param>
/// <param name="End">When it ends.</param>
/// <param name="Keys">The partitions.</param>
internal sealed record BucketPartitions(IReadOnlyList<Layer> Layers, long Begin, long End, IReadOnlyList<PartitionKey> Keys);
