using Bitacora.Server.Security;
using Bitacora.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Server.Tests.Security;

/// <summary>What a server knows of keys, and for how long.</summary>
public sealed class KeyRingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bitacora-ring-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryStateStore _state;
    private readonly ApiKeys _keys;
    private volatile bool _isAway;
    private int _looks;

    public KeyRingTests()
    {
        _state = new MemoryStateStore(_clock);
        _keys = new ApiKeys(_state, _clock);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_key_that_was_made_or_revoked_is_known_as_time_goes_on()
    {
        await using var ring = await OpenAsync();
        ring.HasKeys.ShouldBeFalse();
        var (_, secret) = await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        await UntilAsync(() => ValueTask.FromResult(ring.HasKeys));
        (await ring.FindAsync(secret, Cancel)).ShouldNotBeNull().Name.ShouldBe("shop");
        await _keys.RevokeAsync("shop", Cancel);
        await UntilAsync(async () => await ring.FindAsync(secret, Cancel) is null);
        ring.HasKeys.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_that_is_shown_before_it_is_known_is_looked_for_once_a_second_at_most()
    {
        await _keys.CreateAsync("first", KeyScope.Ingest, Cancel);
        await using var ring = await OpenAsync();
        var (_, secret) = await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        (await ring.FindAsync(secret, Cancel)).ShouldBeNull("it has looked just now");
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await ring.FindAsync(secret, Cancel)).ShouldNotBeNull();
        var looks = _looks;
        for (var i = 0; i < 20; i++)
        {
            (await ring.FindAsync(Secret.New().Text, Cancel)).ShouldBeNull();
        }

        _looks.ShouldBe(looks);
    }

    [Fact]
    public async Task While_the_state_store_is_away_the_keys_known_before_stay_valid_also_after_a_restart()
    {
        var (_, secret) = await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        await using (var ring = await OpenAsync())
        {
            _isAway = true;
            var looks = _looks;
            await UntilAsync(() => ValueTask.FromResult(_looks > looks + 1));
            (await ring.FindAsync(secret, Cancel)).ShouldNotBeNull();
        }

        await using var next = await OpenAsync();
        next.IsKnown.ShouldBeTrue();
        (await next.FindAsync(secret, Cancel)).ShouldNotBeNull();
        File.ReadAllText(Path.Combine(_directory, "keys.json")).ShouldNotContain(secret);
    }

    [Fact]
    public async Task A_ring_that_never_reached_its_store_knows_nothing()
    {
        _isAway = true;
        await using var ring = await OpenAsync();
        (ring.IsKnown, ring.HasKeys).ShouldBe((false, false));
    }

    [Fact]
    public async Task Once_there_were_keys_a_store_that_has_none_any_more_opens_nothing()
    {
        await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        await using var ring = await OpenAsync();
        var entry = (await _state.GetAsync("keys/shop", Cancel))!;
        await _state.TryDeleteAsync("keys/shop", entry.Version, Cancel);
        var looks = _looks;
        await UntilAsync(() => ValueTask.FromResult(_looks > looks + 1));
        ring.HasKeys.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_opens_nothing_and_the_others_stay_what_they_are()
    {
        var (_, secret) = await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        foreach (var (name, value) in new[]
        {
            ("a", "{}"), ("b", "[]"), ("c", """{"can":"read","sender":"x","secrets":[]}"""), ("d", "null"),
        })
        {
            await _state.TryPutAsync("keys/" + name, System.Text.Encoding.UTF8.GetBytes(value), 0, Cancel);
        }

        await using var ring = await OpenAsync();
        (await ring.FindAsync(secret, Cancel)).ShouldNotBeNull();
        (await _keys.ListAsync(Cancel)).Count.ShouldBe(5);
        (await Should.ThrowAsync<ApiKeyException>(() => _keys.RotateAsync("a", Cancel))).Message.ShouldContain("cannot be read");
    }

    [Fact]
    public async Task A_store_that_never_answers_holds_neither_callers_nor_the_end()
    {
        var (_, secret) = await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        await (await OpenAsync()).DisposeAsync();
        var ring = await KeyRing.OpenAsync(
            async cancel =>
            {
                await new TaskCompletionSource().Task.WaitAsync(cancel);
                return null;
            },
            _directory, _clock, NullLogger.Instance, Cancel);
        (await ring.FindAsync(secret, Cancel)).ShouldNotBeNull("the cache has it");
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await ring.FindAsync(Secret.New().Text, Cancel)).ShouldBeNull();
        ring.Fault.ShouldNotBeNull();
        await ring.DisposeAsync();
    }

    [Fact]
    public async Task A_cache_that_could_not_be_written_is_written_when_it_can_be()
    {
        var cache = new KeyCache(_directory, NullLogger.Instance);
        var keys = new Dictionary<string, StoredKey> { ["shop"] = new("read", "0000000000000001", default, null, []) };
        Directory.CreateDirectory(Path.Combine(_directory, "keys.json"));
        cache.Write(keys);
        Directory.Delete(Path.Combine(_directory, "keys.json"));
        cache.Write(keys);
        new KeyCache(_directory, NullLogger.Instance).Read().ShouldNotBeNull().Keys.ShouldBe(["shop"]);
    }

    [Fact]
    public async Task When_a_secret_was_used_is_written_down_every_five_minutes_and_at_the_end()
    {
        var (_, secret) = await _keys.CreateAsync("shop", KeyScope.Ingest, Cancel);
        await using (var ring = await OpenAsync())
        {
            var first = _clock.GetUtcNow();
            await ring.FindAsync(secret, Cancel);
            await UntilAsync(async () => await LastUseAsync() == first);
            await ring.FindAsync(secret, Cancel);
            (await LastUseAsync()).ShouldBe(first);
        }

        (await LastUseAsync()).ShouldBe(_clock.GetUtcNow());
    }

    private async Task<DateTimeOffset?> LastUseAsync() => (await _keys.ListAsync(Cancel))[0].Secrets[0].LastUsed;

    /// <summary>Lets time pass for the ring until something is so.</summary>
    private async Task UntilAsync(Func<ValueTask<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await isSo())
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await look.WaitForNextTickAsync(patience.Token);
        }
    }

    private Task<KeyRing> OpenAsync() => KeyRing.OpenAsync(
        _ =>
        {
            Interlocked.Increment(ref _looks);
            return _isAway ? throw new IOException("the cluster is away") : new ValueTask<IStateStore?>(_state);
        },
        _directory, _clock, NullLogger.Instance, Cancel);
}
