namespace Bitacora.Cql.Sessions;

/// <summary>Tells everybody who waits for a node that there may be one.</summary>
internal sealed class AvailabilitySignal
{
    private volatile TaskCompletionSource _next = New();

    /// <summary>Ends with the next change. Take it before looking, wait after.</summary>
    public Task Changed => _next.Task;

    public void Raise()
    {
        var current = _next;
        _next = New();
        current.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
