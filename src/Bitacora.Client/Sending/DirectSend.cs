using Bitacora.Delivery;

namespace Bitacora.Client.Sending;

/// <summary>One request of the direct lane.</summary>
internal sealed record DirectSend(Task<IReadOnlyList<RefusedRecord>> Task, CancellationTokenSource Cancellation, long SentAt, bool IsProbe);
