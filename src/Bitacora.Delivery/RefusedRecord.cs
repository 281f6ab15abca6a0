namespace Bitacora.Delivery;

/// <summary>A record that a destination took with its batch and will never store.</summary>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Reason">Why; the reason stands beside the dead letter.</param>
public sealed record RefusedRecord(int Index, string Reason)
{
    /// <summary>For a destination that has the whole batch already: complete, and nothing was refused.</summary>
    public static Task<IReadOnlyList<RefusedRecord>> None { get; } = Task.FromResult<IReadOnlyList<RefusedRecord>>([]);
}
