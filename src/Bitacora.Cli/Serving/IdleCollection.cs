namespace Bitacora.Cli.Serving;

/// <summary>
/// Gives memory back after a burst. While records stream in the collector keeps room for more; when they stop nothing allocates, so it
/// would not look again, and what it kept would stay with a server that idles most of the time. Conserving memory all the time instead
/// (<c>System.GC.ConserveMemory</c>) costs a tenth of the processor time of ingesting.
/// </summary>
internal sealed class IdleCollection : IDisposable
{
    /// <summary>Allocations of so many bytes in a period are a burst; a thousand records a second are not.</summary>
    private const long Busy = 64 << 20;

    /// <summary>Below so many bytes in a period nobody is there whom a collection could hold up.</summary>
    private const long Idle = 2 << 20;

    private readonly Func<long> _allocated;
    private readonly Action _collect;
    private readonly ITimer _timer;
    private long _before;
    private bool _isDue;

    /// <param name="clock">Counts the periods.</param>
    /// <param name="allocated">How many bytes were allocated so far.</param>
    /// <param name="collect">Collects garbage and gives memory back.</param>
    public IdleCollection(TimeProvider clock, Func<long> allocated, Action collect)
    {
        (_allocated, _collect) = (allocated, collect);
        _before = allocated();
        _timer = clock.CreateTimer(_ => Look(), null, Period, Period);
    }

    /// <summary>How often it looks.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromSeconds(5);

    /// <summary>That of this process.</summary>
    public static IdleCollection Start(TimeProvider clock) => new(
        clock,
        () => GC.GetTotalAllocatedBytes(),
        () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = _allocated();
        var last = now - _before;
        _before = now;
        _isDue |= last > Busy;
        if (_isDue && last < Idle)
        {
            _isDue = false;
            _collect();
        }
    }
}
