using Bitacora.Client;

namespace Bitacora.Extensions.Logging;

/// <summary>What a destination may need of the provider that it is made for.</summary>
/// <param name="Identity">Who writes.</param>
/// <param name="Statistics">The queue's counts; null until the queue is open.</param>
/// <param name="SelfLog">Says what is wrong with delivery.</param>
/// <param name="Clock">The clock.</param>
public sealed record DestinationContext(
    LogWriterIdentity Identity, Func<LogStatistics?> Statistics, Action<string> SelfLog, TimeProvider Clock);
