using Bitacora.Testing.Storage;

namespace Bitacora.Storage.Embedded.Tests;

public sealed class SqliteStateStoreTests : StateStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteStateStore _store;

    public SqliteStateStoreTests() => _store = SqliteStateStore.Open(_directory.Path, Clock);

    protected override IStateStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_value_outlives_the_process()
    {
        await _store.TryPutAsync("a", Bytes(1, 2), 0, Cancel);
        _store.Dispose();
        _store = SqliteStateStore.Open(_directory.Path, Clock);
        (await _store.GetAsync("a", Cancel)).ShouldNotBeNull().Value.ToArray().ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_list_is_in_ordinal_order_and_its_prefix_no_pattern()
    {
        foreach (var key in (string[])["k/\uFFEE", "k/\U00010400", "k/b", "k/a", "K/c", "k%", "k_"])
        {
            (await _store.TryPutAsync(key, Bytes(), 0, Cancel)).ShouldBeTrue();
        }

        (await _store.ListAsync("k/", Cancel)).Select(entry => entry.Key).ShouldBe(["k/a", "k/b", "k/\U00010400", "k/\uFFEE"]);
        (await _store.ListAsync("k%", Cancel)).Select(entry => entry.Key).ShouldBe(["k%"]);
    }

    [Fact]
    public async Task Of_many_writers_that_read_one_version_one_wins()
    {
        await _store.TryPutAsync("a", Bytes(0), 0, Cancel);
        var writers = Enumerable.Range(0, 20).Select(i => Task.Run(() => _store.TryPutAsync("a", Bytes((byte)i), 1, Cancel).AsTask()));
        var won = await Task.WhenAll(writers);
        won.Count(w => w).ShouldBe(1);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static byte[] Bytes(params byte[] bytes) => bytes;
}
