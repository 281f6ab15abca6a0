namespace Bitacora.Testing.Cassandra;

/// <summary>
/// Holds replies until the test lets them go, in any order. Replies released together leave in one write, hence in one segment
/// if they fit.
/// </summary>
public sealed class ReplyGate
{
    // Guards everything below.
    private readonly Lock _lock = new();
    private readonly List<HeldReply> _held = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waits = [];

    /// <summary>The requests whose replies are held, in their order of arrival.</summary>
    public IReadOnlyList<FakeRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _held.Select(held => held.Request)];
            }
        }
    }

    /// <summary>Ends when so many replies are held.</summary>
    public Task HoldsAsync(int count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((count, reached));
            CheckWaits();
            return reached.Task;
        }
    }

    /// <summary>Sends the reply that stands at this place among those held now.</summary>
    public void Release(int index = 0) => ReleaseAll(held => [held[index]]);

    /// <summary>Sends all replies held now, in the order that they are put in.</summary>
    public void ReleaseAll(Func<IReadOnlyList<HeldReply>, IEnumerable<HeldReply>>? order = null)
    {
        HeldReply[] released;
        lock (_lock)
        {
            released = [.. order is null ? _held : order(_held)];
            foreach (var held in released)
            {
                _held.Remove(held);
            }
        }

        foreach (var connection in released.GroupBy(held => held.Connection))
        {
            connection.Key.Transmit([.. connection]);
        }
    }

    internal void Hold(HeldReply held)
    {
        lock (_lock)
        {
            _held.Add(held);
            CheckWaits();
        }
    }

    private void CheckWaits()
    {
        foreach (var wait in _waits.Where(wait => _held.Count >= wait.Count).ToArray())
        {
            wait.Reached.SetResult();
            _waits.Remove(wait);
        }
    }
}
