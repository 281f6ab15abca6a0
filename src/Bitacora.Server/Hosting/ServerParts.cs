using Bitacora.Delivery;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Bitacora.Storage.Embedded;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Hosting;

/// <summary>What a server is made of that tests replace.</summary>
/// <param name="OpenStore">Opens the store; the write-ahead log is for reading back, it is not recovered yet.</param>
/// <param name="OpenFiles">Opens a directory of files: the write-ahead log's, the dead letters'.</param>
/// <param name="Clock">The clock.</param>
internal sealed record ServerParts(
    Func<ServerOptions, WriteAheadLog, ILogger, ILogStore> OpenStore, Func<string, IWalFiles> OpenFiles, TimeProvider Clock)
{
    public static ServerParts Real { get; } = new(Open, path => new WalDirectory(path), TimeProvider.System);

    private static ILogStore Open(ServerOptions options, WriteAheadLog log, ILogger logger) =>
        options.Store == StoreKind.Cassandra ? OpenCassandra(options, log, logger) : OpenEmbedded(options, logger);

    private static CassandraLogStore OpenCassandra(ServerOptions options, WriteAheadLog log, ILogger logger) => CassandraLogStore.Open(
        new CassandraStoreOptions
        {
            Cluster = options.Cluster.ToCqlOptions(TimeProvider.System),
            Keyspace = options.Cluster.Keyspace,
            Directory = options.StoreDirectory,
            QueryDeadline = options.QueryTimeout,
            ConcurrentQueries = options.ConcurrentQueries,
            ReadBack = (first, last) => log.Read(first, last),
        },
        TimeProvider.System,
        logger);

    private static EmbeddedLogStore OpenEmbedded(ServerOptions options, ILogger logger) => EmbeddedLogStore.Open(
        new EmbeddedStoreOptions
        {
            Directory = options.Data,
            Retention = options.Retention,
            QueryDeadline = options.QueryTimeout,
            ConcurrentQueries = options.ConcurrentQueries,
            SegmentRows = options.SegmentRecords,
            SealingProblemChanged = reason => SaySealing(logger, reason),
        },
        TimeProvider.System);

    private static void SaySealing(ILogger logger, string? reason)
    {
        if (reason is null)
        {
            Log.SealingWorksAgain(logger);
        }
        else
        {
            Log.SealingFails(logger, reason);
        }
    }
}
