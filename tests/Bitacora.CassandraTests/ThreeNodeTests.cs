using System.Diagnostics;
using System.Globalization;
using Bitacora.CassandraTests.Nodes;
using Bitacora.Cql;

namespace Bitacora.CassandraTests;

/// <summary>Explicit: three nodes start in half a minute, and each test waits for one that comes back.</summary>
public sealed class ThreeNodeTests(ThreeNodes nodes) : IClassFixture<ThreeNodes>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly CqlRequestOptions Repeatable = new() { IsIdempotent = true, Timeout = TimeSpan.FromSeconds(30) };

    [Fact(Explicit = true)]
    public async Task A_request_goes_to_the_node_that_owns_its_token()
    {
        var cluster = await nodes.StartedAsync();
        await using var keyspace = await Keyspace.CreateAsync(cluster.ContactPoints);
        await AllConnectedAsync(keyspace.Session);
        var owners = await OwnersAsync(keyspace.Session);
        var insert = await keyspace.Session.PrepareAsync(keyspace.Insert);

        // Where the new keyspace's replicas are is read about a second after it was made.
        var id = 0;
        var went = "";
        for (var (right, start) = (0, Stopwatch.GetTimestamp()); right < 20; right = await GoesToOwnerAsync() ? right + 1 : 0)
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience);
        }

        for (var last = id + 200; id < last;)
        {
            var before = Connections();
            (await GoesToOwnerAsync()).ShouldBeTrue($"id {id}; connections before {before}, after {Connections()}; {went}");
        }

        async Task<bool> GoesToOwnerAsync()
        {
            id++;
            string coordinator;
            using (var coordinators = new Coordinators("cql execute"))
            {
                await keyspace.Session.ExecuteAsync(insert, new Person(id, "x"));
                coordinator = coordinators.Addresses.ShouldHaveSingleItem();
            }

            using var result = await keyspace.Session.QueryAsync($"SELECT token(id) FROM {keyspace.Table} WHERE id = {id}");
            var owner = Owner(owners, FirstToken(result));
            went = $"went to {coordinator}, belongs to {owner}";
            return coordinator == owner;
        }

        string Connections() => string.Join(", ", keyspace.Session.Nodes.Select(node => $"{node.EndPoint}: {node.Connections}"));
    }

    [Fact(Explicit = true)]
    public async Task A_node_that_is_killed_under_load_costs_no_request_and_gets_its_share_again()
    {
        var cluster = await nodes.StartedAsync();
        await using var keyspace = await Keyspace.CreateAsync(cluster.ContactPoints, replicas: 3);
        await AllConnectedAsync(keyspace.Session);
        await using var load = await Load.StartAsync(keyspace, Repeatable);
        await load.WrittenAsync(2_000);
        await cluster.KillAsync(2);
        await load.WrittenAsync(5_000);
        await cluster.LaunchAsync(2);
        await AllConnectedAsync(keyspace.Session);
        using (var coordinators = new Coordinators("cql execute"))
        {
            for (var start = Stopwatch.GetTimestamp(); coordinators.Addresses.Distinct().Count() < 3;)
            {
                Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience);
                await load.WrittenAsync(500);
            }
        }

        await load.StopAndCheckAsync();
    }

    [Fact(Explicit = true)]
    public async Task A_node_that_is_paused_for_two_seconds_under_twenty_thousand_inserts_fails_none()
    {
        var cluster = await nodes.StartedAsync();
        await using var keyspace = await Keyspace.CreateAsync(cluster.ContactPoints, replicas: 3);
        await AllConnectedAsync(keyspace.Session);
        var insert = await keyspace.Session.PrepareAsync(keyspace.Insert);
        await cluster.PauseAsync(3);
        // Without a client's repetition: the node has them, and answers when it goes on.
        var options = new CqlRequestOptions { Timeout = TimeSpan.FromSeconds(60) };
        var inserts = Enumerable.Range(0, 20_000)
            .Select(id => keyspace.Session.ExecuteAsync(insert, new Person(id, "x"), options).AsTask()).ToArray();
        await Clock.WaitAsync(TimeSpan.FromSeconds(2));
        await cluster.ResumeAsync(3);
        await Task.WhenAll(inserts).WaitAsync(Patience);
        (await keyspace.IdsAsync($"SELECT id FROM {keyspace.Table}")).Order().ShouldBe(Enumerable.Range(0, 20_000));
    }

    [Fact(Explicit = true)]
    public async Task Reading_goes_on_when_a_node_dies_between_two_pages_at_the_latest_from_the_page_that_nobody_could_give()
    {
        var cluster = await nodes.StartedAsync();
        await using var keyspace = await Keyspace.CreateAsync(cluster.ContactPoints, replicas: 3);
        await AllConnectedAsync(keyspace.Session);
        var insert = await keyspace.Session.PrepareAsync(keyspace.Insert);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(id => keyspace.Session.ExecuteAsync(insert, new Person(id, "x")).AsTask()));
        var select = await keyspace.Session.PrepareAsync($"SELECT id FROM {keyspace.Table}");
        var ids = new List<int>();
        var options = Repeatable with { PageSize = 50 };
        const int Victim = 3;
        for (var (hasMore, start) = (true, Stopwatch.GetTimestamp()); hasMore;)
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience);
            try
            {
                await foreach (var page in keyspace.Session.ReadPagesAsync(select, default(NoValues), options))
                {
                    var isFirst = ids.Count == 0;
                    ids.AddRange(Keyspace.Ids(page));
                    (hasMore, options) = (page.HasMorePages, options with { PagingState = page.PagingState.ToArray() });
                    if (isFirst)
                    {
                        await cluster.KillAsync(Victim);
                    }
                }
            }
            catch (CqlException failure) when (ids.Count > 0)
            {
                // Cassandra asks a dead replica until its failure detector has spoken, some twenty seconds: longer than three attempts.
                failure.IsTransient.ShouldBeTrue(failure.ToString());
            }
        }

        ids.Order().ShouldBe(Enumerable.Range(0, 500));
        await cluster.LaunchAsync(Victim);
        await AllConnectedAsync(keyspace.Session);
    }

    [Fact(Explicit = true)]
    public async Task The_schema_is_agreed_on_with_a_node_away_and_the_node_learns_it_when_it_comes_back()
    {
        var cluster = await nodes.StartedAsync();
        await using var keyspace = await Keyspace.CreateAsync(cluster.ContactPoints, replicas: 3);
        await AllConnectedAsync(keyspace.Session);
        await cluster.KillAsync(2);
        await UntilAsync(() => keyspace.Session.Nodes.Count(node => node.Connections > 0) == 2);
        await keyspace.CreateTableAsync("later", "id int PRIMARY KEY, name text");
        (await keyspace.Session.WaitForSchemaAgreementAsync()).ShouldBeTrue();
        var insert = await keyspace.Session.PrepareAsync($"INSERT INTO {keyspace.Name}.later (id, name) VALUES (?, ?)");
        await keyspace.Session.ExecuteAsync(insert, new Person(1, "x"), Repeatable);

        await cluster.LaunchAsync(2);
        await AllConnectedAsync(keyspace.Session);
        (await keyspace.Session.WaitForSchemaAgreementAsync()).ShouldBeTrue();
        // Statements that it never saw are prepared there before it gets requests, or when it says that it does not know them.
        await Task.WhenAll(Enumerable.Range(2, 300).Select(
            id => keyspace.Session.ExecuteAsync(insert, new Person(id, "x"), Repeatable).AsTask()));
        (await keyspace.IdsAsync($"SELECT id FROM {keyspace.Name}.later")).Count.ShouldBe(301);
    }

    private static Task AllConnectedAsync(CqlSession session) => UntilAsync(() => session.Nodes.Count(node => node.Connections > 0) == 3);

    private static async Task UntilAsync(Func<bool> holds)
    {
        var start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience);
            await Clock.WaitAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    private static async Task<(long Token, string Address)[]> OwnersAsync(CqlSession session)
    {
        // Any node may answer, each time another one: local of one and peers of another leave out the other itself.
        var owners = new HashSet<(long Token, string Address)>();
        for (var start = Stopwatch.GetTimestamp(); owners.DistinctBy(owner => owner.Address).Count() < 3;)
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience);
            foreach (var (table, address) in new[] { ("local", "rpc_address"), ("peers_v2", "native_address") })
            {
                using var result = await session.QueryAsync($"SELECT {address}, tokens FROM system.{table}", Local);
                foreach (var row in result)
                {
                    var node = $"{row[address].GetInet()}:9042";
                    foreach (var token in row["tokens"].GetList())
                    {
                        owners.Add((long.Parse(token.GetText()!, CultureInfo.InvariantCulture), node));
                    }
                }
            }
        }

        return [.. owners.OrderBy(owner => owner.Token)];
    }

    private static CqlRequestOptions Local => new() { Consistency = Consistency.One };

    private static string Owner((long Token, string Address)[] owners, long token) =>
        owners.FirstOrDefault(owner => owner.Token >= token, owners[0]).Address;

    private static long FirstToken(CqlResult result)
    {
        using var rows = result.GetEnumerator();
        rows.MoveNext().ShouldBeTrue();
        return rows.Current[0].GetInt64();
    }
}
