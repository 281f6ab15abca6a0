namespace Bitacora.Testing.Cassandra;

/// <summary>Every request that a node has decoded, oldest first. Safe for all threads.</summary>
public sealed class RequestLog
{
    // Guards everything below.
    private readonly Lock _lock = new();
    private readonly List<FakeRequest> _requests = [];
    private readonly List<Wait> _waits = [];

    public IReadOnlyList<FakeRequest> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public IReadOnlyList<FakeRequest> Of(MessageKind kind) => [.. All.Where(request => request.Kind == kind)];

    /// <summary>Requests of this text: QUERY, PREPARE and EXECUTE alike.</summary>
    public IReadOnlyList<FakeRequest> Of(string cql) => [.. All.Where(request => request.Cql == cql)];

    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    /// <summary>Ends when so many requests of this kind are in the log.</summary>
    public Task ReceivesAsync(MessageKind kind, int count = 1) => ReceivesAsync(request => request.Kind == kind, count);

    /// <summary>Ends when so many requests that fit are in the log.</summary>
    public Task ReceivesAsync(Func<FakeRequest, bool> fits, int count = 1)
    {
        lock (_lock)
        {
            var wait = new Wait(fits, count - _requests.Count(fits));
            if (wait.Missing <= 0)
            {
                return Task.CompletedTask;
            }

            _waits.Add(wait);
            return wait.Reached.Task;
        }
    }

    internal void Add(FakeRequest request)
    {
        lock (_lock)
        {
            _requests.Add(request);
            foreach (var wait in _waits.Where(wait => wait.Fits(request) && --wait.Missing == 0).ToArray())
            {
                wait.Reached.SetResult();
                _waits.Remove(wait);
            }
        }
    }

    private sealed class Wait(Func<FakeRequest, bool> fits, int missing)
    {
        public Func<FakeRequest, bool> Fits => fits;

        public int Missing { get; set; } = missing;

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
