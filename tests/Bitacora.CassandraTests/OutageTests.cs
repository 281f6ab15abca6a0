using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;

namespace Bitacora.CassandraTests;

/// <summary>Explicit: a node of a test's own that goes away or has too much to do.</summary>
public class OutageTests
{
    [Fact(Explicit = true)]
    public async Task While_the_only_node_is_away_callers_wait_and_statements_work_when_it_is_back()
    {
        await using var cluster = await CassandraCluster.StartAsync(Servers.Own());
        await using var keyspace = await Keyspace.CreateAsync(cluster.ContactPoints);
        var session = keyspace.Session;
        var insert = await session.PrepareAsync(keyspace.Insert);
        await session.ExecuteAsync(insert, new Person(0, "before"));
        // Cassandra acknowledges before its log is on disk: what was written last may be gone after SIGKILL.
        await Clock.WaitAsync(TimeSpan.FromSeconds(3));
        await cluster.KillAsync(1);
        var patient = new CqlRequestOptions { IsIdempotent = true, Timeout = TimeSpan.FromMinutes(2) };
        var waiting = Enumerable.Range(1, 500).Select(id => session.ExecuteAsync(insert, new Person(id, "x"), patient).AsTask()).ToArray();
        var impatient = patient with { Timeout = TimeSpan.FromSeconds(2) };
        var gaveUp = await Should.ThrowAsync<CqlException>(session.ExecuteAsync(insert, new Person(501, "x"), impatient).AsTask());
        gaveUp.IsTransient.ShouldBeTrue();
        gaveUp.Message.ShouldContain(cluster.ContactPoints[0]);

        await cluster.LaunchAsync(1);
        await Task.WhenAll(waiting);
        (await keyspace.IdsAsync($"SELECT id FROM {keyspace.Table}")).Order().ShouldBe(Enumerable.Range(0, 501));
    }

    [Fact(Explicit = true)]
    public async Task A_node_with_little_room_for_requests_slows_its_clients_down_or_refuses_as_they_wish()
    {
        const string LittleRoom = """
            native_transport_receive_queue_capacity: 16KiB
            native_transport_max_request_data_in_flight_per_ip: 64KiB
            native_transport_max_request_data_in_flight: 64KiB
            """;
        await using var cluster = await CassandraCluster.StartAsync(Servers.Own(), yaml: LittleRoom);
        (await CountRefusedAsync(cluster, refuse: false)).ShouldBe(0);
        (await CountRefusedAsync(cluster, refuse: true)).ShouldBeGreaterThan(0);
    }

    private static async Task<int> CountRefusedAsync(CassandraCluster cluster, bool refuse)
    {
        await using var keyspace = await Keyspace.CreateAsync(
            cluster.ContactPoints, options => options with { RefuseWhenOverloaded = refuse, MaxBytesInFlight = 64 << 20 });
        var insert = await keyspace.Session.PrepareAsync(keyspace.Insert);
        var large = new string('x', 20_000);
        var options = new CqlRequestOptions { Timeout = TimeSpan.FromMinutes(1) };
        var inserts = Enumerable.Range(0, 2_000)
            .Select(id => keyspace.Session.ExecuteAsync(insert, new Person(id, large), options).AsTask()).ToArray();
        var refused = 0;
        foreach (var task in inserts)
        {
            try
            {
                await task;
            }
            catch (CqlException fault)
            {
                refused++;
                fault.IsTransient.ShouldBeTrue();
                fault.Message.ShouldContain(nameof(CqlErrorCode.Overloaded));
            }
        }

        // What was refused was not executed, and what was not refused was.
        (await keyspace.IdsAsync($"SELECT id FROM {keyspace.Table}", new() { PageSize = 100 })).Count.ShouldBe(inserts.Length - refused);
        return refused;
    }
}
