using Bitacora.Delivery;

namespace Bitacora.Client.Spooling;

/// <summary>A batch on its way into a slow lane's write-ahead log.</summary>
/// <param name="Lane">Whose.</param>
/// <param name="Task">Completes when it is there.</param>
/// <param name="IsAdopted">Whether another process left it.</param>
internal sealed record SlowHand(SlowLane Lane, Task<AcceptResult> Task, bool IsAdopted);
