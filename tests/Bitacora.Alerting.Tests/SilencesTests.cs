using Bitacora.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Alerting.Tests;

public class SilencesTests
{
    private readonly FakeTimeProvider _clock = new(AlertWorld.Start);
    private readonly Silences _silences;

    public SilencesTests() => _silences = new Silences(new MemoryStateStore(_clock), _clock);

    [Fact]
    public async Task A_silence_says_who_why_and_until_and_ends_by_itself()
    {
        await AddAsync("errors", 5);
        (await ListAsync()).ShouldBe([new Silence("errors", "ana", "deploy", AlertWorld.Start.AddMinutes(5), AlertWorld.Start)]);
        _clock.Advance(TimeSpan.FromMinutes(5));
        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_silence_of_a_rule_replaces_the_first_and_can_be_ended()
    {
        await AddAsync("errors", 5);
        await AddAsync("errors", 9);
        (await ListAsync()).ShouldHaveSingleItem().Until.ShouldBe(AlertWorld.Start.AddMinutes(9));
        (await _silences.RemoveAsync("errors", CancellationToken.None)).ShouldBeTrue();
        (await _silences.RemoveAsync("errors", CancellationToken.None)).ShouldBeFalse();
        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_a_silence_with_a_reason_and_an_end_to_come_is_taken()
    {
        await Should.ThrowAsync<ArgumentException>(() => AddAsync("errors", 0));
        await Should.ThrowAsync<ArgumentException>(() =>
            _silences.AddAsync("errors", "ana", " ", AlertWorld.Start.AddMinutes(5), CancellationToken.None));
        (await ListAsync()).ShouldBeEmpty();
    }

    private Task<Silence> AddAsync(string rule, int minutes) =>
        _silences.AddAsync(rule, "ana", "deploy", AlertWorld.Start.AddMinutes(minutes), CancellationToken.None);

    private Task<IReadOnlyList<Silence>> ListAsync() => _silences.ListAsync(CancellationToken.None);
}
