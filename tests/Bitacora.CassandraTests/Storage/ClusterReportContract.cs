using System.Diagnostics;
using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;
using Bitacora.Storage.Cassandra;

namespace Bitacora.CassandraTests.Storage;

/// <summary>What a node of some version says about itself, against what is known of it otherwise.</summary>
public abstract class ClusterReportContract(Func<Task<IReadOnlyList<string>>> contactPoints)
{
    private const int Batches = 3;
    private const int RowsPerBatch = 2_000;
    private const int RowBytes = 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_says_who_it_is_that_it_is_up_and_when_its_writes_are_on_disk()
    {
        await using var keyspace = await Keyspace.CreateAsync(await contactPoints());
        var known = keyspace.Session.Nodes.ShouldHaveSingleItem();

        var report = await ClusterReport.ReadAsync(keyspace.Session, keyspace.Name, TimeProvider.System, Cancel);

        var node = report.Nodes.ShouldHaveSingleItem();
        node.Fault.ShouldBeNull();
        (node.HostId, node.Address, node.ReleaseVersion).ShouldBe((known.HostId, $"{known.EndPoint}", known.ReleaseVersion));
        node.Peers.ShouldHaveSingleItem().ShouldBe(new PeerReport(known.HostId, $"{known.EndPoint}", true, "NORMAL", null));
        node.CommitLog.ShouldBe(new CommitLogReport("periodic", 1000));
        node.PendingCompactions.ShouldBeGreaterThanOrEqualTo(0);
        node.Tables.ShouldHaveSingleItem().Name.ShouldBe("t");
    }

    [Fact]
    public async Task Sizes_are_mebibytes_and_latencies_milliseconds()
    {
        await using var keyspace = await Keyspace.CreateAsync(await contactPoints());
        // Nothing but this has a node flush at a client's wish.
        await keyspace.Session.QueryAsync(
            $"CREATE TABLE {keyspace.Name}.b (partition int, id int, bytes blob, PRIMARY KEY (partition, id)) " +
            "WITH memtable_flush_period_in_ms = 1000", null, Cancel);
        var slowest = await WriteAsync(keyspace);

        var patience = Stopwatch.StartNew();
        var table = await ReadTableAsync(keyspace);
        while (table.DiskMebibytes < 5 || table.LargestPartitionMebibytes < 5)
        {
            patience.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(1), $"{table}");
            table = await ReadTableAsync(keyspace);
        }

        // 5.9 MiB of random bytes were written, into one partition.
        table.DiskMebibytes.ShouldBeInRange(5, 8);
        table.LargestPartitionMebibytes.ShouldBeInRange(5, 8);
        (table.Writes, table.CoordinatedWrites).ShouldBe((Batches, Batches));
        // Of three the 99th percentile is the slowest, rounded up to the next of the histogram's steps of 20 %. The client saw it last
        // longer, but not by so much as a thousand times.
        table.CoordinatorWriteP99Milliseconds.ShouldBeInRange(slowest / 50, (slowest * 1.2) + 1, $"the client's slowest: {slowest} ms");
        table.LocalWriteP99Milliseconds.ShouldBeInRange(0, table.CoordinatorWriteP99Milliseconds + 1);
    }

    [Fact]
    public async Task The_clusters_clock_is_this_machines_and_its_commit_log_is_known()
    {
        await using var keyspace = await Keyspace.CreateAsync(await contactPoints());
        var facts = await ClusterFacts.ReadAsync(keyspace.Session, TimeProvider.System, Cancel);
        facts.ClockOffset.Duration().ShouldBeLessThan((facts.RoundTrip / 2) + TimeSpan.FromMilliseconds(10));
        facts.CommitLog.ShouldBe(new CommitLogReport("periodic", 1000));
        facts.ResendWindow.ShouldBe(TimeSpan.FromSeconds(20));
        facts.ReleaseVersions.ShouldBe([keyspace.Session.Nodes[0].ReleaseVersion]);
    }

    private static async Task<TableReport> ReadTableAsync(Keyspace keyspace)
    {
        var report = await ClusterReport.ReadAsync(keyspace.Session, keyspace.Name, TimeProvider.System, Cancel);
        return report.Nodes.ShouldHaveSingleItem().Tables.Single(table => table.Name == "b");
    }

    /// <returns>How long the slowest write took, in milliseconds.</returns>
    private static async Task<double> WriteAsync(Keyspace keyspace)
    {
        var insert = await keyspace.Session.PrepareAsync($"INSERT INTO {keyspace.Name}.b (partition, id, bytes) VALUES (?, ?, ?)", Cancel);
        using var batch = new UnloggedBatch();
        var slowest = 0.0;
        for (var i = 0; i < Batches; i++)
        {
            batch.Clear();
            for (var row = 0; row < RowsPerBatch; row++)
            {
                batch.Add(insert, new RandomRow((i * RowsPerBatch) + row));
            }

            var start = Stopwatch.GetTimestamp();
            await keyspace.Session.ExecuteAsync(batch, new CqlRequestOptions { Timeout = TimeSpan.FromMinutes(1) }, Cancel);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return slowest;
    }

    private readonly struct RandomRow(int id) : ICqlValues
    {
        public void WriteTo(ref ValueWriter writer)
        {
            Span<byte> bytes = stackalloc byte[RowBytes];
            new Random(id).NextBytes(bytes);
            writer.WriteInt32(1);
            writer.WriteInt32(id);
            writer.WriteBlob(bytes);
        }
    }
}
