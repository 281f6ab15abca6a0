using Bitacora.CassandraTests.Nodes;
using Bitacora.Storage;
using Bitacora.Storage.Cassandra;
using Bitacora.Testing.Storage;

namespace Bitacora.CassandraTests.Storage;

/// <summary>What every state store promises and what this one does besides, on a node of some version.</summary>
public abstract class CassandraStateStoreContract(Func<Task<IReadOnlyList<string>>> contactPoints) : StateStoreContract, IAsyncLifetime
{
    private Keyspace? _keyspace;
    private IStateStore? _store;

    protected override IStateStore Store => _store!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _keyspace = await TableKeyspace.CreateAsync(await contactPoints(), "state", "leases");
        _store = new CassandraStateStore(_keyspace.Session, _keyspace.Name, Clock);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_keyspace is not null)
        {
            await _keyspace.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_value_is_empty_or_as_large_as_allowed_and_a_deleted_key_begins_anew()
    {
        var large = new byte[1 << 20];
        Random.Shared.NextBytes(large);
        (await Store.TryPutAsync("k", large, 0, Cancel)).ShouldBeTrue();
        (await Store.GetAsync("k", Cancel)).ShouldNotBeNull().Value.ToArray().ShouldBe(large);
        (await Store.TryPutAsync("k", default, 1, Cancel)).ShouldBeTrue();
        (await Store.GetAsync("k", Cancel)).ShouldNotBeNull().Value.Length.ShouldBe(0);

        (await Store.TryDeleteAsync("k", 2, Cancel)).ShouldBeTrue();
        (await Store.ListAsync("", Cancel)).ShouldBeEmpty();
        (await Store.TryPutAsync("k", large, 2, Cancel)).ShouldBeFalse();
        (await Store.TryPutAsync("k", new byte[] { 7 }, 0, Cancel)).ShouldBeTrue();
        var entry = (await Store.ListAsync("", Cancel)).ShouldHaveSingleItem();
        (entry.Key, entry.Version, entry.Value.Span[0]).ShouldBe(("k", 1, (byte)7));
    }

    [Fact]
    public async Task A_list_of_more_entries_than_a_page_has_them_all()
    {
        var keys = Enumerable.Range(0, 150).Select(i => $"p/{i:d3}").ToArray();
        foreach (var key in keys)
        {
            await Store.TryPutAsync(key, new byte[] { 1 }, 0, Cancel);
        }

        (await Store.ListAsync("p/", Cancel)).Select(entry => entry.Key).ShouldBe(keys);
    }

    [Fact]
    public async Task Of_many_that_want_a_lease_one_gets_it()
    {
        var minute = TimeSpan.FromMinutes(1);
        var got = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => Task.Run(async () => await Store.TryLeaseAsync("job", $"{i}", minute, Cancel))));
        got.Count(one => one).ShouldBe(1);
        Clock.Advance(minute);
        got = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => Task.Run(async () => await Store.TryLeaseAsync("job", $"{i}", minute, Cancel))));
        got.Count(one => one).ShouldBe(1);
    }

    [Fact]
    public async Task A_lease_that_is_forgotten_goes_an_hour_after_its_end()
    {
        await Store.TryLeaseAsync("job", "a", TimeSpan.FromMinutes(1), Cancel);
        await Store.TryLeaseAsync("job", "a", TimeSpan.FromMinutes(2), Cancel);
        using var rows = await _keyspace!.Session.QueryAsync($"SELECT ttl(owner), ttl(until) FROM {_keyspace.Name}.leases");
        var left = new List<int>();
        foreach (var row in rows)
        {
            left.AddRange([row[0].GetInt32(), row[1].GetInt32()]);
        }

        left.Count.ShouldBe(2);
        left.ShouldAllBe(seconds => seconds > 3600 && seconds <= 3720);
    }
}
