using System.Text;
using Bitacora.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Testing.Storage;

/// <summary>What every <see cref="IStateStore"/> promises.</summary>
public abstract class StateStoreContract
{
    /// <summary>The clock that leases run by.</summary>
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>The store under test, empty.</summary>
    protected abstract IStateStore Store { get; }

    [Fact]
    public async Task A_value_is_stored_once_and_changed_only_by_who_read_its_version()
    {
        (await Store.TryPutAsync("k", Bytes("one"), 0, CancellationToken.None)).ShouldBeTrue();
        (await Store.TryPutAsync("k", Bytes("other"), 0, CancellationToken.None)).ShouldBeFalse();
        (await Store.TryPutAsync("k", Bytes("two"), 1, CancellationToken.None)).ShouldBeTrue();
        (await Store.TryPutAsync("k", Bytes("late"), 1, CancellationToken.None)).ShouldBeFalse();

        var entry = (await Store.GetAsync("k", CancellationToken.None)).ShouldNotBeNull();
        (Encoding.UTF8.GetString(entry.Value.Span), entry.Version).ShouldBe(("two", 2));
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_null_and_cannot_be_changed()
    {
        (await Store.GetAsync("none", CancellationToken.None)).ShouldBeNull();
        (await Store.TryPutAsync("none", Bytes("x"), 3, CancellationToken.None)).ShouldBeFalse();
        (await Store.TryDeleteAsync("none", 1, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_key_is_deleted_only_by_who_read_its_version()
    {
        await Store.TryPutAsync("k", Bytes("one"), 0, CancellationToken.None);

        (await Store.TryDeleteAsync("k", 2, CancellationToken.None)).ShouldBeFalse();
        (await Store.TryDeleteAsync("k", 1, CancellationToken.None)).ShouldBeTrue();
        (await Store.GetAsync("k", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Keys_of_a_prefix_are_listed_in_ordinal_order_whatever_characters_they_have()
    {
        foreach (var key in new[] { "rules/b", "rules/a", "rules/Z", "rules/%", "rules/_", "rule", "rules0", "rules/ñ" })
        {
            await Store.TryPutAsync(key, Bytes(key), 0, CancellationToken.None);
        }

        var entries = await Store.ListAsync("rules/", CancellationToken.None);

        entries.Select(entry => entry.Key).ShouldBe(["rules/%", "rules/Z", "rules/_", "rules/a", "rules/b", "rules/ñ"]);
        (await Store.ListAsync("rules/%", CancellationToken.None)).Select(entry => entry.Key).ShouldBe(["rules/%"]);
    }

    [Fact]
    public async Task A_lease_is_held_by_one_until_it_ends_or_is_given_back()
    {
        var minute = TimeSpan.FromMinutes(1);
        (await Store.TryLeaseAsync("job", "a", minute, CancellationToken.None)).ShouldBeTrue();
        (await Store.TryLeaseAsync("job", "b", minute, CancellationToken.None)).ShouldBeFalse();
        (await Store.TryLeaseAsync("job", "a", minute, CancellationToken.None)).ShouldBeTrue();

        Clock.Advance(minute + TimeSpan.FromSeconds(1));
        (await Store.TryLeaseAsync("job", "b", minute, CancellationToken.None)).ShouldBeTrue();
        await Store.ReleaseAsync("job", "a", CancellationToken.None);
        (await Store.TryLeaseAsync("job", "a", minute, CancellationToken.None)).ShouldBeFalse();

        await Store.ReleaseAsync("job", "b", CancellationToken.None);
        (await Store.TryLeaseAsync("job", "a", minute, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_lease_that_a_clock_ahead_took_is_void_when_the_clock_is_right()
    {
        var minute = TimeSpan.FromMinutes(1);
        var right = Clock.GetUtcNow();
        Clock.AdjustTime(right + TimeSpan.FromDays(3));
        (await Store.TryLeaseAsync("job", "killed", minute, CancellationToken.None)).ShouldBeTrue();

        Clock.AdjustTime(right);
        (await Store.TryLeaseAsync("job", "a", minute, CancellationToken.None)).ShouldBeTrue();
        (await Store.TryLeaseAsync("job", "b", minute, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_lease_holds_though_the_clocks_of_two_who_want_it_differ_a_little()
    {
        var minute = TimeSpan.FromMinutes(1);
        var right = Clock.GetUtcNow();
        Clock.AdjustTime(right + TimeSpan.FromSeconds(30));
        (await Store.TryLeaseAsync("job", "a", minute, CancellationToken.None)).ShouldBeTrue();

        Clock.AdjustTime(right);
        (await Store.TryLeaseAsync("job", "b", minute, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_many_writers_that_read_the_same_version_one_wins()
    {
        await Store.TryPutAsync("k", Bytes("0"), 0, CancellationToken.None);

        var won = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => Task.Run(async () => await Store.TryPutAsync("k", Bytes($"{i}"), 1, CancellationToken.None))));

        won.Count(one => one).ShouldBe(1);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
