using Bitacora.Cli.Serving;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Cli.Tests;

/// <summary>When a server gives memory back.</summary>
public sealed class IdleCollectionTests : IDisposable
{
    private const long Mebibyte = 1 << 20;

    private readonly FakeTimeProvider _clock = new();
    private readonly IdleCollection _idle;
    private long _allocated;
    private int _collected;

    public IdleCollectionTests() => _idle = new IdleCollection(_clock, () => _allocated, () => _collected++);

    [Fact]
    public void After_a_burst_memory_is_given_back_once()
    {
        Pass(500 * Mebibyte);
        Assert.Equal(0, _collected);
        Pass(Mebibyte);
        Assert.Equal(1, _collected);
        Pass(Mebibyte);
        Pass(0);
        Assert.Equal(1, _collected);
        Pass(500 * Mebibyte);
        Pass(0);
        Assert.Equal(2, _collected);
    }

    [Fact]
    public void While_records_still_come_nobody_is_held_up()
    {
        Pass(500 * Mebibyte);
        for (var i = 0; i < 100; i++)
        {
            Pass(10 * Mebibyte);
        }

        Assert.Equal(0, _collected);
        Pass(0);
        Assert.Equal(1, _collected);
    }

    [Fact]
    public void Without_a_burst_there_is_nothing_to_give_back()
    {
        for (var i = 0; i < 100; i++)
        {
            Pass(i % 2 == 0 ? 10 * Mebibyte : 0);
        }

        Assert.Equal(0, _collected);
    }

    public void Dispose() => _idle.Dispose();

    private void Pass(long bytes)
    {
        _allocated += bytes;
        _clock.Advance(IdleCollection.Period);
    }
}
