using Bitacora.Client;

namespace Bitacora.Extensions.Logging;

/// <summary>What a destination may need of the provider that it is made for.</summary>
/// <param name="Identity">Who writes.</param>
/// <param name="Statistics">The queue's counts; null until the queue is open.</param>
/// <param name="SelfLog">Says what is wrong with delivery.</param>
/// <param name="Clock">The clock.</param>
/// <param name="TimeLeft">
/// How long the destination's <see cref="IDisposable.Dispose"/> or <see cref="IAsyncDisposable.DisposeAsync"/> may take: what the queue has
/// left of <see cref="QueueLoggerOptions.ShutdownTimeout"/>, and half a second at least.
/// </param>
public sealed record DestinationContext(
    LogWriterIdentity Identity, Func<LogStatistics?> Statistics, Action<string> SelfLog, TimeProvider Clock, Func<TimeSpan> TimeLeft);
