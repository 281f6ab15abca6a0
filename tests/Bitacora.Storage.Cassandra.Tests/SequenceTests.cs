using Bitacora.Cql;
using Bitacora.Delivery;
using Bitacora.Records;
using Bitacora.Storage.Cassandra.Writing;
using Bitacora.Testing.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bitacora.Storage.Cassandra.Tests;

public sealed class SequenceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bitacora-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task New_batches_come_behind_those_that_were_being_written_though_the_log_is_lost()
    {
        var batch = new TestBatches(TimeProvider.System).Of(new TestRecord(RecordTime.Now(TimeProvider.System), "m"));
        using (var journal = GroupJournal.Open(_directory))
        {
            var group = new RecordGroup { Timestamp = 111 };
            _ = group.Add(batch, 5);
            _ = group.Add(batch, 9);
            journal.Add(group);
        }

        var options = new CassandraStoreOptions
        {
            Cluster = new CqlOptions { ContactPoints = ["127.0.0.1:1"] },
            Directory = _directory,
        };
        await using var store = CassandraLogStore.Open(options, TimeProvider.System, NullLogger.Instance);
        IBatchDestination destination = store;
        destination.DurableThrough.ShouldBe(0UL);
        destination.UsedThrough.ShouldBe(9UL);
    }
}
