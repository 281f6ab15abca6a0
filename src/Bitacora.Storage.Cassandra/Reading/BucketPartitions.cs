using Bitacora.Records;
using Bitacora.Storage.Cassandra.Partitioning;

namespace Bitacora.Storage.Cassandra.Reading;

/// <summary>The partitions of one bucket of a layer that may have records.</summary>
internal sealed record BucketPartitions(Layer Layer, long Begin, long End, IReadOnlyList<PartitionKey> Keys);
