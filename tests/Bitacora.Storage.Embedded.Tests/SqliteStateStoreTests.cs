using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Storage.Embedded.Tests;

public sealed class SqliteStateStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private SqliteStateStore _store;

    public SqliteStateStoreTests() => _store = SqliteStateStore.Open(_directory.Path, _time);

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_value_is_stored_only_over_the_version_that_was_read()
    {
        (await _store.TryPutAsync("a", Bytes(1), 1, Cancel)).ShouldBeFalse();
        (await _store.TryPutAsync("a", Bytes(1), 0, Cancel)).ShouldBeTrue();
        (await _store.TryPutAsync("a", Bytes(2), 0, Cancel)).ShouldBeFalse();
        (await _store.TryPutAsync("a", Bytes(2), 1, Cancel)).ShouldBeTrue();
        (await _store.TryPutAsync("a", Bytes(3), 1, Cancel)).ShouldBeFalse();
        var entry = (await _store.GetAsync("a", Cancel)).ShouldNotBeNull();
        entry.Version.ShouldBe(2);
        entry.Value.ToArray().ShouldBe([2]);
    }

    [Fact]
    public async Task A_value_outlives_the_process()
    {
        await _store.TryPutAsync("a", Bytes(1, 2), 0, Cancel);
        _store.Dispose();
        _store = SqliteStateStore.Open(_directory.Path, _time);
        (await _store.GetAsync("a", Cancel)).ShouldNotBeNull().Value.ToArray().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_deletion_asks_for_the_version_too()
    {
        await _store.TryPutAsync("a", Bytes(1), 0, Cancel);
        (await _store.TryDeleteAsync("a", 2, Cancel)).ShouldBeFalse();
        (await _store.TryDeleteAsync("a", 1, Cancel)).ShouldBeTrue();
        (await _store.GetAsync("a", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_list_has_the_keys_of_its_prefix_in_ordinal_order()
    {
        foreach (var key in (string[])["k/\uFFEE", "k/\U00010400", "k/b", "k/a", "K/c", "k%", "k_"])
        {
            (await _store.TryPutAsync(key, Bytes(), 0, Cancel)).ShouldBeTrue();
        }

        (await _store.ListAsync("k/", Cancel)).Select(entry => entry.Key).ShouldBe(["k/a", "k/b", "k/\U00010400", "k/\uFFEE"]);
    }

    [Fact]
    public async Task A_lease_is_its_owners_until_it_runs_out_or_is_released()
    {
        var minute = TimeSpan.FromMinutes(1);
        (await _store.TryLeaseAsync("l", "a", minute, Cancel)).ShouldBeTrue();
        (await _store.TryLeaseAsync("l", "b", minute, Cancel)).ShouldBeFalse();
        (await _store.TryLeaseAsync("l", "a", minute, Cancel)).ShouldBeTrue();
        await _store.ReleaseAsync("l", "b", Cancel);
        (await _store.TryLeaseAsync("l", "b", minute, Cancel)).ShouldBeFalse();
        _time.Advance(minute);
        (await _store.TryLeaseAsync("l", "b", minute, Cancel)).ShouldBeTrue();
        await _store.ReleaseAsync("l", "b", Cancel);
        (await _store.TryLeaseAsync("l", "a", minute, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_many_writers_that_read_one_version_one_wins()
    {
        await _store.TryPutAsync("a", Bytes(0), 0, Cancel);
        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => _store.TryPutAsync("a", Bytes((byte)i), 1, Cancel).AsTask())));
        won.Count(w => w).ShouldBe(1);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static byte[] Bytes(params byte[] bytes) => bytes;
}
