using System.Threading.Tasks.Sources;

namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>Wakes one waiting loop, on the caller's thread; signals that nobody waits for are kept as one. Allocates nothing.</summary>
internal sealed class Signal : IValueTaskSource
{
    private const int Idle = 0, Waiting = 1, Set = 2;
    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
        {
            return new ValueTask(this, _core.Version);
        }

        Volatile.Write(ref _state, Idle);
        return default;
    }

    public void Raise()
    {
        if (Interlocked.Exchange(ref _state, Set) == Waiting)
        {
            Volatile.Write(ref _state, Idle);
            _core.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
